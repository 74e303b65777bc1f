import { DisassociateBackupVaultMpaApprovalTeamCommand } from "@aws-sdk/client-backup";
import type { Call, Fault } from "../../../../src/emulator";
import { vaultApprovalTeamLifecycle } from "../../../../src/resources/backup/vaultApprovalTeam/lifecycle";
import {
  airGappedVault,
  asAccount,
  associate,
  protectedVault,
  type Vault,
} from "../../../emulator/backup/vaults";
import { useHarness } from "../../../emulator/harness";
import { activeTeam, type Team, vote } from "../../../emulator/mpa/approvalTeams";
import { served } from "../../../provider/served";

let onCall: ((call: Call) => Fault | undefined) | undefined;
const harness = useHarness({ intercept: (call) => onCall?.(call) });

let log: jest.SpyInstance;
let vault: Vault;
let team: Team;
let other: Team;
beforeEach(async () => {
  log = jest.spyOn(console, "log").mockImplementation();
  team = await activeTeam(harness());
  other = await activeTeam(harness());
  vault = await airGappedVault(harness(), team.account);
});
afterEach(() => {
  onCall = undefined;
  log.mockRestore();
});

const inputsOf = (more: object = {}) => ({
  __provider: "text",
  origin: "org/proj/dev::protection",
  backupVaultName: vault.name,
  mpaApprovalTeamArn: team.arn,
  ...more,
});
const provider = (config: Record<string, string> = {}) =>
  served(vaultApprovalTeamLifecycle, harness().emulator, harness().clock, {
    account: vault.account,
    "aws:maxRetries": "1",
    ...config,
  });
const create = async (more: object = {}) => (await provider()).create(inputsOf(more));
const update = async (outs: object, more: object = {}) =>
  (await provider()).update(vault.arn, outs, inputsOf(more));
const diff = async (outs: object, more: object = {}) =>
  (await (await provider()).diff(vault.arn, outs, inputsOf(more))) as {
    changes?: boolean;
    replaces?: string[];
  };
const read = async (outs: object) => (await provider()).read(vault.arn, outs);
const remove = async (outs: object) => (await provider()).delete(vault.arn, outs);
const found = () => harness().emulator.store.backupVaults.get(vault.arn);
const session = () => found()?.teamUpdate?.arn ?? "";
const calls = (operation: string) =>
  harness().emulator.calls.filter((call) => call.operation === operation && call.account === vault.account);
const lines = () => log.mock.calls.flat().join("\n");
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (error: Error & { id?: string; properties?: object }) => error,
  );
/** The members of the vault's team vote as soon as somebody looks. */
const voteAtOnce = (response: "APPROVED" | "REJECTED") => {
  onCall = ({ operation, phase }) => {
    const { teamUpdate } = found() ?? {};
    if (operation === "DescribeBackupVault" && phase === "before-effect" && teamUpdate?.status === "PENDING")
      vote(harness(), teamUpdate.arn, response, "alice", "bob");
    return undefined;
  };
};

describe("create", () => {
  test("associates the first team at once", async () => {
    const { id, outs } = await create();
    expect(id).toBe(vault.arn);
    expect(outs).toMatchObject({ backupVaultArn: vault.arn, mpaApprovalTeamArn: team.arn });
    expect(outs?.latestMpaApprovalTeamUpdate).toBeUndefined();
    expect(found()?.team?.arn).toBe(team.arn);
  });

  test("leaves the team that the vault has already, and asks nobody", async () => {
    await associate(harness(), vault, team.arn);
    const before = calls("AssociateBackupVaultMpaApprovalTeam").length;
    await create();
    expect(calls("AssociateBackupVaultMpaApprovalTeam")).toHaveLength(before);
  });

  test("does not ask another's team to leave, unless the program adopts the vault", async () => {
    await associate(harness(), vault, other.arn);
    expect((await failure(create())).message).toMatch(/has another team already: .*adopt: true/);
    expect(found()?.teamUpdate).toBeUndefined();
    const { outs } = await create({ adopt: true });
    expect(outs).toMatchObject({ mpaApprovalTeamArn: other.arn, pendingMpaApprovalTeamArn: team.arn });
  });

  test("needs the vault", async () => {
    const missing = create({ backupVaultName: "nowhere" });
    expect((await failure(missing)).message).toMatch(/there is no such backup vault/);
  });
});

