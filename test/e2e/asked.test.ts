// Nobody is asked by an up who was not named by the review of its preview, whatever has happened meanwhile in AWS. With
// FC_RUNS=1000, ten thousand changes of programs are tried; FC_SEED makes them the same ones.

import fc from "fast-check";
import { invitedTo } from "../../src/emulator/mpa/people";
import type { Asked, Entry, Review } from "../../src/review/model";
import { parsePreview } from "../../src/review/preview";
import { review } from "../../src/review/review";
import { replay } from "../seed";
import { AwsFixture, CUSTOMER, SECRET_KEY } from "./awsFixture";
import { DirectStack } from "./directStack";
import {
  type Declared,
  declarations,
  type Event,
  type Round,
  rounds,
  teamArn,
  vaultArn,
} from "./randomChanges";

const ROUNDS = 10;
const { numRuns = 4 } = replay;

const figures = {
  lives: 0,
  changes: 0,
  deployed: 0,
  failedPreviews: 0,
  requests: 0,
  votes: 0,
  invitations: 0,
  notAsked: 0,
};

/** What people have been asked in AWS. */
interface People {
  requests: string[];
  sessions: string[];
  invitations: string[];
}

interface VaultTeam {
  /** Its ARN. */
  vault: string;
  team: string | undefined;
}

const isVault = (arn: string, subject: string | undefined): boolean =>
  arn === subject || arn.endsWith(`:${subject}`);

class Life {
  private readonly program = new Map<string, Declared>();
  private life = 0;
  private readonly stack: DirectStack;

  constructor(private readonly fixture: AwsFixture) {
    const env = { ...fixture.env, AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_MAX_ATTEMPTS: "1" };
    this.stack = new DirectStack((dryRun) => declarations(this.program, String(this.life), dryRun), env);
  }

  close = () => this.stack.close();

  async play(changes: readonly Round[]): Promise<void> {
    this.life++;
    figures.lives++;
    this.program.clear();
    this.fixture.deleteAll();
    await this.stack.reset();
    await this.fixture.createSource("arn:aws:sso:::instance/ssoins-1234567890abcdef");
    for (const name of ["ops", "board"]) this.fixture.putTeam(teamArn(name));
    this.fixture.putVault(vaultArn("first"));
    this.fixture.putVault(
      vaultArn("second"),
      this.fixture.emulator.store.approvalTeams.get(teamArn("board")),
    );
    for (const { events, edits, meanwhile } of changes) {
      for (const event of events) await this.happen(event);
      for (const { name, declared } of edits) {
        if (declared) this.program.set(name, declared);
        else this.program.delete(name);
      }
      await this.deploy(meanwhile);
    }
  }

  private async deploy(meanwhile: readonly Event[]): Promise<void> {
    this.fixture.clock.advance("2s");
    figures.changes++;
    const reviewed = review(parsePreview(await this.stack.previewJson()), { now: this.fixture.clock.now() });
    if (reviewed.errors.length > 0) {
      figures.failedPreviews++;
      return;
    }
    for (const event of meanwhile) await this.happen(event);
    const before = this.people();
    const teamsBefore = this.vaultTeams();
    const errors = await this.stack.up();
    figures.deployed++;
    const after = this.people();
    // A vault may get its team in the same run.
    const teams = [...teamsBefore, ...this.vaultTeams()];
    for (const id of added(before.requests, after.requests)) this.expectRequestNamed(id, reviewed);
    for (const arn of added(before.sessions, after.sessions)) this.expectVoteNamed(arn, reviewed, teams);
    for (const invitation of added(before.invitations, after.invitations))
      this.expectInvitationNamed(invitation, reviewed);
    if (errors.length === 0) this.expectAskedAsSaid(reviewed, added(before.requests, after.requests));
  }

  private people(): People {
    const { approvalTeams, sessions, delegationRequests } = this.fixture.emulator.store;
    const teams = [...approvalTeams.values()];
    return {
      requests: [...delegationRequests.keys()],
      sessions: [...sessions.keys()],
      invitations: teams.flatMap((team) => invitedTo(team).map((person) => `${team.arn} ${person}`)),
    };
  }

  private expectRequestNamed(id: string, { access }: Review): void {
    figures.requests++;
    const { ownerAccountId, requestorWorkflowId } =
      this.fixture.requests().find((one) => one.id === id) ?? {};
    const name = nameIn(requestorWorkflowId ?? "");
    const entry = access.find((one) => one.name === name);
    expect({ name, isNamed: entry !== undefined }).toEqual({ name, isNamed: true });
    const accounts = entry?.asks.map((asked) =>
      asked.who === "customer" ? (asked.account ?? ownerAccountId) : undefined,
    );
    expect(accounts).toContain(ownerAccountId);
  }

