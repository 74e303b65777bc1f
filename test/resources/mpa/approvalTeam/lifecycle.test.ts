import { type MPAClient as Client, loadMpa } from "../../../../src/aws/mpa";
import { type Call, type Fault, ManualClock } from "../../../../src/emulator";
import { approvalTeamLifecycle } from "../../../../src/resources/mpa/approvalTeam/lifecycle";
import { OWNER_TAG } from "../../../../src/resources/mpa/ownership";
import { startEmulator, type TestEmulator } from "../../../../src/testing";
import { airGappedVault, associate } from "../../../emulator/backup/vaults";
import { ACTION, call as callPaymentCryptography } from "../../../emulator/paymentcryptography/associations";
import { served } from "../../../provider/served";

const ACCOUNT = "111111111111";
const SOURCE = `arn:aws:mpa:us-east-1:${ACCOUNT}:identity-source/IamIdentityCenter`;
const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";
const people = (...ids: string[]) =>
  ids.map((primaryIdentityId) => ({ primaryIdentityId, primaryIdentitySourceArn: SOURCE }));
const asked = {
  __provider: "text",
  origin: "org/proj/dev::restores",
  description: "Decides about restores",
  approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
  approvers: people("alice", "bob", "carol"),
  policies: [{ policyArn: `${POLICY}/$DEFAULT` }],
  tags: { team: "security" },
};
const named = { ...asked, name: "restores" };

const clock = new ManualClock();
let emulator: TestEmulator;
let fault: ((call: Call) => Fault | undefined) | undefined;
let log: jest.SpyInstance;
let client: Client;
const { CancelSessionCommand, CreateIdentitySourceCommand, MPAClient } = loadMpa();

beforeEach(async () => {
  log = jest.spyOn(console, "log").mockImplementation();
  emulator = await startEmulator({ clock, intercept: (call) => fault?.(call) });
  client = new MPAClient({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: "secret" },
  });
  const IamIdentityCenter = {
    InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    Region: "us-east-1",
  };
  await client.send(new CreateIdentitySourceCommand({ IdentitySourceParameters: { IamIdentityCenter } }));
});
afterEach(async () => {
  fault = undefined;
  log.mockRestore();
  client.destroy();
  await emulator.close();
});

const provider = (config = {}) =>
  served(approvalTeamLifecycle, emulator, clock, { account: ACCOUNT, "aws:maxRetries": "1", ...config });
const create = async (inputs: object = asked) => (await provider()).create(inputs);
const update = async (id: string, olds: object, inputs: object) =>
  (await (await provider()).update(id, olds, inputs)).outs ?? {};
const diff = async (olds: object, inputs: object) => (await provider()).diff("id", olds, inputs);
const read = async (id: string, olds: object) => (await (await provider()).read(id, olds)).props ?? {};
const remove = async (id: string, outs: object, more: object = {}) =>
  (await provider()).delete(id, { ...outs, ...more, __provider: "text" });
const teams = () => [...emulator.store.approvalTeams.values()];
const sessions = () => [...emulator.store.sessions.values()];
const team = (arn: string) => emulator.store.approvalTeams.get(arn);
const owner = (arn: string) => team(arn)?.tags.get(OWNER_TAG);
const logged = () => log.mock.calls.map(([line]) => String(line));
const acceptAll = (arn: string) => {
  for (const { identityId, response } of team(arn)?.draft?.approvers ?? team(arn)?.approvers ?? [])
    if (response === "PENDING") emulator.approver(identityId).accept(arn);
};
const vote = (response: "APPROVE" | "REJECT", ...ids: string[]) => {
  const arn = sessions().at(-1)?.arn ?? "";
  for (const id of ids) emulator.approver(id).vote(arn, response);
};
const cancel = () => client.send(new CancelSessionCommand({ SessionArn: sessions().at(-1)?.arn ?? "" }));
/** A team whose members have accepted. */
const createActive = async (
  inputs: object = asked,
): Promise<{ id: string; outs: Record<string, unknown> }> => {
  const { id, outs = {} } = await create(inputs);
  acceptAll(id);
  return { id, outs: await read(id, outs) };
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (error) => error,
  );
/** The fault for the first call that it fits. */
const once = (operation: string, phase: Call["phase"], what: Fault) => {
  let done = false;
  fault = (call) => {
    if (done || call.operation !== operation || call.phase !== phase) return undefined;
    done = true;
    return what;
  };
};
const LOST: Fault = { drop: true };
const DENIED: Fault = { error: { status: 403, code: "AccessDeniedException" } };