describe("another team", () => {
  const change = async () => {
    const { outs } = await create();
    return (await update(outs ?? {}, { mpaApprovalTeamArn: other.arn })).outs ?? {};
  };

  test("is pending until the present one has voted, and is not asked for again", async () => {
    const outs = await change();
    expect(outs).toMatchObject({
      mpaApprovalTeamArn: team.arn,
      pendingMpaApprovalTeamArn: other.arn,
      latestMpaApprovalTeamUpdate: { mpaSessionArn: session(), status: "PENDING" },
    });
    expect((await diff(outs, { mpaApprovalTeamArn: other.arn })).changes).toBe(false);
    expect(lines()).toContain(
      `is not asked for again: the members of the present team vote in session ${session()}`,
    );
    const again = await update(outs, { mpaApprovalTeamArn: other.arn, requesterComment: "please" });
    expect(again.outs).toMatchObject({ pendingMpaApprovalTeamArn: other.arn, requesterComment: "please" });
    expect(calls("AssociateBackupVaultMpaApprovalTeam")).toHaveLength(2);
  });

  test("is there after a refresh when it is approved", async () => {
    const outs = await change();
    vote(harness(), session(), "APPROVED", "alice", "bob");
    const { props = {} } = await read(outs);
    expect(props).toMatchObject({ mpaApprovalTeamArn: other.arn });
    expect(props.pendingMpaApprovalTeamArn).toBeUndefined();
    expect((await diff(props, { mpaApprovalTeamArn: other.arn })).changes).toBe(false);
  });

  test.each<[string, () => void]>([
    ["is rejected", () => vote(harness(), session(), "REJECTED", "alice", "bob")],
    ["finds no answer for a day", () => harness().clock.advance("25h")],
  ])("that %s: a refresh says that program and AWS disagree", async (_, end) => {
    const outs = await change();
    end();
    const { props = {} } = await read(outs);
    expect(props).toMatchObject({
      mpaApprovalTeamArn: team.arn,
      latestMpaApprovalTeamUpdate: { status: "FAILED" },
    });
    expect(props.pendingMpaApprovalTeamArn).toBeUndefined();
    expect((await diff(props, { mpaApprovalTeamArn: other.arn })).changes).toBe(true);
  });

  test("is an error that names the session while a different one is pending", async () => {
    const outs = await change();
    const third = await activeTeam(harness());
    const refused = await failure(update(outs, { mpaApprovalTeamArn: third.arn }));
    expect(refused.message).toMatch(/another change is under way: .* in session arn:aws:mpa:.*, until 20/);
    expect(refused.message).toContain(session());
    expect(calls("AssociateBackupVaultMpaApprovalTeam")).toHaveLength(2);
  });

  test("that is asked for and not recorded is not asked for again", async () => {
    const { outs } = await create();
    onCall = ({ operation, phase }) =>
      operation === "AssociateBackupVaultMpaApprovalTeam" && phase === "after-effect"
        ? { drop: true }
        : undefined;
    await failure(update(outs ?? {}, { mpaApprovalTeamArn: other.arn }));
    onCall = undefined;
    const next = await update(outs ?? {}, { mpaApprovalTeamArn: other.arn });
    expect(next.outs).toMatchObject({ pendingMpaApprovalTeamArn: other.arn });
    expect(calls("AssociateBackupVaultMpaApprovalTeam")).toHaveLength(2);
  });

  test("that was asked for is in the state although AWS cannot be read then", async () => {
    const { outs } = await create();
    onCall = ({ operation }) =>
      operation === "DescribeBackupVault" && calls("AssociateBackupVaultMpaApprovalTeam").length === 2
        ? { error: { status: 500, code: "ServiceUnavailableException" } }
        : undefined;
    const failed = await failure(update(outs ?? {}, { mpaApprovalTeamArn: other.arn }));
    expect(failed).toMatchObject({ id: vault.arn, properties: { mpaApprovalTeamArn: team.arn } });
  });

  test("waits for the votes when the program says so", async () => {
    const { outs } = await create();
    voteAtOnce("APPROVED");
    const waiting = { mpaApprovalTeamArn: other.arn, waitFor: "APPROVED" };
    expect((await update(outs ?? {}, waiting)).outs).toMatchObject({ mpaApprovalTeamArn: other.arn });
  });

  test("fails as soon as it is rejected", async () => {
    const { outs } = await create();
    voteAtOnce("REJECTED");
    const refused = await failure(update(outs ?? {}, { mpaApprovalTeamArn: other.arn, waitFor: "APPROVED" }));
    expect(refused.message).toMatch(/it is FAILED \(REJECTED, arn:.*\), not APPROVED/);
    expect(refused.properties).toMatchObject({ mpaApprovalTeamArn: team.arn });
  });

  test("goes on waiting after a timeout, and asks nobody again who has said no waiting after a timeout", async () => {
    const { outs } = await create();
    const waiting = { mpaApprovalTeamArn: other.arn, waitFor: "APPROVED" };
    const late = await failure(update(outs ?? {}, waiting));
    expect(late.message).toMatch(/still PENDING .* timeouts\.create/);
    expect(late.properties).toMatchObject({ pendingMpaApprovalTeamArn: other.arn });
    expect((await diff(late.properties ?? {}, waiting)).changes).toBe(true);
    voteAtOnce("REJECTED");
    const refused = await failure(update(late.properties ?? {}, waiting));
    expect(refused.message).toMatch(
      /have not approved the change \(REJECTED\)\. The next up asks them again/,
    );
    expect(refused.properties).toMatchObject({ mpaApprovalTeamArn: team.arn });
    expect(refused.properties).not.toHaveProperty("pendingMpaApprovalTeamArn");
    expect(calls("AssociateBackupVaultMpaApprovalTeam")).toHaveLength(2);
  });
});