  private expectVoteNamed(arn: string, reviewed: Review, vaultTeams: readonly VaultTeam[]): void {
    figures.votes++;
    const team = this.fixture.emulator.store.sessions.get(arn)?.team;
    const isNamed = asksOf(reviewed).some((asked) => {
      if (asked.who !== "members") return false;
      if (asked.team !== undefined && [team?.arn, team?.name].includes(asked.team)) return true;
      // Which team something has may have changed since the last refresh; then the review says that it is not certain.
      if (asked.team !== undefined && asked.isCertain) return false;
      if (asked.subject !== undefined && team?.name.startsWith(asked.subject)) return true;
      const ofSubject = vaultTeams.filter(({ vault }) => isVault(vault, asked.subject));
      return ofSubject.length > 0 ? ofSubject.some((one) => one.team === team?.arn) : asked.of !== undefined;
    });
    expect({ team: team?.arn, isNamed }).toEqual({ team: team?.arn, isNamed: true });
  }

  private vaultTeams = (): VaultTeam[] =>
    [...this.fixture.emulator.store.backupVaults.values()].map(({ arn, team }) => ({
      vault: arn,
      team: team?.arn,
    }));

  private expectInvitationNamed(invitation: string, reviewed: Review): void {
    figures.invitations++;
    const person = invitation.split(" ")[1] ?? "";
    const isNamed = asksOf(reviewed).some(
      (asked) => asked.who === "invited" && (asked.people === undefined || asked.people.includes(person)),
    );
    expect({ invitation, isNamed }).toEqual({ invitation, isNamed: true });
  }

  /** Whom a review names for certain is asked, so that it does not name everybody. */
  private expectAskedAsSaid({ access }: Review, ids: string[]): void {
    const asked = this.fixture
      .requests()
      .flatMap((one) => (ids.includes(one.id) ? [nameIn(one.requestorWorkflowId)] : []));
    const certain = access.filter(
      (entry) => entry.kind === "DelegationRequest" && entry.asks.every(({ isCertain }) => isCertain),
    );
    expect(asked).toEqual(expect.arrayContaining(certain.map(({ name }) => name)));
    figures.notAsked += access.filter((entry) => entry.kind === "DelegationRequest").length - asked.length;
  }

  /** AWS may refuse what people do. */
  private async happen(event: Event): Promise<void> {
    const { clock, emulator } = this.fixture;
    const attempt = (act: () => unknown) =>
      Promise.resolve()
        .then(act)
        .catch(() => undefined);
    switch (event.kind) {
      case "customer": {
        const { id } = this.fixture.requests().at(-1 - event.nth) ?? {};
        if (id !== undefined) await attempt(() => emulator.customer(CUSTOMER)[event.does](id));
        break;
      }
      case "members":
        if (event.do === "agree") this.fixture.agree();
        else
          for (const session of emulator.store.sessions.values())
            for (const { identityId } of session.votes)
              await attempt(() => emulator.approver(identityId).vote(session.arn, "REJECT"));
        break;
      case "time":
        clock.advance(event.passes);
        break;
      case "outside":
        await attempt(() => this.changeOutside(event.does));
        this.fixture.agree();
        break;
      case "refresh":
        await this.stack.refresh();
    }
  }

  private changeOutside(does: Extract<Event, { kind: "outside" }>["does"]): Promise<unknown> {
    const [first] = [...this.fixture.emulator.store.approvalTeams.keys()].filter(
      (arn) => !arn.endsWith("/ops") && !arn.endsWith("/board"),
    );
    if (does === "change team")
      return this.fixture.mpa("PATCH", `/approval-teams/${encodeURIComponent(first ?? "")}`, {
        Description: "Changed",
      });
    if (does === "no team of vault")
      return this.fixture.backup("POST", "/backup-vaults/first/mpaApprovalTeam?delete", {});
    return this.fixture.backup("PUT", "/backup-vaults/first/mpaApprovalTeam", {
      MpaApprovalTeamArn: teamArn("board"),
    });
  }
}

const nameIn = (workflowId: string): string => /::(.*)\/[0-9a-f]+$/.exec(workflowId)?.[1] ?? "";
const added = (before: readonly string[], after: readonly string[]): string[] =>
  after.filter((one) => !before.includes(one));
const asksOf = ({ access, votes, quiet }: Review): Asked[] =>
  [...access, ...votes, ...quiet].flatMap((entry: Entry) => entry.asks);

let fixture: AwsFixture;
beforeAll(async () => {
  fixture = await AwsFixture.open();
});
afterAll(async () => {
  await fixture.close();
  if (replay.numRuns !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`);
});

test("nobody is asked whom the review has not named", async () => {
  const life = new Life(fixture);
  try {
    await fc.assert(
      fc.asyncProperty(rounds(ROUNDS), (changes) => life.play(changes)),
      { ...replay, numRuns },
    );
  } finally {
    await life.close();
  }
});
