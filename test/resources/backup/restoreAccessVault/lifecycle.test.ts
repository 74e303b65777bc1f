import type { Call, Fault } from "../../../../src/emulator";
import { restoreAccessVaultLifecycle } from "../../../../src/resources/backup/restoreAccessVault/lifecycle";
import { protectedVault, type Vault } from "../../../emulator/backup/vaults";
import { useHarness } from "../../../emulator/harness";
import { vote } from "../../../emulator/mpa/approvalTeams";
import { served } from "../../../provider/served";

const RECOVERY = "333344445555";
let onCall: ((call: Call) => Fault | undefined) | undefined;
const harness = useHarness({ intercept: (call) => onCall?.(call) });

let source: Vault;
let asks = 0;
let name = "";
let log: jest.SpyInstance;
beforeEach(async () => {
  log = jest.spyOn(console, "log").mockImplementation();
  source = await protectedVault(harness());
  name = `access-${++asks}`;
});
afterEach(() => {
  onCall = undefined;
  log.mockRestore();
});

const inputsOf = (more: object = {}) => ({
  __provider: "text",
  origin: `org/proj/dev::${name}`,
  sourceBackupVaultArn: source.arn,
  requesterComment: "After the fire",
  ...more,
});
const provider = () =>
  served(restoreAccessVaultLifecycle, harness().emulator, harness().clock, {
    account: RECOVERY,
    "aws:maxRetries": "1",
  });
const create = async (more: object = {}) => (await provider()).create(inputsOf(more));
const update = async (outs: { arn?: string }, more: object = {}) =>
  (await provider()).update(outs.arn ?? "", outs, inputsOf(more));
const diff = async (outs: object, more: object = {}) =>
  (await (await provider()).diff("", outs, inputsOf(more))) as {
    changes?: boolean;
    replaces?: string[];
    deleteBeforeReplace?: boolean;
  };
const read = async (outs: { arn?: string }) => (await provider()).read(outs.arn ?? "", outs);
const remove = async (outs: { arn?: string }) => (await provider()).delete(outs.arn ?? "", outs);
const vaults = () => harness().emulator.store.backupVaults as Map<string, unknown>;
const found = () =>
  [...harness().emulator.store.backupVaults.values()].filter((vault) => vault.source?.arn === source.arn);
const voted = (response: "APPROVED" | "REJECTED") =>
  vote(harness(), found().at(-1)?.session?.arn ?? "", response, "alice", "bob");
/** The members vote as soon as somebody looks. */
const voteAtOnce = (response: "APPROVED" | "REJECTED") => {
  onCall = ({ operation, phase }) => {
    if (
      operation === "DescribeBackupVault" &&
      phase === "before-effect" &&
      found().at(-1)?.state === "CREATING"
    )
      voted(response);
    return undefined;
  };
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (error: Error & { id?: string; properties?: { arn?: string } }) => error,
  );
const once = (operation: string, phase: string, fault: Fault) => {
  onCall = (call) => {
    if (call.operation !== operation || call.phase !== phase) return undefined;
    onCall = undefined;
    return fault;
  };
};

describe("create", () => {
  test("asks the team, and does not wait for its votes", async () => {
    const { id, outs } = await create();
    expect(outs).toMatchObject({
      arn: id,
      sourceBackupVaultArn: source.arn,
      backupVaultName: found()[0]?.name,
      vaultState: "CREATING",
      mpaSessionArn: found()[0]?.session?.arn,
      creatorRequestId: expect.stringMatching(/^pulumi-[0-9a-f]{40}$/),
      creationDate: harness().clock.now().toISOString(),
    });
    expect(found()[0]).toMatchObject({ account: RECOVERY, session: { comment: "After the fire" } });
  });

  test("waits when the program says so", async () => {
    voteAtOnce("APPROVED");
    expect((await create({ waitFor: "AVAILABLE" })).outs).toMatchObject({ vaultState: "AVAILABLE" });
  });

  test("fails as soon as the team says no, and keeps the vault in the state", async () => {
    voteAtOnce("REJECTED");
    const refused = await failure(create({ waitFor: "AVAILABLE" }));
    expect(refused.message).toMatch(/is FAILED \(the team did not approve; change generation to ask again\)/);
    expect(refused).toMatchObject({ id: found()[0]?.arn, properties: { vaultState: "FAILED" } });
  });

  test("goes on waiting after a timeout", async () => {
    const late = await failure(create({ waitFor: "AVAILABLE" }));
    expect(late.message).toMatch(/still CREATING .*timeouts\.create/);
    const outs = late.properties ?? {};
    expect((await diff(outs, { waitFor: "AVAILABLE" })).changes).toBe(true);
    voteAtOnce("APPROVED");
    expect((await update(outs, { waitFor: "AVAILABLE" })).outs).toMatchObject({ vaultState: "AVAILABLE" });
    expect(found()).toHaveLength(1);
  });

  test("asks once although its answer was lost", async () => {
    once("CreateRestoreAccessBackupVault", "after-effect", { drop: true });
    await failure(create());
    await create();
    expect(found()).toHaveLength(1);
  });

  test("keeps a vault in the state that cannot be read", async () => {
    once("DescribeBackupVault", "before-effect", {
      error: { status: 500, code: "ServiceUnavailableException" },
    });
    const failed = await failure(create());
    expect(failed).toMatchObject({ id: found()[0]?.arn, properties: { vaultState: "CREATING" } });
  });

  test("a new vault that stays invisible is taken for there", async () => {
    onCall = ({ operation }) =>
      operation === "DescribeBackupVault"
        ? { error: { status: 400, code: "ResourceNotFoundException" } }
        : undefined;
    expect((await create()).outs).toMatchObject({ vaultState: "CREATING", arn: found()[0]?.arn });
    expect(found()).toHaveLength(1);
  });

  test("says what a name that is taken and a vault without a team need", async () => {
    await create({ backupVaultName: "taken" });
    name = "other";
    expect((await failure(create({ backupVaultName: "taken" }))).message).toMatch(
      /AlreadyExists: .*Specify another name, or omit it/,
    );
    const vault = harness().emulator.store.backupVaults.get(source.arn);
    if (vault) delete vault.team;
    expect((await failure(create())).message).toMatch(/InvalidRequest: .*backup\.VaultApprovalTeam/);
  });
});

