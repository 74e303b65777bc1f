// Random lives of what teams protect: the team of a vault, of an operation of Payment Cryptography, and access to restore
// from the vault, while members answer as they like and Pulumi runs with faults. Nothing is lost, nobody is asked without a
// change, and what members have refused is not asked for again by a program that runs again.

import fc from "fast-check";
import { backup, paymentcryptography } from "pulumi-aws-approvals";
import type { Session } from "../../src/emulator";
import type { StackFault } from "../../src/testing";
import { call as callPaymentCryptography } from "../emulator/paymentcryptography/associations";
import { PARTNER, SECRET_KEY } from "./awsFixture";
import { integrityErrors } from "./integrity";
import { testLives } from "./testLives";
import { faultsOf, type Operation, PLAIN, runsOf, VotingLife } from "./votingLife";

const ACTION = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
const VAULT = `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:vault`;
/** Always protected, so that access to it can be asked for. */
const SOURCE = `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:source`;
const TEAMS = ["ops", "board"].map((name) => `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/${name}`);
const [OPS = ""] = TEAMS;

/** What the program has; undefined is left out of it. */
interface Declaration {
  vaultTeam: string | undefined;
  keyTeam: string | undefined;
  access: boolean;
  generation: number;
}
type Event =
  | { kind: "declare"; program: Declaration }
  | { kind: "people"; does: "agree" | "reject" | "nothing for a day" }
  | { kind: "outside"; does: "another vault team" | "another key team" | "no vault team" | "no key team" }
  | { kind: "run"; operation: Operation; faults: StackFault[] };

const team = fc.option(fc.constantFrom(...TEAMS), { nil: undefined, freq: 6 });
const declare = fc.record(
  {
    kind: fc.constant("declare" as const),
    program: fc.record<Declaration>(
      { vaultTeam: team, keyTeam: team, access: fc.boolean(), generation: fc.constantFrom(1, 1, 1, 2) },
      PLAIN,
    ),
  },
  PLAIN,
);
const OPERATIONS = [
  "backup:AssociateBackupVaultMpaApprovalTeam",
  "backup:DisassociateBackupVaultMpaApprovalTeam",
  "backup:CreateRestoreAccessBackupVault",
  "backup:*",
  "payment-cryptography:AssociateMpaTeam",
  "payment-cryptography:*",
] as const;
const run = runsOf(
  fc.constantFrom<Operation>("up", "up", "up", "up", "up", "preview", "refresh", "destroy"),
  faultsOf(fc.constantFrom(...OPERATIONS)),
);
const people = fc.record(
  {
    kind: fc.constant("people" as const),
    does: fc.constantFrom("agree", "reject", "nothing for a day"),
  },
  PLAIN,
) as fc.Arbitrary<Event>;
const outside = fc.record(
  {
    kind: fc.constant("outside" as const),
    does: fc.constantFrom("another vault team", "another key team", "no vault team", "no key team"),
  },
  PLAIN,
) as fc.Arbitrary<Event>;
const life: fc.Arbitrary<Event[]> = fc
  .tuple(
    declare,
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: declare },
        { weight: 6, arbitrary: people },
        { weight: 1, arbitrary: outside },
        { weight: 10, arbitrary: run },
      ),
      { minLength: 5, maxLength: 16, size: "max" },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);

/** Of a session, what it is about. */
type Subject = "vault" | "keys" | "access";

class BindingLife extends VotingLife {
  private declared: Declaration = NOTHING;
  /** What the stack asked for last, as long as the program has not changed since, nor anybody else anything. */
  private readonly asked = new Map<Subject, { key: string; session: Session; isRecorded: boolean }>();

  protected declare(): void {
    const { vaultTeam, keyTeam, access, generation } = this.declared;
    const both = { generation, adopt: true };
    if (vaultTeam)
      new backup.VaultApprovalTeam("vault", {
        ...{ backupVaultName: "vault", mpaApprovalTeamArn: vaultTeam, ...both },
      });
    if (keyTeam)
      new paymentcryptography.TeamAssociation("keys", { action: ACTION, mpaTeamArn: keyTeam, ...both });
    if (access)
      new backup.RestoreAccessVault("access", {
        ...{
          sourceBackupVaultArn: SOURCE,
          generation,
          creatorRequestId: `access-${this.sequence}-${generation}`,
        },
      });
  }

  async play(events: readonly Event[]): Promise<void> {
    this.fixture.deleteAll();
    this.fixture.approversAgree = false;
    const [ops] = TEAMS.map((arn) => this.fixture.putTeam(arn));
    this.fixture.putVault(VAULT);
    this.fixture.putVault(SOURCE, ops);
    this.declared = NOTHING;
    this.sequence++;
    this.asked.clear();
    for (const event of events) await this.apply(event);
    await this.finish();
  }

  private async apply(event: Event): Promise<void> {
    if (event.kind === "declare") this.declared = event.program;
    else if (event.kind === "people") this.answer(event.does);
    else if (event.kind === "outside") await this.change(event.does);
    else {
      this.inject(event.faults);
      await this.run(event.operation);
      this.stack.clearFaults();
    }
  }

  private answer(does: Extract<Event, { kind: "people" }>["does"]): void {
    if (does === "agree") this.fixture.agree();
    else if (does === "nothing for a day") this.fixture.clock.advance("25h");
    else for (const session of this.sessions()) this.reject(session);
  }

