// Random lives of one approval team, whose members answer as they like while Pulumi runs with faults. Nothing is lost, no
// session is opened without a change, and members who have said no are not asked again by a program that runs again.

import fc from "fast-check";
import { mpa } from "pulumi-aws-approvals";
import type { ApprovalTeam, Session } from "../../src/emulator";
import { OWNER_TAG, parseOwner } from "../../src/resources/mpa/ownership";
import type { StackFault } from "../../src/testing";
import { SECRET_KEY, SOURCE_ARN } from "./awsFixture";
import { integrityErrors } from "./integrity";
import { testLives } from "./testLives";
import { faultsOf, type Operation, PLAIN, runsOf, VotingLife } from "./votingLife";

interface Declaration {
  description: string;
  threshold: number;
  people: string[];
  version: string;
  isNamed: boolean;
  generation: number;
}

type Event =
  | { kind: "declare"; team: Declaration }
  | { kind: "remove" }
  | { kind: "people"; does: "agree" | "reject" | "nothing for a day" | "cancel" }
  | { kind: "run"; operation: Operation; faults: StackFault[] };

const declaration = fc.record<Declaration>(
  {
    description: fc.constantFrom("Decides about restores", "Decides about all of it"),
    threshold: fc.constantFrom(1, 2),
    people: fc.constantFrom(["alice", "bob", "carol"], ["carol", "alice", "bob"], ["alice", "bob", "dave"]),
    version: fc.constantFrom("$DEFAULT", "$DEFAULT", "1"),
    isNamed: fc.boolean(),
    generation: fc.constantFrom(1, 1, 2),
  },
  PLAIN,
);
const OPERATIONS = ["CreateApprovalTeam", "UpdateApprovalTeam", "StartActiveApprovalTeamDeletion"];
const operation = fc.constantFrom(...OPERATIONS.map((name) => `mpa:${name}`), "mpa:TagResource", "mpa:*");
const run = runsOf(
  fc.constantFrom<Operation>("up", "up", "up", "preview", "refresh", "destroy"),
  faultsOf(operation),
);
const people = fc.record(
  {
    kind: fc.constant("people" as const),
    does: fc.constantFrom("agree", "agree", "reject", "nothing for a day", "cancel"),
  },
  PLAIN,
) as fc.Arbitrary<Event>;
const declare = fc.record({ kind: fc.constant("declare" as const), team: declaration }, PLAIN);
const life: fc.Arbitrary<Event[]> = fc
  .tuple(
    declare,
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: declare },
        { weight: 1, arbitrary: fc.constant<Event>({ kind: "remove" }) },
        { weight: 6, arbitrary: people },
        { weight: 10, arbitrary: run },
      ),
      { minLength: 5, maxLength: 16, size: "max" },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);

const SOURCE_INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";
const isDeletion = ({ actionName }: Session) => actionName.includes("Deletion");
const wasRejected = ({ statusCode }: Session) => statusCode === "REJECTED";

class TeamLife extends VotingLife {
  private declared: Declaration | undefined;
  private lostAnswers = 0;
  private adopts = false;
  private readonly recordedIds = new Set<string>();
  /** What the stack asked of a team last, as long as the program has not changed since. */
  private readonly asked = new Map<string, { key: string; session: Session; isRecorded: boolean }>();

  protected declare(): void {
    if (this.declared === undefined) return;
    const { description, threshold, people: members, version, isNamed, generation } = this.declared;
    new mpa.ApprovalTeam(`team-${this.sequence}`, {
      ...(this.adopts && { adopt: true }),
      ...(isNamed && { name: `ops-${this.sequence}` }),
      ...{ description, generation },
      approvalStrategy: { mOfN: { minApprovalsRequired: threshold } },
      approvers: members.map((primaryIdentityId) => ({
        primaryIdentityId,
        primaryIdentitySourceArn: SOURCE_ARN,
      })),
      policies: [{ policyArn: `${POLICY}/${version}` }],
    });
  }

  async play(events: readonly Event[]): Promise<void> {
    this.fixture.deleteAll();
    await this.fixture.createSource(SOURCE_INSTANCE);
    this.sequence++;
    this.lostAnswers = 0;
    this.adopts = false;
    this.fixture.approversAgree = false;
    this.declared = undefined;
    this.asked.clear();
    for (const event of events) await this.apply(event);
    await this.finish();
  }

  private async apply(event: Event): Promise<void> {
    if (event.kind === "declare") this.declared = event.team;
    else if (event.kind === "remove") this.declared = undefined;
    else if (event.kind === "people") await this.answer(event.does);
    else {
      this.inject(event.faults);
      if (event.faults.some(losesAnswer)) this.lostAnswers++;
      await this.run(event.operation);
      this.stack.clearFaults();
    }
  }

  private async answer(does: Extract<Event, { kind: "people" }>["does"]): Promise<void> {
    if (does === "agree") this.fixture.agree();
    else if (does === "nothing for a day") this.fixture.clock.advance("25h");
    else {
      for (const session of this.sessions().filter(({ status }) => status === "PENDING")) {
        if (does === "cancel") await this.fixture.mpa("PUT", `/sessions/${encodeURIComponent(session.arn)}`);
        else this.reject(session);
      }
    }
  }

  private teams = (): ApprovalTeam[] => [...this.fixture.emulator.store.approvalTeams.values()];