describe("diff", () => {
  test("a comment asks nobody, another source or generation asks again", async () => {
    const { outs = {} } = await create();
    const commented = await diff(outs, { requesterComment: "Please" });
    expect(commented).toMatchObject({ changes: true, replaces: [] });
    await update(outs, { requesterComment: "Please" });
    expect(found()).toHaveLength(1);
    expect(await diff(outs, { generation: 2 })).toMatchObject({
      replaces: ["generation"],
      deleteBeforeReplace: false,
    });
    expect(await diff(outs, { backupVaultName: "mine" })).toMatchObject({
      replaces: ["backupVaultName"],
      deleteBeforeReplace: true,
    });
    await create({ generation: 2 });
    expect(found()).toHaveLength(2);
  });

  test("a given id is of one vault at a time, which is deleted before another is asked for with it", async () => {
    const mine = { creatorRequestId: `mine-${name}` };
    const { outs = {} } = await create(mine);
    expect(await diff(outs, { ...mine, generation: 2 })).toMatchObject({
      replaces: ["generation"],
      deleteBeforeReplace: true,
    });
    expect(await diff(outs, { creatorRequestId: "other", generation: 2 })).toMatchObject({
      deleteBeforeReplace: false,
    });
    expect(await diff(outs, { generation: 2 })).toMatchObject({ deleteBeforeReplace: false });
  });

  test("a given id that AWS answers with a deleted vault gets an ending, which is no change", async () => {
    const mine = { creatorRequestId: `mine-${name}` };
    const { outs: deleted = {} } = await create(mine);
    const [vault] = found();
    await remove(deleted);
    vaults().set("deleted", vault);
    harness().clock.advance("2m");
    const { outs = {} } = await create(mine);
    expect(outs).toMatchObject({ creatorRequestId: `mine-${name}-2` });
    expect(outs["arn"]).not.toBe(deleted["arn"]);
    const { props = {} } = await read(outs);
    expect((await diff(props, mine)).changes).toBe(false);
    expect(await diff(props, { creatorRequestId: "other" })).toMatchObject({
      replaces: ["creatorRequestId"],
    });
  });

  test("nothing mends what the team has refused but the program", async () => {
    const { outs = {} } = await create();
    voted("REJECTED");
    const { props = {} } = await read(outs);
    expect(props).toMatchObject({ vaultState: "FAILED" });
    expect((await diff(props)).changes).toBe(false);
  });
});

describe("read", () => {
  test("follows the votes", async () => {
    const { outs = {} } = await create();
    voted("APPROVED");
    expect((await read(outs)).props).toMatchObject({
      vaultState: "AVAILABLE",
      requesterComment: "After the fire",
    });
  });

  test("a vault that was revoked, or whose name a later one has, is gone", async () => {
    const { outs = {} } = await create({ backupVaultName: "again" });
    vaults().delete(found()[0]?.arn ?? "");
    expect(await read(outs)).toEqual({ id: "", props: {} });
    name = "later";
    await create({ backupVaultName: "again" });
    expect(await read(outs)).toEqual({ id: "", props: {} });
    await remove(outs);
    expect(found()).toHaveLength(1);
  });

  test("by the ARN alone, and only a vault of this kind", async () => {
    const { id } = await create();
    const get = async (arn: string) => (await provider()).read(arn, { __provider: "text" });
    expect((await get(id)).props).toMatchObject({ arn: id, sourceBackupVaultArn: source.arn });
    await expect(get(source.arn)).rejects.toThrow();
  });
});

test("delete acts in the recovery account, and asks nobody", async () => {
  const { outs = {} } = await create();
  voted("APPROVED");
  const before = harness().emulator.store.sessions.size;
  await remove(outs);
  await remove(outs);
  expect(found()).toEqual([]);
  expect(harness().emulator.store.sessions.size).toBe(before);
});