describe("delete", () => {
  test("asks the team, and fails until it has approved", async () => {
    const { outs = {} } = await create();
    const asked = await failure(remove(outs));
    expect(asked.message).toMatch(/until its members have approved: .* until 20.* Run destroy again then/);
    expect(asked.message).toContain(session());
    expect((await failure(remove(outs))).message).toContain(session());
    expect(calls("DisassociateBackupVaultMpaApprovalTeam")).toHaveLength(1);
    vote(harness(), session(), "APPROVED", "alice", "bob");
    await remove(outs);
    expect(found()?.team).toBeUndefined();
    expect(calls("DisassociateBackupVaultMpaApprovalTeam")).toHaveLength(1);
  });

  test("waits when the program says so, and fails when the team says no", async () => {
    const { outs = {} } = await create({ deletion: "wait" });
    voteAtOnce("REJECTED");
    expect((await failure(remove(outs))).message).toMatch(/it is FAILED \(REJECTED/);
    expect(found()?.team?.arn).toBe(team.arn);
    expect((await failure(remove(outs))).message).toMatch(
      /have not approved \(REJECTED\)\. To ask them again/,
    );
    expect(calls("DisassociateBackupVaultMpaApprovalTeam")).toHaveLength(1);
    const { props = {} } = await read(outs);
    voteAtOnce("APPROVED");
    await remove(props);
    expect(found()?.team).toBeUndefined();
  });

  test("waits for a change that is under way", async () => {
    const { outs } = await create();
    const changed = await update(outs ?? {}, { mpaApprovalTeamArn: other.arn });
    const refused = await failure(remove(changed.outs ?? {}));
    expect(refused.message).toMatch(/cannot be taken away yet/);
    expect(calls("DisassociateBackupVaultMpaApprovalTeam")).toHaveLength(0);
  });

  test("leaves a team that somebody else has put there", async () => {
    const { outs = {} } = await create();
    await associate(harness(), vault, other.arn);
    vote(harness(), session(), "APPROVED", "alice", "bob");
    await remove(outs);
    expect(lines()).toMatch(/is forgotten, and nobody asked/);
    expect(found()?.team?.arn).toBe(other.arn);
  });

  test("is done when the vault, or its team, is gone", async () => {
    const { outs = {} } = await create();
    await asAccount(harness(), vault.account, (client) =>
      client.send(new DisassociateBackupVaultMpaApprovalTeamCommand({ BackupVaultName: vault.name })),
    );
    vote(harness(), session(), "APPROVED", "alice", "bob");
    await remove(outs);
    (harness().emulator.store.backupVaults as Map<string, unknown>).delete(vault.arn);
    await remove(outs);
    expect(calls("DisassociateBackupVaultMpaApprovalTeam")).toHaveLength(1);
  });
});

describe("read", () => {
  test("says that the resource is gone when the vault has no team, or is gone", async () => {
    const { outs = {} } = await create();
    const update = found();
    if (update) delete update.team;
    expect(await read(outs)).toEqual({ id: "", props: {} });
    (harness().emulator.store.backupVaults as Map<string, unknown>).delete(vault.arn);
    expect(await read(outs)).toEqual({ id: "", props: {} });
  });

  const DENIED = { error: { status: 403, code: "AccessDeniedException" } };

  test("an AccessDenied is not gone while the list has the vault, or is denied too", async () => {
    const { outs = {} } = await create();
    onCall = ({ operation }) => (operation === "DescribeBackupVault" ? DENIED : undefined);
    expect((await failure(read(outs))).message).toMatch(/AccessDenied/);
    onCall = ({ operation }) => (/Describe|ListBackup/.test(operation) ? DENIED : undefined);
    expect((await failure(read(outs))).message).toMatch(/DescribeBackupVault/);
    onCall = ({ operation }) => (operation === "DescribeBackupVault" ? DENIED : undefined);
    (harness().emulator.store.backupVaults as Map<string, unknown>).delete(vault.arn);
    expect(await read(outs)).toEqual({ id: "", props: {} });
  });

  test("by the vault's ARN alone", async () => {
    const { name, arn, team: present } = await protectedVault(harness());
    vault = { name, arn, account: present.account };
    const { props } = await (await provider()).read(arn, { __provider: "text" });
    expect(props).toMatchObject({ backupVaultName: name, mpaApprovalTeamArn: present.arn });
  });
});

test("another vault replaces", async () => {
  const { outs = {} } = await create();
  expect((await diff(outs, { backupVaultName: "another" })).replaces).toEqual(["backupVaultName"]);
});