  /** Somebody else asks for a change; AWS refuses it while another waits. */
  private async change(does: Extract<Event, { kind: "outside" }>["does"]): Promise<void> {
    const path = "/backup-vaults/vault/mpaApprovalTeam";
    const changes = {
      "another vault team": () => this.fixture.backup("PUT", path, { MpaApprovalTeamArn: OPS }),
      "no vault team": () => this.fixture.backup("POST", `${path}?delete`, {}),
      "another key team": () =>
        callPaymentCryptography(this.fixture, PARTNER, "AssociateMpaTeam", {
          Action: ACTION,
          MpaTeamArn: OPS,
        }),
      "no key team": () =>
        callPaymentCryptography(this.fixture, PARTNER, "DisassociateMpaTeam", { Action: ACTION }),
    };
    await changes[does]().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    this.asked.delete(does.endsWith("vault team") ? "vault" : "keys");
  }

  private async run(operation: Operation): Promise<Error | undefined> {
    this.fixture.clock.advance("2s");
    const before = this.sessions();
    if (operation === "up")
      for (const [subject, known] of this.asked)
        if (known.key !== this.keyOf(subject)) this.asked.delete(subject);
    // What is destroyed is asked for again.
    if (operation === "destroy") this.asked.delete("access");
    const error = await this.operate(operation);
    const opened = this.sessions().filter((session) => !before.includes(session));
    if (operation === "preview" || operation === "refresh") expect(opened).toEqual([]);
    // One at a time about each of them.
    expect(new Set(opened.map(subjectOf)).size).toBe(opened.length);
    for (const session of opened) this.expectReason(session, operation, before);
    return error;
  }

  /** What the program wants to have, with the generation that it is in. */
  private keyOf(subject: Subject): string {
    const { vaultTeam, keyTeam, access, generation } = this.declared;
    return `${{ vault: vaultTeam, keys: keyTeam, access }[subject]} ${generation}`;
  }

  private expectReason(session: Session, operation: Operation, before: readonly Session[]): void {
    const subject = subjectOf(session);
    const earlier = before.filter((one) => subjectOf(one) === subject);
    if (subject !== "access") expect(earlier.filter(({ status }) => status === "PENDING")).toEqual([]);
    if (/Disassociate/.test(session.actionName)) {
      const { vaultTeam, keyTeam } = this.declared;
      const isWanted = (subject === "vault" ? vaultTeam : keyTeam) !== undefined;
      expect(operation === "destroy" || !isWanted).toBe(true);
      return;
    }
    const last = this.asked.get(subject);
    // What is granted may be taken away or deleted, and asked for again then.
    if (last?.isRecorded) expect(last.session.status).toBe("APPROVED");
    const isRecorded = this.recordedSession(subject) === session.arn;
    this.asked.set(subject, { key: this.keyOf(subject), session, isRecorded });
  }

  private recordedSession(subject: Subject): unknown {
    const { resources = [] } = this.stack.exportState().deployment;
    const { outputs = {} } = resources.find(({ urn }) => urn.endsWith(`::${subject}`)) ?? {};
    const vote = outputs["latestMpaApprovalTeamUpdate"] ?? outputs["mpaStatus"] ?? outputs;
    return Object(vote)["mpaSessionArn"];
  }

  /** Without faults, and with members who agree, up brings about what the program declares, and destroy removes it. */
  private async finish(): Promise<void> {
    this.fixture.agree();
    this.fixture.approversAgree = true;
    expect(await this.run("refresh")).toBeUndefined();
    this.declared = { ...this.declared, generation: 3 };
    for (let attempt = 0; attempt < 4; attempt++) {
      if ((await this.run("up")) === undefined) break;
      await this.run("refresh");
    }
    expect(await this.run("refresh")).toBeUndefined();
    expect(await this.run("up")).toBeUndefined();
    expect(await this.run("refresh")).toBeUndefined();
    expect((await this.stack.preview()).changes).toEqual([]);
    expect(integrityErrors(this.stack.exportState().deployment, [SECRET_KEY])).toEqual([]);
    const { vaultTeam, keyTeam, access } = this.declared;
    const { backupVaults, teamAssociations } = this.fixture.emulator.store;
    if (vaultTeam) expect(backupVaults.get(VAULT)?.team?.arn).toBe(vaultTeam);
    if (keyTeam) expect([...teamAssociations.values()].map((one) => one.team.arn)).toEqual([keyTeam]);
    const granted = this.stack.resources().filter(({ type }) => /RestoreAccessVault/.test(type));
    expect(granted.map(({ outputs }) => outputs["vaultState"])).toEqual(access ? ["AVAILABLE"] : []);
    for (let attempt = 0; attempt < 4 && (await this.run("destroy")) !== undefined; attempt++)
      await this.run("refresh");
    expect(this.stack.resources()).toEqual([]);
  }
}

const NOTHING: Declaration = { vaultTeam: undefined, keyTeam: undefined, access: false, generation: 1 };

const subjectOf = ({ actionName }: Session): Subject =>
  actionName.startsWith("payment-cryptography:")
    ? "keys"
    : /RestoreAccess/.test(actionName)
      ? "access"
      : "vault";

testLives("any life of what teams protect: nothing lost, and nobody asked without a change", {
  lives: life,
  open: () => BindingLife.open(),
  runs: 5,
});