describe("create", () => {
  test("returns when AWS has accepted the team, not when people have, and tells all of it", async () => {
    const { id, outs } = await create();
    expect(outs).toMatchObject({
      arn: id,
      name: expect.stringMatching(/^restores-[0-9a-f]{8}$/),
      status: "PENDING",
      statusCode: "PENDING_ACTIVATION",
      description: asked.description,
      approvalStrategy: asked.approvalStrategy,
      policies: asked.policies,
      numberOfApprovers: 3,
      tags: asked.tags,
      region: "us-east-1",
      approvers: [
        {
          primaryIdentityId: "alice",
          primaryIdentitySourceArn: SOURCE,
          primaryIdentityStatus: "PENDING",
          mfaMethods: [{ type: "EMAIL_OTP", syncStatus: "IN_SYNC" }],
        },
        { primaryIdentityId: "bob" },
        { primaryIdentityId: "carol" },
      ],
    });
    expect(await diff(outs ?? {}, asked)).toMatchObject({ changes: false });
    acceptAll(id);
    const active = await read(id, outs ?? {});
    expect(active).toMatchObject({
      status: "ACTIVE",
      approvers: [{ primaryIdentityStatus: "ACCEPTED" }, {}, {}],
    });
    expect(active).not.toHaveProperty("statusCode");
    expect(await diff(active, asked)).toMatchObject({ changes: false });
  });

  test("waitFor ACTIVE waits for people, and its end names who is the trouble", async () => {
    const waiting = { ...asked, waitFor: "ACTIVE", timeouts: { create: "1m" } };
    const error = await failure(create(waiting));
    const arn = teams()[0]?.arn ?? "";
    expect(error).toMatchObject({ id: arn, properties: { status: "PENDING" } });
    expect(error.message).toMatch(
      /is still PENDING_ACTIVATION \(approvers\[0\] has not answered, approvers\[1\] has not answered, .*after 60 s/,
    );
    // The next up goes on waiting.
    expect(await diff(error.properties, waiting)).toMatchObject({ changes: true, replaces: [] });
    emulator.approver("bob").reject(arn);
    const rejected = await failure(update(arn, error.properties, waiting));
    expect(rejected.message).toMatch(
      /is FAILED_ACTIVATION \(.*rejected.*; approvers\[0\] has not answered, approvers\[1\] has rejected/,
    );
    // And the one after that makes another team.
    expect(await diff(rejected.properties, waiting)).toMatchObject({
      replaces: ["status"],
      deleteBeforeReplace: true,
    });
  });

  test("failed validation ends at once, and is in the state", async () => {
    emulator.approvalTeamValidation = { delayMs: 0, outcome: { statusMessage: "No such user." } };
    const error = await failure(create());
    expect(error.message).toContain("is FAILED_VALIDATION (No such user.;");
    expect(error.properties).toMatchObject({ status: "INACTIVE", statusCode: "FAILED_VALIDATION" });
    expect(await diff(error.properties, asked)).toMatchObject({ replaces: ["status"] });
    await remove(error.id, error.properties);
    expect(teams()).toEqual([]);
  });

  test.each([
    ["with a given name", named],
    ["with a default name", asked],
  ])("a repeat after a lost answer finds the first one, %s", async (_, inputs) => {
    once("CreateApprovalTeam", "after-effect", LOST);
    await failure(create(inputs));
    fault = undefined;
    const { id } = await create(inputs);
    expect(teams().map(({ arn }) => arn)).toEqual([id]);
  });

  test("a repeat finds the first one when the program has changed meanwhile", async () => {
    once("CreateApprovalTeam", "after-effect", LOST);
    await failure(create());
    fault = undefined;
    const error = await failure(create({ ...asked, description: "Other" }));
    expect(error).toMatchObject({ id: teams()[0]?.arn });
    expect(error.message).toMatch(/it is PENDING_ACTIVATION, and AWS changes only ACTIVE teams/);
    expect(teams()).toHaveLength(1);
  });

  test("a given name that another team has is an error, unless it is adopted", async () => {
    const { id: theirs } = await createActive({ ...named, origin: "org/proj/dev::theirs" });
    await expect(create(named)).rejects.toThrow(
      /already has a team with this name: .*\. It is managed by org\/proj\/dev::theirs; .*Adopt it with adopt: true/,
    );
    const other = { ...named, adopt: true, policies: [{ policyArn: `${POLICY}/1` }] };
    await expect(create(other)).rejects.toThrow(
      /Its policies differ from those in the program, so it was not/,
    );
    const { id, outs } = await create({ ...named, adopt: true, tags: { more: "1" } });
    expect(id).toBe(theirs);
    expect(outs).toMatchObject({ tags: { more: "1" }, unmanagedTags: ["team"] });
    expect(team(id)?.tags.get(OWNER_TAG)).toMatch(/^org\/proj\/dev::restores id=/);
  });

  describe("adoption of a team that another state's id is on", () => {
    const adopting = { ...named, adopt: true };

    test("is this state's also when the team has failed: a refresh keeps it, and the next up makes another", async () => {
      const { id } = await create({ ...named, origin: "org/proj/dev::theirs" });
      clock.advance("25h");
      const error = await failure(create(adopting));
      expect(error).toMatchObject({ id, message: expect.stringContaining("is FAILED_ACTIVATION") });
      expect(owner(id)).toBe(`org/proj/dev::restores id=${error.properties.ownershipId}`);
      const refreshed = await read(id, error.properties);
      expect(refreshed).toMatchObject({ arn: id, status: "INACTIVE" });
      expect(await diff(refreshed, adopting)).toMatchObject({
        replaces: ["status"],
        deleteBeforeReplace: true,
      });
      await remove(id, refreshed);
      const { id: next } = await create(adopting);
      expect(teams().map(({ arn }) => arn)).toEqual([next]);
    });

    test("is this state's also when the program asks for a change that AWS does not take yet", async () => {
      const { id } = await create({ ...named, origin: "org/proj/dev::theirs" });
      const changed = { ...adopting, description: "Other" };
      const error = await failure(create(changed));
      expect(error.message).toMatch(/it is PENDING_ACTIVATION, and AWS changes only ACTIVE teams/);
      acceptAll(id);
      expect(await update(id, await read(id, error.properties), changed)).toMatchObject({
        statusCode: "UPDATE_PENDING_APPROVAL",
      });
    });

    test("that may not set the id records nothing, and leaves the team theirs", async () => {
      const { id } = await createActive({ ...named, origin: "org/proj/dev::theirs" });
      const theirs = owner(id);
      once("TagResource", "before-effect", DENIED);
      const error = await failure(create(adopting));
      expect(error.message).toMatch(/^mpa:TagResource for ApprovalTeam .* needs the permission/);
      expect(error).not.toHaveProperty("id");
      expect(owner(id)).toBe(theirs);
      expect((await create(adopting)).id).toBe(id);
    });

    test("goes on after a lost answer to the id", async () => {
      const { id } = await createActive({ ...named, origin: "org/proj/dev::theirs" });
      once("TagResource", "after-effect", LOST);
      const { outs } = await create(adopting);
      expect(owner(id)).toBe(`org/proj/dev::restores id=${outs?.ownershipId}`);
    });

    test("is repeated when a crash has kept its record from the state", async () => {
      const { id } = await createActive({ ...named, origin: "org/proj/dev::theirs" });
      // Their answers are lost: the id is set, and nothing recorded.
      fault = ({ operation, phase }) =>
        /^(TagResource|ListTags)/.test(operation) &&
        phase === "after-effect" &&
        owner(id)?.includes("restores")
          ? LOST
          : undefined;
      expect(await failure(create(adopting))).not.toHaveProperty("id");
      fault = undefined;
      const { outs } = await create(adopting);
      expect(owner(id)).toBe(`org/proj/dev::restores id=${outs?.ownershipId}`);
      expect(outs).toMatchObject({ arn: id, status: "ACTIVE" });
    });
  });

  test("a default name that another's team has is passed over, and one of the same origin is not doubled", async () => {
    const { id: first, outs } = await createActive();
    await expect(create()).rejects.toThrow(
      /It is managed by org\/proj\/dev::restores; .*Adopt it with adopt: true/,
    );
    expect((await create({ ...asked, adopt: true })).id).toBe(first);
    await remove(first, outs);
    expect(team(first)).toBeDefined();
    const name = team(first)?.name;
    team(first)?.tags.set(OWNER_TAG, "org/proj/dev::theirs id=00000000-0000-0000-0000-000000000000");
    const { id: second } = await create();
    expect(team(second)?.name).not.toBe(name);
    expect(teams()).toHaveLength(2);
  });
});

describe("the owner's id, which a team does not have", () => {
  const untagged = { ...asked, tags: {} };

  test.each([
    ["since its call was refused", DENIED, asked],
    ["since its call was refused, and the program has no tags", DENIED, untagged],
    ["since its call was lost, and the program has no tags", LOST, untagged],
  ])("%s, is set by the next up, also after a refresh", async (_, what, inputs) => {
    fault = ({ operation, phase }) =>
      operation === "TagResource" && phase === "before-effect" ? what : undefined;
    const { id, properties } = await failure(create(inputs));
    fault = undefined;
    expect(owner(id)).toBe("org/proj/dev::restores");

    const refreshed = await read(id, properties);
    const planned = await diff(refreshed, inputs);
    expect(planned).toMatchObject({ changes: true, replaces: [] });
    const outs = await update(id, refreshed, inputs);
    expect(owner(id)).toBe(`org/proj/dev::restores id=${properties.ownershipId}`);
    expect(outs).toMatchObject({ ownershipId: properties.ownershipId });
    expect(outs).not.toHaveProperty("unmarked");
    expect(await diff(await read(id, outs), inputs)).toMatchObject({ changes: false });
    expect(sessions()).toEqual([]);
  });

  test("since somebody has removed the tag, is set again by the next up, which asks nobody", async () => {
    const { id, outs } = await createActive();
    team(id)?.tags.delete(OWNER_TAG);
    const refreshed = await read(id, outs);
    expect(refreshed).toMatchObject({ unmarked: true });
    expect(await diff(refreshed, asked)).toMatchObject({ changes: true, replaces: [] });
    await update(id, refreshed, asked);
    expect(owner(id)).toBe(`org/proj/dev::restores id=${outs["ownershipId"]}`);
    expect(sessions()).toEqual([]);
  });
});

describe("check", () => {
  const check = async (inputs: object) => {
    const { failures = [] } = await (await provider()).check({}, { ...asked, ...inputs });
    return failures.map(({ reason }) => reason);
  };
  test("refuses what AWS refuses", async () => {
    expect(await check({})).toEqual([]);
    expect(await check({ approvalStrategy: { mOfN: { minApprovalsRequired: 4 } } })).toEqual([
      "approvalStrategy.mOfN.minApprovalsRequired: must not exceed the number of approvers, 3",
    ]);
    expect(await check({ approvers: people("alice", "alice") })).toEqual([
      "approvers[1]: must not occur twice",
    ]);
    expect(await check({ policies: [{ policyArn: POLICY }] })).toEqual([
      expect.stringMatching(/^policies\[0\]\.policyArn: must be the ARN of a policy's version/),
    ]);
  });
  test("warns below AWS's advice", async () => {
    expect(await check({})).toEqual([]);
    expect(logged()).toEqual([]);
    const alone = { approvers: people("alice"), approvalStrategy: { mOfN: { minApprovalsRequired: 1 } } };
    expect(await check(alone)).toEqual([]);
    expect(logged()).toEqual([
      "ApprovalTeam restores: AWS advises at least three approvers and at least two approvals and fewer approvals than approvers, because an approver who does not answer counts as a rejection.",
    ]);
  });
});

describe("diff", () => {
  test("sets have no order, and a name that is ours to choose may change nothing", async () => {
    const { outs } = await createActive();
    const reordered = { ...asked, approvers: people("carol", "alice", "bob") };
    expect(await diff(outs, reordered)).toMatchObject({ changes: false });
    const [one, other] = ["CreateRestoreAccessVault/1", "Another/$DEFAULT"].map((name) => ({
      policyArn: `arn:aws:mpa:::aws:policy/backup.amazonaws.com/${name}`,
    }));
    const two = await createActive({ ...asked, policies: [one, other], tags: { a: "1", b: "2" } });
    const turned = { ...asked, policies: [other, one], tags: { b: "2", a: "1" } };
    expect(await diff(two.outs, turned)).toMatchObject({ changes: false });
    expect(await diff(outs, { ...asked, approvers: people("alice", "bob") })).toMatchObject({
      changes: true,
      replaces: [],
    });
  });

  test("policies replace, a given name before it is made again, and the members are named", async () => {
    const policies = [{ policyArn: `${POLICY}/1` }];
    const { outs } = await createActive();
    const replacement = { changes: true, replaces: ["policies"] };
    expect(await diff(outs, { ...asked, policies })).toEqual({ ...replacement, deleteBeforeReplace: false });
    expect(logged()).toEqual([
      expect.stringMatching(
        /its 3 members will vote on its deletion \(changed: policies\)\. The option protect prevents it/,
      ),
    ]);
    const given = await createActive(named);
    expect(await diff(given.outs, { ...named, policies })).toEqual({
      ...replacement,
      deleteBeforeReplace: true,
    });
    expect(await diff(given.outs, { ...named, name: "other" })).toMatchObject({ replaces: ["name"] });
    expect(await diff(given.outs, asked)).toMatchObject({ changes: false });
  });
});

describe("update", () => {
  const changed = { ...asked, description: "Decides about all of it" };

  test("of an ACTIVE team is pending until its members have approved, and is asked for once", async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    expect(pending).toMatchObject({
      description: asked.description,
      status: "ACTIVE",
      statusCode: "UPDATE_PENDING_APPROVAL",
      updateSessionArn: sessions()[0]?.arn,
      pendingUpdate: { description: changed.description, approvers: [{}, {}, {}] },
    });
    expect(await diff(pending, changed)).toMatchObject({ changes: false });
    expect(logged().at(-1)).toMatch(
      /a change is waiting for people in the session arn:.*not requested again/,
    );
    await update(id, pending, { ...changed, tags: { team: "other" } });
    expect(sessions()).toHaveLength(1);
    expect(team(id)?.tags.get("team")).toBe("other");

    vote("APPROVE", "alice", "bob");
    const approved = await read(id, pending);
    expect(approved).toMatchObject({ description: changed.description, status: "ACTIVE" });
    for (const gone of ["pendingUpdate", "updateSessionArn", "statusCode"])
      expect(approved).not.toHaveProperty(gone);
    expect(await diff(approved, { ...changed, tags: { team: "other" } })).toMatchObject({ changes: false });
  });

  test.each([
    ["rejected", () => vote("REJECT", "alice", "bob")],
    ["expired", () => clock.advance("24h")],
  ])("that is %s is told by a refresh, and by what the program and AWS disagree on", async (_, happens) => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    happens();
    const failed = await read(id, pending);
    expect(failed).toMatchObject({
      statusCode: "UPDATE_FAILED_APPROVAL",
      description: asked.description,
      pendingUpdate: { statusCode: "UPDATE_FAILED_APPROVAL" },
    });
    expect(await diff(failed, changed)).toMatchObject({ changes: true, replaces: [] });
    expect(logged().at(-1)).toMatch(
      /differs from AWS in description\. .* Until then, pulumi up fails and asks nobody/,
    );
    // The program gives in.
    expect(await diff(failed, asked)).toMatchObject({ changes: false });
  });

  const rejected = async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    vote("REJECT", "alice", "bob");
    return { id, pending };
  };

  test("that was rejected is not asked for again by an up, whatever else changes", async () => {
    const { id, pending } = await rejected();
    const tagged = { ...changed, tags: { team: "other" } };
    // Also when nobody has refreshed since.
    for (const known of [pending, await read(id, pending)]) {
      const error = await failure(update(id, known, tagged));
      expect(error.message).toMatch(
        /not approved \(UPDATE_FAILED_APPROVAL: .*REJECTED\), and the program differs from AWS in description\. Change generation/,
      );
      expect(error.properties).toMatchObject({ refusedUpdate: { description: changed.description } });
      expect(await diff(error.properties, tagged)).toMatchObject({ changes: true });
    }
    expect(team(id)?.tags.get("team")).toBe("other");
    expect(sessions()).toHaveLength(1);
  });

  test("that was rejected is asked for again in another generation, once", async () => {
    const { id, pending } = await rejected();
    const again = await update(id, await read(id, pending), { ...changed, generation: 2 });
    expect(again).toMatchObject({ statusCode: "UPDATE_PENDING_APPROVAL", generation: 2 });
    expect(again).not.toHaveProperty("refusedUpdate");
    vote("REJECT", "alice", "bob");
    await failure(update(id, again, { ...changed, generation: "2" }));
    expect(sessions()).toHaveLength(2);
  });

  test("that was rejected does not keep the program from asking for another, and for it later", async () => {
    const { id, pending } = await rejected();
    const other = await update(id, await read(id, pending), { ...asked, description: "Another" });
    expect(other).toMatchObject({ pendingUpdate: { description: "Another" } });
    vote("APPROVE", "alice", "bob");
    const approved = await read(id, other);
    expect(approved).not.toHaveProperty("refusedUpdate");
    expect(await update(id, approved, changed)).toMatchObject({ statusCode: "UPDATE_PENDING_APPROVAL" });
    expect(sessions()).toHaveLength(3);
  });

  test("that was withdrawn is not asked for again either", async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    await cancel();
    for (const known of [pending, await read(id, pending)]) {
      const error = await failure(update(id, known, changed));
      expect(error.message).toMatch(
        /its last change was withdrawn, and the program differs from AWS in description/,
      );
    }
    expect(sessions()).toHaveLength(1);
  });

  test("whose new member says no is not asked for again either", async () => {
    const { id, outs } = await createActive();
    const more = { ...asked, approvers: people("alice", "bob", "carol", "dave") };
    const pending = await update(id, outs, more);
    vote("APPROVE", "alice", "bob");
    emulator.approver("dave").reject(id);
    const error = await failure(update(id, await read(id, pending), more));
    expect(error.message).toMatch(/UPDATE_FAILED_ACTIVATION.* differs from AWS in approvers/);
    expect(sessions()).toHaveLength(1);
  });

  test("of the generation alone asks nobody", async () => {
    const { id, outs } = await createActive();
    expect(await diff(outs, { ...asked, generation: 2 })).toMatchObject({ changes: true, replaces: [] });
    expect(await update(id, outs, { ...asked, generation: 2 })).toMatchObject({ generation: 2 });
    expect(sessions()).toEqual([]);
  });

  test("that differs from one that is pending is an error that names the session", async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    for (const inputs of [{ ...asked, description: "Another" }, asked]) {
      expect(await diff(pending, inputs)).toMatchObject({ changes: true });
      const error = await failure(update(id, pending, inputs));
      expect(error.message).toContain(
        `another change is waiting for people (UPDATE_PENDING_APPROVAL) in the session`,
      );
      expect(error.message).toContain(`aws-approvals cancel --session ${sessions()[0]?.arn}`);
    }
    expect(sessions()).toHaveLength(1);
    await cancel();
    expect(await diff(await read(id, pending), asked)).toMatchObject({ changes: false });
  });

  test.each([
    ["a lost answer", LOST, 1],
    ["a repeat that AWS refuses", { error: { status: 409, code: "ConflictException" } }, 1],
  ])("after %s is asked for once", async (_, what, expected) => {
    const { id, outs } = await createActive();
    once("UpdateApprovalTeam", "after-effect", what);
    await update(id, outs, changed).catch(() => undefined);
    fault = undefined;
    expect(await update(id, outs, changed)).toMatchObject({ statusCode: "UPDATE_PENDING_APPROVAL" });
    expect(sessions()).toHaveLength(expected);
  });

  test("that invites somebody waits for them, too", async () => {
    const { id, outs } = await createActive();
    const more = { ...asked, approvers: people("alice", "bob", "carol", "dave") };
    const pending = await update(id, outs, more);
    vote("APPROVE", "alice", "bob");
    const invited = await read(id, pending);
    expect(invited).toMatchObject({ statusCode: "UPDATE_PENDING_ACTIVATION" });
    expect(await diff(invited, more)).toMatchObject({ changes: false });
    acceptAll(id);
    expect(await diff(await read(id, invited), more)).toMatchObject({ changes: false });
    expect(await read(id, invited)).toMatchObject({ numberOfApprovers: 4 });
  });

  test("that waits for an invitation cannot be withdrawn, and nothing says so", async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, { ...asked, approvers: people("alice", "bob", "carol", "dave") });
    vote("APPROVE", "alice", "bob");
    await expect(cancel()).rejects.toMatchObject({ name: "ConflictException" });
    for (const error of [await failure(update(id, pending, asked)), await failure(remove(id, pending))]) {
      expect(`${error.message} ${error.stack}`).toMatch(/UPDATE_PENDING_ACTIVATION/);
      expect(`${error.message} ${error.stack}`).not.toMatch(/cancel/);
    }
  });

  test("that AWS has not found valid is said, and not asked for again", async () => {
    const { id, outs } = await createActive();
    const pending = await update(id, outs, changed);
    const statusMessage = "No such user.";
    const statusCode = "UPDATE_FAILED_VALIDATION";
    Object.assign(team(id)?.draft ?? {}, { status: "INACTIVE", statusCode, statusMessage });
    Object.assign(team(id) ?? {}, { statusCode, statusMessage });
    const failed = await read(id, pending);
    await diff(failed, changed);
    expect(logged().at(-1)).toMatch(/UPDATE_FAILED_VALIDATION: No such user\..* Until then, pulumi up fails/);
    const error = await failure(update(id, failed, changed));
    expect(error.message).toMatch(
      /UPDATE_FAILED_VALIDATION: No such user\..* differs from AWS in description/,
    );
    expect(sessions()).toHaveLength(1);
  });

  test("of a team that another stack has taken over is refused", async () => {
    const { id, outs } = await createActive(named);
    await create({ ...named, origin: "org/proj/other::theirs", adopt: true });
    await expect(update(id, outs, { ...named, description: "Mine" })).rejects.toThrow(/managed by .*theirs/);
    expect(await read(id, outs)).toEqual({});
    await remove(id, outs);
    expect(team(id)).toBeDefined();
    expect(logged()).toEqual([
      expect.stringMatching(/is removed from the stack, but not deleted\. It is managed by .*theirs/),
    ]);
  });
});