  private async run(operationName: Operation): Promise<Error | undefined> {
    this.fixture.clock.advance("2s");
    const before = new Map(this.teams().map((team) => [team.arn, valuesOf(team)]));
    const sessionsBefore = this.sessions();
    const key = `${this.declaredValues()} ${this.declared?.generation}`;
    if (operationName === "up")
      for (const [arn, known] of this.asked) if (known.key !== key) this.asked.delete(arn);
    const error = await this.operate(operationName);
    this.expectNothingLost();
    if (operationName === "up" && !error && this.declared) this.expectMarked();
    const opened = this.sessions().filter((session) => !sessionsBefore.includes(session));
    if (operationName === "preview" || operationName === "refresh") expect(opened).toEqual([]);
    for (const session of opened) {
      this.expectReason(session, before, sessionsBefore);
      if (isDeletion(session)) continue;
      this.expectNotRefused(session);
      const isRecorded =
        this.stack.resource(`team-${this.sequence}`).outputs["updateSessionArn"] === session.arn;
      this.asked.set(session.team.arn, { key, session, isRecorded });
    }
    if (error?.message.includes("another change is waiting")) this.expectAnotherChange();
    return error;
  }

  /** Whatever AWS has is in the state, but for creates whose answers were lost. */
  private expectNothingLost(): void {
    for (const { id } of this.stack.exportState().deployment.resources ?? []) this.recordedIds.add(id ?? "");
    const lost = this.teams().filter(({ arn }) => !this.recordedIds.has(arn));
    expect(lost.length).toBeLessThanOrEqual(this.lostAnswers);
  }

  /** After an up, AWS names the state as the owner, and nobody else can take the team for theirs. */
  private expectMarked(): void {
    const { id, outputs } = this.stack.resource(`team-${this.sequence}`);
    const team = this.fixture.emulator.store.approvalTeams.get(id);
    // One that a killed destroy has deleted, only a refresh misses.
    if (team) expect(parseOwner(team.tags.get(OWNER_TAG))?.id).toBe(outputs["ownershipId"]);
  }

  /** What waits already is what the program wants: that is no error. */
  private expectAnotherChange(): void {
    const waiting = this.teams().flatMap(({ draft }) => (draft ? [valuesOf(draft)] : []));
    expect(waiting.some((values) => values !== this.declaredValues())).toBe(true);
  }

  private declaredValues(): string | undefined {
    if (this.declared === undefined) return undefined;
    const { description, threshold, people: members } = this.declared;
    return JSON.stringify([description, threshold, [...members].sort()]);
  }

  /** A session is opened for a change, and never again for a deletion that the members have rejected. */
  private expectReason(session: Session, before: ReadonlyMap<string, string>, earlier: Session[]): void {
    const ofTeam = earlier.filter(({ team }) => team === session.team);
    expect(ofTeam.filter(({ status }) => status === "PENDING")).toEqual([]);
    if (isDeletion(session)) {
      const last = ofTeam.at(-1);
      expect(last !== undefined && isDeletion(last) && wasRejected(last)).toBe(false);
    } else if (session.team.draft !== undefined) {
      const { description, minApprovals, approvers } = session.team.draft;
      expect(before.get(session.team.arn)).not.toBe(valuesOf({ description, minApprovals, approvers }));
    }
  }

  /**
   * A change that people have refused is not asked for again before the program has changed. Of one that was withdrawn before
   * the state knew of it, AWS tells nothing.
   */
  private expectNotRefused({ team }: Session): void {
    const { session: last, isRecorded } = this.asked.get(team.arn) ?? {};
    if (last === undefined || (last.status === "CANCELLED" && !isRecorded)) return;
    expect(last.status).toBe("APPROVED");
  }

  /** Without faults, and with members who agree, up brings about what the program declares, and destroy removes it. */
  private async finish(): Promise<void> {
    this.fixture.agree();
    this.fixture.approversAgree = true;
    // What members have rejected, an administrator asks for again.
    await this.deleteRejected();
    expect(await this.run("refresh")).toBeUndefined();
    if (this.declared) this.declared = { ...this.declared, generation: 3 };
    for (let attempt = 0; attempt < 3; attempt++) {
      const failed = await this.run("up");
      if (failed === undefined) break;
      // A crash between the mark in AWS and its record leaves a team that only the user may claim.
      this.adopts ||= failed.message.includes("adopt: true");
      // With other policies than the program has by now, not even that is possible.
      if (failed.message.includes("or delete it first")) await this.deleteUnheld();
      await this.deleteRejected();
      await this.run("refresh");
    }
    expect(await this.run("up")).toBeUndefined();
    expect((await this.stack.preview()).changes).toEqual([]);
    expect(integrityErrors(this.stack.exportState().deployment, [SECRET_KEY])).toEqual([]);
    const expected = this.declaredValues();
    const held = this.teams().filter(({ arn }) => this.stack.resources().some(({ id }) => id === arn));
    expect(held.map(valuesOf)).toEqual(expected ? [expected] : []);
    expect(await this.run("destroy")).toBeUndefined();
    expect(this.stack.resources()).toEqual([]);
  }

  private async deleteUnheld(): Promise<void> {
    for (const { arn } of this.teams())
      if (!this.stack.resources().some(({ id }) => id === arn))
        await this.fixture.mpa("POST", `/approval-teams/${encodeURIComponent(arn)}?Delete=`, {});
  }

  private async deleteRejected(): Promise<void> {
    for (const { arn, statusCode } of this.teams()) {
      if (statusCode === "DELETE_FAILED_APPROVAL")
        await this.fixture.mpa("POST", `/approval-teams/${encodeURIComponent(arn)}?Delete=`, {});
    }
  }
}

const losesAnswer = (one: StackFault): boolean => one.when === "after" || one.kill !== undefined;

const valuesOf = ({
  description,
  minApprovals,
  approvers,
}: Pick<ApprovalTeam, "description" | "minApprovals" | "approvers">): string =>
  JSON.stringify([description, minApprovals, approvers.map(({ identityId }) => identityId).sort()]);

testLives("any life of a team: nothing lost, and nobody asked without a change", {
  lives: life,
  open: () => TeamLife.open(),
  runs: 10,
});