describe("delete", () => {
  test("is done at once while the team does not work", async () => {
    const { id, outs = {} } = await create();
    await remove(id, outs);
    expect(teams()).toEqual([]);
    await remove(id, outs);
    expect(sessions()).toEqual([]);
  });

  test("waits for a validation that is under way", async () => {
    emulator.approvalTeamValidation = { delayMs: 1_000 };
    const error = await failure(create({ ...asked, timeouts: { create: "100ms" } }));
    await remove(error.id, error.properties);
    expect(teams()).toEqual([]);
  });

  test("of an ACTIVE team asks its members once, and fails until they have decided", async () => {
    const { id, outs } = await createActive();
    for (let run = 0; run < 2; run++) {
      const error = await failure(remove(id, outs));
      expect(`${error}: ${error.stack}`).toMatch(
        /its deletion needs the votes of its members, who have been asked in the session arn:.* and can vote until 20.*Z\. Run pulumi destroy again/,
      );
      expect(sessions()).toHaveLength(1);
    }
    expect(await read(id, outs)).toMatchObject({ statusCode: "DELETE_PENDING_APPROVAL" });
    vote("APPROVE", "alice", "bob");
    await remove(id, outs);
    expect(teams()).toEqual([]);
  });

  test("says when the pending window runs", async () => {
    emulator.approvalTeamDeletion = { windowDays: 3 };
    const { id, outs } = await createActive();
    await failure(remove(id, outs));
    vote("APPROVE", "alice", "bob");
    await expect(remove(id, outs)).rejects.toMatchObject({
      stack: expect.stringContaining("pending window"),
    });
    clock.advance("3d");
    await remove(id, outs);
    expect(teams()).toEqual([]);
  });

  test("takes the days that the program wants to have until the team is gone", async () => {
    const { id, outs } = await createActive({ ...asked, pendingWindowDays: 2 });
    await failure(remove(id, outs));
    vote("APPROVE", "alice", "bob");
    clock.advance("47h");
    expect(team(id)?.status).toBe("DELETING");
    clock.advance("2h");
    expect(teams()).toEqual([]);
  });

  describe("of a team that protects something", () => {
    const protectingTeam = async () => {
      const { id, outs } = await createActive();
      const vault = await airGappedVault({ emulator }, ACCOUNT);
      await associate({ emulator }, vault, id);
      await airGappedVault({ emulator }, ACCOUNT);
      const action = { Action: ACTION, MpaTeamArn: id };
      await callPaymentCryptography({ emulator }, ACCOUNT, "AssociateMpaTeam", action);
      return { id, outs, vault };
    };

    test("says what, in the log and in the error", async () => {
      const { id, outs, vault } = await protectingTeam();
      const warning = `protects the vault ${vault.arn} and ${ACTION} of AWS Payment Cryptography, and AWS deletes the team anyway`;
      expect((await failure(remove(id, outs))).stack).toContain(`It ${warning}`);
      expect(logged()).toEqual([expect.stringContaining(`ApprovalTeam restores ${warning}`)]);
      vote("APPROVE", "alice", "bob");
      await remove(id, outs);
      expect(teams()).toEqual([]);
    });

    test.each<[string, Fault]>([
      ["denied", DENIED],
      ["not answered", LOST],
    ])("goes on where the look-ups are %s", async (_, refusal) => {
      const { id, outs } = await protectingTeam();
      fault = ({ service, phase }) => (service !== "mpa" && phase === "before-effect" ? refusal : undefined);
      expect((await failure(remove(id, outs))).stack).not.toMatch(/protects/);
      expect(sessions()).toHaveLength(1);
    });
  });

  test("that members have rejected is said, and not asked for again; one that nobody answered is", async () => {
    const { id, outs } = await createActive();
    await failure(remove(id, outs));
    clock.advance("24h");
    await failure(remove(id, outs));
    expect(sessions()).toHaveLength(2);
    vote("REJECT", "alice", "carol");
    const error = await failure(remove(id, outs));
    expect(error.stack).toMatch(/its members rejected its deletion in the session arn:/);
    expect(error.stack).toContain(`aws mpa start-active-approval-team-deletion --arn ${id}`);
    expect(sessions()).toHaveLength(2);
  });

  test("that members have rejected is not asked for again by who may not look why it failed", async () => {
    const { id, outs } = await createActive();
    await failure(remove(id, outs));
    vote("REJECT", "alice", "bob");
    fault = ({ operation, phase }) =>
      operation === "ListSessions" && phase === "before-effect" ? DENIED : undefined;
    const error = await failure(remove(id, outs));
    expect(error.stack).toMatch(/its members did not approve its deletion.*mpa:ListSessions/);
    expect(sessions()).toHaveLength(1);
  });

  test("that was withdrawn is said, and asked for again by who knows of it", async () => {
    const { id, outs } = await createActive();
    await failure(remove(id, outs));
    const pending = await read(id, outs);
    await cancel();
    const error = await failure(remove(id, pending));
    expect(error.stack).toMatch(
      /its deletion was withdrawn in the session arn:.* run pulumi refresh and then/,
    );
    expect(sessions()).toHaveLength(1);
    await failure(remove(id, await read(id, pending)));
    expect(logged()).toEqual([
      expect.stringMatching(/an earlier request to delete it was withdrawn .* Its members are asked again/),
    ]);
    expect(sessions()).toHaveLength(2);
  });

  test("while a change is pending is refused, and names the session", async () => {
    const { id, outs } = await createActive();
    await update(id, outs, { ...asked, description: "Other" });
    const error = await failure(remove(id, outs));
    expect(error.stack).toContain(`aws-approvals cancel --session ${sessions()[0]?.arn}`);
    expect(sessions()).toHaveLength(1);
  });

  describe("with deletion: wait", () => {
    const waiting = { ...asked, deletion: "wait" };

    test("ends when the team is gone", async () => {
      const { id, outs } = await createActive(waiting);
      emulator.approvalTeamDeletion = { windowDays: 1 / 24 };
      fault = ({ operation, phase }) => {
        if (operation === "StartActiveApprovalTeamDeletion" && phase === "after-effect")
          vote("APPROVE", "alice", "bob");
        return undefined;
      };
      await remove(id, outs, { timeouts: { delete: "48h" } });
      expect(teams()).toEqual([]);
    });

    test("goes on after its deadline without asking again", async () => {
      const { id, outs } = await createActive(waiting);
      for (let run = 0; run < 2; run++) {
        const error = await failure(remove(id, outs, { timeouts: { delete: "1m" } }));
        expect(error.stack).toMatch(/it is still DELETE_PENDING_APPROVAL after 60 s/);
      }
      expect(sessions()).toHaveLength(1);
    });

    test("ends when somebody withdraws it", async () => {
      const { id, outs } = await createActive(waiting);
      let looks = 0;
      fault = ({ operation, phase }) => {
        const [session] = sessions();
        if (operation === "GetApprovalTeam" && phase === "before-effect" && session && ++looks > 1)
          void cancel().catch(() => undefined);
        return undefined;
      };
      const error = await failure(remove(id, outs, { timeouts: { delete: "48h" } }));
      expect(error.stack).toMatch(/it is ACTIVE \(the request to delete it was withdrawn\), not gone/);
    });

    test("ends with what the members have decided", async () => {
      const { id, outs } = await createActive(waiting);
      fault = ({ operation, phase }) => {
        if (operation === "StartActiveApprovalTeamDeletion" && phase === "after-effect")
          vote("REJECT", "alice", "bob");
        return undefined;
      };
      const error = await failure(remove(id, outs, { timeouts: { delete: "48h" } }));
      expect(error.stack).toMatch(/it is DELETE_FAILED_APPROVAL \(The session ended: REJECTED\), not gone/);
    });
  });
});

test("get reads a team that the stack does not manage", async () => {
  const { id } = await createActive();
  const got = await (await provider()).read(id, { __provider: "text" });
  expect(got.props).toMatchObject({ arn: id, status: "ACTIVE", description: asked.description });
  await expect((await provider()).read("nonsense", { __provider: "text" })).rejects.toMatchObject({
    stack: expect.stringContaining("must be identified by its ARN"),
  });
});
