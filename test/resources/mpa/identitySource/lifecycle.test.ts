import { runtime } from "@pulumi/pulumi";
import { loadMpa } from "../../../../src/aws/mpa";
import { type Emulator, type Fault, ManualClock, startEmulator } from "../../../../src/emulator";
import { identitySourceLifecycle } from "../../../../src/resources/mpa/identitySource/lifecycle";
import { OWNER_TAG } from "../../../../src/resources/mpa/ownership";
import { served } from "../../../provider/served";

const ACCOUNT = "111111111111";
const ARN = `arn:aws:mpa:us-east-1:${ACCOUNT}:identity-source/IamIdentityCenter`;
const asked = {
  __provider: "text",
  origin: "org/proj/dev::people",
  iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "eu-west-1" },
  tags: { team: "security" },
};
const otherInstance = {
  ...asked.iamIdentityCenter,
  instanceArn: "arn:aws:sso:::instance/ssoins-ffffffffffffffff",
};

const clock = new ManualClock();
let emulator: Emulator;
let fault: ((operation: string, phase: string) => Fault | undefined) | undefined;
let log: jest.SpyInstance;
beforeEach(() => {
  log = jest.spyOn(console, "log").mockImplementation();
});
afterEach(() => log.mockRestore());
beforeEach(async () => {
  emulator = await startEmulator({
    clock,
    identitySourceCreation: { delayMs: 0 },
    identitySourceDeletion: { delayMs: 0 },
    intercept: ({ operation, phase }) => fault?.(operation, phase),
  });
});
afterEach(async () => {
  fault = undefined;
  await emulator.close();
});

const provider = (config = {}) =>
  served(identitySourceLifecycle, emulator, clock, { account: ACCOUNT, "aws:maxRetries": "2", ...config });
const create = async (inputs: object = asked) => (await provider()).create(inputs);
const source = () => emulator.store.identitySources.get(ACCOUNT);
/** The tags that people see as theirs. */
const tags = () => {
  const { [OWNER_TAG]: _, ...others } = Object.fromEntries(source()?.tags ?? []);
  return others;
};
const owner = () => source()?.tags.get(OWNER_TAG);
/** An `up` that ends between AWS's answer to the create and its record. */
const createAndDie = async (inputs: object = asked) => {
  once("TagResource", "before-effect", { error: { status: 403, code: "AccessDeniedException" } });
  expect(await failure(create(inputs))).toMatchObject({ id: ARN });
  fault = undefined;
};
const remove = async (outs: object | undefined, more: object = {}) =>
  (await provider()).delete(ARN, { ...outs, ...more, __provider: "text" });
const created = () =>
  emulator.calls.filter(({ operation, status }) => operation === "CreateIdentitySource" && status === 200);
/** Somebody has a team of the source's people. */
const createTeam = async () => {
  const { CreateApprovalTeamCommand, MPAClient } = loadMpa();
  const client = new MPAClient({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: "secret" },
  });
  await client.send(
    new CreateApprovalTeamCommand({
      Name: "ops",
      Description: "Decides about restores",
      ApprovalStrategy: { MofN: { MinApprovalsRequired: 1 } },
      Approvers: [{ PrimaryIdentityId: "alice", PrimaryIdentitySourceArn: ARN }],
      Policies: [
        { PolicyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" },
      ],
    }),
  );
  client.destroy();
};
/** The fault for the first call that it fits. */
const once = (operation: string, phase: string, what: Fault) => {
  let done = false;
  fault = (called, when) => {
    if (done || called !== operation || when !== phase) return undefined;
    done = true;
    return what;
  };
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (e) => e,
  );

const FAILED = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "No such instance." } as const;
/** Somebody deletes the source by the API. */
const startDeletion = async () => {
  const found = source();
  if (!found) throw new Error("there is no source");
  found.status = "DELETING";
  found.pending = { at: new Date(clock.now().getTime() + 700), outcome: "GONE" };
};

describe("create", () => {
  test("waits until the source is ACTIVE and tells all of it", async () => {
    const { id, outs } = await create();
    expect(id).toBe(ARN);
    expect(outs).toMatchObject({
      arn: ARN,
      identitySourceType: "IAM_IDENTITY_CENTER",
      status: "ACTIVE",
      region: "us-east-1",
      tags: asked.tags,
      iamIdentityCenter: asked.iamIdentityCenter,
      approvalPortalUrl: expect.stringMatching(/^https?:/),
      creationTime: source()?.creationTime.toISOString(),
    });
    expect(tags()).toEqual(asked.tags);
  });

  test("ERROR ends it at once with code and message, and the source is kept", async () => {
    const outcome = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "No such instance." } as const;
    emulator.identitySourceCreation = { delayMs: 0, outcome };
    const error = await failure(create());
    expect(error).toMatchObject({
      id: ARN,
      message: expect.stringContaining("is ERROR (IDC_INSTANCE_NOT_FOUND: No such instance.), not ACTIVE"),
      properties: { __provider: "text", arn: ARN, status: "ERROR", ...outcome },
    });
    // Only another source mends it.
    expect(await (await provider()).diff(ARN, error.properties, asked)).toEqual({
      changes: true,
      replaces: ["status"],
      deleteBeforeReplace: true,
    });
  });

  test("a wait that is over keeps the source, and an update goes on with it", async () => {
    emulator.identitySourceCreation = { delayMs: 1_500 };
    const error = await failure(create({ ...asked, timeouts: { create: "300ms" } }));
    expect(error).toMatchObject({ id: ARN, properties: { status: "CREATING", arn: ARN } });
    expect(error.message).toContain("is still CREATING");
    const { outs } = await (await provider()).update(ARN, error.properties, asked);
    expect(outs).toMatchObject({ status: "ACTIVE", arn: ARN });
    expect(outs).not.toHaveProperty("timeouts");
    expect(created()).toHaveLength(1);
  });

  test("a repeat finds the first one's result, with a token from its inputs", async () => {
    await createAndDie();
    expect((await create()).id).toBe(ARN);
    expect(created()).toHaveLength(2);
    expect(emulator.store.identitySources.size).toBe(1);
  });

  test("a token that answers with a source deleted since is passed over", async () => {
    for (let round = 0; round < 3; round++) {
      const { outs } = await create();
      expect(outs?.status).toBe("ACTIVE");
      await remove(outs);
      expect(source()).toBeUndefined();
    }
  });

  test("calls do not grow with the number of sources that were made and deleted before", async () => {
    const calls: number[] = [];
    for (let round = 0; round < 6; round++) {
      const before = emulator.calls.length;
      await remove((await create()).outs);
      calls.push(emulator.calls.length - before);
    }
    expect(new Set(calls.slice(1))).toEqual(new Set([calls[1]]));
  });

  test("neither a crash nor a deletion makes a token useless when the program's tags change after it", async () => {
    await createAndDie();
    const changed = { ...asked, tags: { team: "platform" } };
    const { outs } = await create(changed);
    expect(outs?.tags).toEqual(changed.tags);
    expect(tags()).toEqual(changed.tags);
    await remove(outs);
    expect((await create()).outs?.tags).toEqual(asked.tags);
  });

  test("an old token's answer does not take over what somebody else has made since", async () => {
    const mine = await create();
    await (await provider()).delete(mine.id, { ...mine.outs, __provider: "text" });
    clock.advance("1h");
    const theirs = { ...asked, origin: "org/other/prod::people", tags: { owner: "them" } };
    await create(theirs);
    const error = await failure(create());
    expect(error.message).toContain("the account already has an identity source");
    expect(error).not.toHaveProperty("id");
    expect(tags()).toEqual(theirs.tags);
  });

  test("a token of the program's whose source is gone makes way for a fresh one", async () => {
    const own = { ...asked, clientToken: "token-1" };
    await remove((await create(own)).outs);
    expect((await create(own)).outs).toMatchObject({ status: "ACTIVE", clientToken: "token-1" });
  });

  test("one that is being deleted is waited for", async () => {
    const { outs } = await create();
    emulator.identitySourceDeletion = { delayMs: 700 };
    const error = await failure(remove(outs, { timeouts: { delete: "1ms" } }));
    expect(error.message).toContain("is still DELETING");
    expect((await create()).outs?.status).toBe("ACTIVE");
  });

  test("a crash after somebody else's deletion was waited for is recovered from", async () => {
    await create({ ...asked, origin: "org/other/prod::people" });
    emulator.identitySourceDeletion = { delayMs: 700 };
    await startDeletion();
    await createAndDie();
    expect((await create()).outs?.status).toBe("ACTIVE");
    expect(emulator.store.identitySources.size).toBe(1);
  });

  test("a lost answer is found again by the SDK's retry", async () => {
    once("CreateIdentitySource", "after-effect", { drop: true });
    expect((await create()).outs?.status).toBe("ACTIVE");
    expect(emulator.store.identitySources.size).toBe(1);
  });

  test.each(["GetIdentitySource", "ListTagsForResource"])(
    "a failed %s after it keeps the source",
    async (operation) => {
      fault = (called) =>
        called === operation ? { error: { status: 500, code: "InternalServerException" } } : undefined;
      const error = await failure(create());
      expect(error).toMatchObject({ id: ARN, properties: { __provider: "text", arn: ARN } });
      fault = undefined;
      expect((await (await provider()).update(ARN, error.properties, asked)).outs).toMatchObject({
        status: "ACTIVE",
      });
      expect(created()).toHaveLength(1);
    },
    30_000,
  );

  test("quota, throttling and denial are one readable message each", async () => {
    for (const [status, code, says] of [
      [402, "ServiceQuotaExceededException", "quota"],
      [403, "AccessDeniedException", "needs the permission mpa:CreateIdentitySource"],
      [429, "ThrottlingException", "Run again later"],
    ] as const) {
      fault = (called) => (called === "CreateIdentitySource" ? { error: { status, code } } : undefined);
      const error = await failure(create());
      expect(error.message).toMatch(/^mpa:CreateIdentitySource for IdentitySource people: /);
      expect(error.message).toContain(says);
      expect(error).not.toHaveProperty("id");
    }
  });
});

describe("a source that exists already", () => {
  const foreign = { ...asked, origin: "org/other/prod::people" };

  test("is an error that names it and the two remedies", async () => {
    await create(foreign);
    const error = await failure(create());
    expect(error.message).toContain(ARN);
    expect(error.message).toContain("adopt: true");
    expect(error.message).toContain("IdentitySource.get");
    expect(error.message).not.toContain(asked.iamIdentityCenter.instanceArn);
    expect(error).not.toHaveProperty("id");
  });

  test("is taken over with adopt, and keeps the tags that it has", async () => {
    await create({ ...foreign, tags: { left: "over" } });
    const adopting = { ...asked, adopt: true };
    const { id, outs } = await create(adopting);
    expect(id).toBe(ARN);
    expect(outs).toMatchObject({ status: "ACTIVE", tags: asked.tags });
    expect(tags()).toEqual({ ...asked.tags, left: "over" });
    const { props, inputs } = await (await provider()).read(ARN, { ...outs, __provider: "text" });
    expect(inputs).toMatchObject({ tags: asked.tags });
    expect(await (await provider()).diff(ARN, props, adopting)).toMatchObject({ changes: false });
    await (await provider()).update(ARN, { ...props, __provider: "text" }, { ...adopting, tags: {} });
    expect(tags()).toEqual({ left: "over" });
  });

  test("of another instance is not adopted", async () => {
    await create({ ...foreign, iamIdentityCenter: otherInstance });
    await expect(create({ ...asked, adopt: true })).rejects.toThrow("so it was not adopted");
    expect(source()?.instanceArn).toBe(otherInstance.instanceArn);
  });
});

describe("whose a source is", () => {
  const elsewhere = { ...asked, origin: "org/other/prod::people" };

  test("its tag says, with an id that only the state knows as the last step", async () => {
    emulator.identitySourceCreation = { delayMs: 0, outcome: FAILED };
    const failed = await failure(create());
    expect(owner()).toBe("org/proj/dev::people");
    await remove(failed.properties);
    emulator.identitySourceCreation = { delayMs: 0 };
    const { outs } = await create();
    expect(owner()).toBe(`org/proj/dev::people id=${outs?.ownershipId}`);
    expect(outs?.tags).toEqual(asked.tags);
  });

  test("an entry that was renamed away forgets what its new name has adopted", async () => {
    const { outs } = await create();
    await create({ ...asked, origin: "org/proj/dev::renamed", adopt: true });
    await remove(outs);
    expect(log).toHaveBeenCalledWith(
      expect.stringMatching(/not deleted\. It is managed by org\/proj\/dev::renamed; it was created 2/),
    );
    expect(source()?.status).toBe("ACTIVE");
    expect(await (await provider()).read(ARN, { ...outs, __provider: "text" })).toEqual({
      id: "",
      props: {},
    });
    await expect((await provider()).update(ARN, { ...outs, __provider: "text" }, asked)).rejects.toThrow(
      "managed by org/proj/dev::renamed",
    );
  });

  test("a second backend with the same names is told by whom it is held, since when, and the way on", async () => {
    const { outs } = await create();
    const error = await failure(create());
    expect(error.message).toContain("managed by org/proj/dev::people");
    expect(error.message).toContain(String(outs?.creationTime));
    expect(error.message).toContain("adopt: true");
    expect(error).not.toHaveProperty("id");
  });

  test("a death between the mark and its record ends in an error that names adopt, which goes on", async () => {
    await create();
    await expect(create()).rejects.toThrow("adopt: true");
    const { outs } = await create({ ...asked, adopt: true });
    expect(owner()).toContain(String(outs?.ownershipId));
  });

  test("an adopted source that has failed is this state's: a refresh keeps it, and the next up makes another", async () => {
    await create(elsewhere);
    const found = source();
    if (found) Object.assign(found, { status: "ERROR", ...FAILED });
    const adopting = { ...asked, adopt: true };
    const error = await failure(create(adopting));
    expect(error).toMatchObject({ id: ARN, message: expect.stringContaining("is ERROR (IDC_INSTANCE") });
    expect(owner()).toBe(`org/proj/dev::people id=${error.properties.ownershipId}`);
    const { id, props } = await (await provider()).read(ARN, error.properties);
    expect(id).toBe(ARN);
    expect(await (await provider()).diff(ARN, props, adopting)).toMatchObject({ replaces: ["status"] });
    await remove(props);
    expect((await create(adopting)).outs?.status).toBe("ACTIVE");
  });

  test("an answer to the mark that was lost keeps the source of this state", async () => {
    fault = (called, phase) =>
      called === "TagResource" && phase === "after-effect" && owner()?.includes("id=")
        ? { drop: true }
        : undefined;
    const error = await failure(create());
    fault = undefined;
    expect(error).toMatchObject({ id: ARN });
    const { outs } = await (await provider()).update(ARN, error.properties, asked);
    expect(owner()).toBe(`org/proj/dev::people id=${outs?.ownershipId}`);
    await remove(outs);
    expect(source()).toBeUndefined();
  });

  test("an update that died after the id was set is made good by the next one", async () => {
    fault = (called) =>
      called === "GetIdentitySource" ? { error: { status: 403, code: "AccessDeniedException" } } : undefined;
    const { properties } = await failure(create());
    fault = undefined;
    // Its result is never recorded.
    await (await provider()).update(ARN, properties, asked);
    const { outs } = await (await provider()).update(ARN, properties, asked);
    expect(owner()).toBe(`org/proj/dev::people id=${outs?.ownershipId}`);
  });

  test.each([
    ["the create was interrupted before it was set", asked],
    ["and the program has no tags", { ...asked, tags: {} }],
  ])("an id that AWS does not have is set by the next up, also after a refresh: %s", async (_, inputs) => {
    once("TagResource", "before-effect", { error: { status: 403, code: "AccessDeniedException" } });
    const { properties } = await failure(create(inputs));
    fault = undefined;
    const { id, props } = await (await provider()).read(ARN, properties);
    const { changes, replaces } = await (await provider()).diff(ARN, props, inputs);
    expect({ id, changes, replaces }).toMatchObject({ id: ARN, changes: true, replaces: [] });

    const { outs } = await (await provider()).update(ARN, props, inputs);
    expect(owner()).toBe(`org/proj/dev::people id=${outs?.ownershipId}`);
    expect(outs?.ownershipId).toBe(properties.ownershipId);
    expect(outs).not.toHaveProperty("unmarked");
    expect(await (await provider()).diff(ARN, outs, inputs)).toMatchObject({ changes: false });
  });

  test("an id that somebody has removed is set again by the next up", async () => {
    const { outs } = await create();
    source()?.tags.delete(OWNER_TAG);
    const { props } = await (await provider()).read(ARN, outs);
    expect(await (await provider()).diff(ARN, props, asked)).toMatchObject({ changes: true, replaces: [] });
    await (await provider()).update(ARN, props ?? {}, asked);
    expect(owner()).toBe(`org/proj/dev::people id=${outs?.ownershipId}`);
  });

  test("without the tag the time of creation says it, give or take seconds", async () => {
    const { outs } = await create();
    source()?.tags.delete(OWNER_TAG);
    const near = new Date(Date.parse(String(outs?.creationTime)) + 3_000).toISOString();
    const far = new Date(Date.parse(String(outs?.creationTime)) + 60_000).toISOString();
    const read = async (creationTime: string) =>
      (await provider()).read(ARN, { ...outs, creationTime, __provider: "text" });
    expect((await read(near)).id).toBe(ARN);
    expect((await read(far)).id).toBe("");
  });

  test("the tag is none of the user's, who keeps 49", async () => {
    const check = async (count: number, key = "key") => {
      const many = Object.fromEntries(Array.from({ length: count }, (_, i) => [`${key}${i}`, "v"]));
      return (await (await provider()).check({}, { ...asked, tags: many })).failures;
    };
    expect(await check(49)).toEqual([]);
    expect(await check(50)).toHaveLength(1);
    expect(await check(1, "pulumi-aws-approvals:")).toHaveLength(1);
  });

  test("an imported source, which has no owner, gets one with its first update", async () => {
    const { outs } = await create();
    source()?.tags.delete(OWNER_TAG);
    const { ownershipId: _, ...imported } = outs ?? {};
    const updated = await (await provider()).update(
      ARN,
      { ...imported, __provider: "text" },
      { ...asked, tags: {} },
    );
    expect(updated.outs?.ownershipId).toMatch(/^[0-9a-f-]{36}$/);
    expect(owner()).toContain(updated.outs?.ownershipId);
  });

  test("two entries never share one", async () => {
    await create();
    await expect(create(elsewhere)).rejects.toThrow("managed by org/proj/dev::people");
  });
});

describe("the configuration's tags", () => {
  const defaults = (tags: object) => ({ "aws:defaultTags": JSON.stringify({ tags }) });
  const ignoring = (ignored: object) => ({ "aws:ignoreTags": JSON.stringify(ignored) });
  /** An `up`, as Pulumi makes one: what check answers is created. */
  const up = async (config: object, inputs: object = asked) => {
    const configured = await provider(config);
    const { inputs: checked, failures } = await configured.check({}, inputs);
    expect(failures).toEqual([]);
    return { configured, checked, outs: (await configured.create(checked)).outs };
  };

  test("by default are on the source, which has its own before them, and go when the configuration does", async () => {
    const config = defaults({ team: "everybody", costCenter: "4711" });
    const { configured, checked, outs } = await up(config);
    const merged = { team: "security", costCenter: "4711" };
    expect(checked).toMatchObject({ tags: merged });
    expect(outs?.tags).toEqual(merged);
    expect(tags()).toEqual(merged);
    expect(await configured.diff(ARN, outs, checked)).toMatchObject({ changes: false });
    const read = await configured.read(ARN, { ...outs, __provider: "text" });
    expect(read.inputs).toMatchObject({ tags: merged });

    const without = await provider();
    const { inputs } = await without.check(checked, asked);
    expect(await without.diff(ARN, outs, inputs)).toMatchObject({ changes: true, replaces: [] });
    await without.update(ARN, { ...outs, __provider: "text" }, inputs);
    expect(tags()).toEqual(asked.tags);
  });

  test("by default count among those that a source may have, and wait for tags that are not known yet", async () => {
    const configured = await provider(defaults({ team: "everybody", costCenter: "4711" }));
    const many = Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`key${i}`, "v"]));
    const { failures } = await configured.check({}, { ...asked, tags: many });
    expect(failures).toMatchObject([{ reason: "tags: may hold at most 49 entries, holds 50" }]);
    const unknown = await configured.check({}, { ...asked, tags: runtime.unknownValue });
    expect(unknown).toMatchObject({ inputs: { tags: runtime.unknownValue }, failures: [] });
    const { tags: _, ...untagged } = asked;
    expect((await configured.check({}, untagged)).inputs.tags).toEqual({
      team: "everybody",
      costCenter: "4711",
    });
  });

  test("to ignore are neither shown nor removed, and ours is not among them", async () => {
    const config = ignoring({ keys: ["audited"], keyPrefixes: ["scan:", "pulumi"] });
    const { configured, outs } = await up(config);
    source()?.tags.set("audited", "yes").set("scan:last", "today").set("scan", "no");
    const { props, inputs } = await configured.read(ARN, { ...outs, __provider: "text" });
    expect(props?.tags).toEqual({ ...asked.tags, scan: "no" });
    expect(props).not.toHaveProperty("unmarked");
    expect(inputs).toMatchObject({ tags: { ...asked.tags, scan: "no" } });
    await configured.update(ARN, { ...props, __provider: "text" }, { ...asked, tags: {} });
    expect(tags()).toEqual({ audited: "yes", "scan:last": "today" });
    await configured.delete(ARN, { ...outs, __provider: "text" });
    expect(source()).toBeUndefined();
  });

  test("to ignore cannot be the source's own", async () => {
    const configured = await provider({
      ...ignoring({ keys: ["team"] }),
      ...defaults({ team: "everybody" }),
    });
    for (const inputs of [asked, { ...asked, tags: {} }])
      expect((await configured.check({}, inputs)).failures).toEqual([
        {
          property: "",
          reason: expect.stringMatching(/^tags\.team: is ignored by ignoreTags/),
        },
      ]);
  });

  test("are those of the environment, too", async () => {
    const environment = {
      TF_AWS_DEFAULT_TAGS_team: "everybody",
      TF_AWS_DEFAULT_TAGS_stage: "dev",
      TF_AWS_IGNORE_TAGS_KEYS: "audited,checked",
      TF_AWS_IGNORE_TAGS_KEY_PREFIXES: "scan:",
    };
    Object.assign(process.env, environment);
    try {
      const { configured, outs } = await up(defaults({ stage: "prod" }));
      expect(tags()).toEqual({ ...asked.tags, stage: "prod" });
      source()?.tags.set("checked", "yes").set("scan:last", "today");
      const { props } = await configured.read(ARN, { ...outs, __provider: "text" });
      expect(props?.tags).toEqual({ ...asked.tags, stage: "prod" });
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });
});

describe("a source that is not ACTIVE", () => {
  const stateOf = (status: string) => ({
    ...asked,
    arn: ARN,
    region: "us-east-1",
    status,
    computed: ["region"],
  });
  test.each([
    ["CREATING", { changes: true, replaces: [] }],
    ["ERROR", { changes: true, replaces: ["status"] }],
    ["DELETING", { changes: true, replaces: ["status"] }],
    ["ACTIVE", { changes: false, replaces: [] }],
  ])("%s is not taken for done by the next up", async (status, diff) => {
    expect(await (await provider()).diff(ARN, stateOf(status), asked)).toMatchObject(diff);
  });
});

test("a get of what is no ARN says what it takes", async () => {
  await expect((await provider()).read("people", { __provider: "text" })).rejects.toThrow(
    "must be identified by its ARN",
  );
});

describe("read", () => {
  test("shows drifted tags as other inputs than the program's", async () => {
    const { outs } = await create();
    source()?.tags.set("team", "finance").set("extra", "1");
    const { props, inputs } = await (await provider()).read(ARN, { ...outs, __provider: "text" });
    expect(props?.tags).toEqual({ team: "finance", extra: "1" });
    expect(inputs).toEqual({ ...asked, tags: { team: "finance", extra: "1" }, __provider: undefined });
  });

  test("of one that is gone is an empty id on refresh, and an error on get", async () => {
    expect(await (await provider()).read(ARN, { ...asked, arn: ARN, computed: ["region"] })).toEqual({
      id: "",
      props: {},
    });
    await expect((await provider()).read(ARN, { __provider: "text" })).rejects.toThrow(
      `IdentitySource.get: ${ARN} was not found`,
    );
  });

  test("of a get tells all that AWS tells, and a refresh finds it again", async () => {
    const { outs } = await create();
    const { props } = await (await provider()).read(ARN, { __provider: "text" });
    const { origin: _, ...rest } = outs as Record<string, unknown>;
    expect(props).toEqual({ ...rest, computed: [] });
    expect(await (await provider()).read(ARN, { ...props })).toMatchObject({ id: ARN, props });
  });
});

describe("update", () => {
  test("that fails keeps what was known", async () => {
    const { outs } = await create();
    fault = (called) =>
      called === "UntagResource" ? { error: { status: 403, code: "AccessDeniedException" } } : undefined;
    const error = await failure(
      (await provider()).update(ARN, { ...outs, __provider: "text" }, { ...asked, tags: {} }),
    );
    expect(error.properties).toMatchObject({
      approvalPortalUrl: outs?.approvalPortalUrl,
      creationTime: outs?.creationTime,
    });
  });

  test("makes the tags what the program says, from what they are in the cloud", async () => {
    const { outs } = await create();
    source()?.tags.set("drifted", "1");
    const news = { ...asked, tags: { team: "platform", stage: "dev" } };
    const result = await (await provider()).update(ARN, { ...outs, __provider: "text" }, news);
    expect(result.outs?.tags).toEqual(news.tags);
    expect(tags()).toEqual(news.tags);
  });

  test("a call that fails half-way keeps the source and can be repeated", async () => {
    const { outs } = await create();
    const news = { ...asked, tags: { stage: "dev" } };
    fault = (called) =>
      called === "TagResource" ? { error: { status: 403, code: "AccessDeniedException" } } : undefined;
    const error = await failure((await provider()).update(ARN, { ...outs, __provider: "text" }, news));
    expect(error).toMatchObject({ id: ARN, properties: { arn: ARN, __provider: "text" } });
    fault = undefined;
    await (await provider()).update(ARN, error.properties, news);
    expect(tags()).toEqual(news.tags);
  });

  test("of one deleted behind our back names the remedy", async () => {
    await expect((await provider()).update(ARN, { ...asked, arn: ARN, computed: [] }, asked)).rejects.toThrow(
      "pulumi refresh",
    );
  });
});

describe("diff", () => {
  const outs = { ...asked, arn: ARN, region: "us-east-1", status: "ACTIVE", computed: ["region"] };
  const diff = async (news: object) => (await provider()).diff(ARN, outs, news);

  test.each([
    ["nothing", {}, []],
    ["the instance", { iamIdentityCenter: otherInstance }, ["iamIdentityCenter"]],
    [
      "its region",
      { iamIdentityCenter: { ...asked.iamIdentityCenter, region: "us-east-1" } },
      ["iamIdentityCenter"],
    ],
    ["MPA's region", { region: "eusc-de-east-1" }, ["region"]],
    ["MPA's region, spelt out", { region: "us-east-1" }, []],
    ["the token", { clientToken: "token-1" }, ["clientToken"]],
    ["tags", { tags: {} }, []],
    ["adopt", { adopt: true }, []],
    ["timeouts", { timeouts: { create: "1m" } }, []],
  ])("%s: replaces %j", async (what, change, replaces) => {
    const updates = ["tags", "adopt", "timeouts"].includes(what);
    expect(await diff({ ...asked, ...change })).toEqual({
      changes: updates || replaces.length > 0,
      replaces,
      deleteBeforeReplace: true,
    });
  });
});

test.each([
  ["region", { region: "us-east-1" }],
  ["clientToken", { clientToken: "token-1" }],
])("taking %s out of the program again changes nothing", async (_, given) => {
  const outs = { ...asked, arn: ARN, region: "us-east-1", status: "ACTIVE", computed: [], ...given };
  expect(await (await provider()).diff(ARN, outs, asked)).toMatchObject({ changes: false, replaces: [] });
});

describe("delete", () => {
  test("waits until it is gone", async () => {
    const { outs } = await create();
    emulator.identitySourceDeletion = { delayMs: 400 };
    await (await provider()).delete(ARN, { ...outs, __provider: "text" });
    expect(source()).toBeUndefined();
  });

  test("gone already is fine", async () => {
    await expect((await provider()).delete(ARN, asked)).resolves.toBeUndefined();
  });

  test("of one that somebody else has made since ours was deleted touches nothing", async () => {
    const { outs } = await create();
    await (await provider()).delete(ARN, { ...outs, __provider: "text" });
    clock.advance("1h");
    await create({ ...asked, origin: "org/other/prod::people" });
    await (await provider()).delete(ARN, { ...outs, __provider: "text" });
    expect(source()?.status).toBe("ACTIVE");
    expect(await (await provider()).read(ARN, { ...outs, __provider: "text" })).toEqual({
      id: "",
      props: {},
    });
    await expect((await provider()).update(ARN, { ...outs, __provider: "text" }, asked)).rejects.toThrow(
      "pulumi refresh",
    );
  });

  test("a deletion that runs already is waited for", async () => {
    const { outs } = await create();
    emulator.identitySourceDeletion = { delayMs: 600 };
    await failure(remove(outs, { timeouts: { delete: "1ms" } }));
    await remove(outs);
    expect(source()).toBeUndefined();
  });

  test("teams that use it are a conflict that names what to do", async () => {
    const { outs } = await create();
    await createTeam();
    await expect(remove(outs)).rejects.toThrow(
      /Conflict: .* Approval teams still use it\. Delete them first/,
    );
    expect(source()?.status).toBe("ACTIVE");
  });

  test("a conflict with a deletion that runs already is that deletion", async () => {
    const { outs } = await create();
    await startDeletion();
    fault = (called) =>
      called === "DeleteIdentitySource" ? { error: { status: 409, code: "ConflictException" } } : undefined;
    await remove(outs);
    expect(source()).toBeUndefined();
  });

  test("a source that is still being created is no matter of teams", async () => {
    const { outs } = await create();
    fault = (called) =>
      called === "DeleteIdentitySource" ? { error: { status: 409, code: "ConflictException" } } : undefined;
    const found = source();
    if (found) found.status = "CREATING";
    const { message } = await failure(remove(outs));
    expect(message).toContain("still being created");
    expect(message).not.toContain("teams");
  });

  test("a read that still shows the ERROR from before does not end the deletion", async () => {
    emulator.identitySourceCreation = { delayMs: 0, outcome: FAILED };
    const failed = await failure(create());
    const found = source();
    let reads = 0;
    fault = (called, phase) => {
      // The first reads after the deletion are stale.
      if (called === "GetIdentitySource" && phase === "before-effect" && found)
        found.status = ++reads <= 3 ? "ERROR" : "DELETING";
      return undefined;
    };
    emulator.identitySourceDeletion = { delayMs: 3_000 };
    await remove(failed.properties);
    expect(source()).toBeUndefined();
  });

  test("one that fails to go says why", async () => {
    const { outs } = await create();
    const outcome = { statusCode: "DELETION_FAILED", statusMessage: "Try later." } as const;
    emulator.identitySourceDeletion = { delayMs: 0, outcome };
    await expect(remove(outs)).rejects.toThrow("is ERROR (DELETION_FAILED: Try later.), not gone");
  });
});

test("check takes a token of the program's with another instance: a fresh one is used then", async () => {
  const own = { ...asked, clientToken: "token-1" };
  const { failures } = await (await provider()).check(own, { ...own, iamIdentityCenter: otherInstance });
  expect(failures).toEqual([]);
});

test("a role that may not be assumed is a matter of credentials, not of the call", async () => {
  fault = (operation) =>
    operation === "AssumeRole" ? { error: { status: 403, code: "AccessDenied" } } : undefined;
  const assumeRoles = JSON.stringify([{ roleArn: "arn:aws:iam::333333333333:role/deploy" }]);
  const error = await failure((await provider({ "aws:assumeRoles": assumeRoles })).create(asked));
  expect(error.message).toMatch(
    /^sts:AssumeRole for aws:assumeRoles\[0\]: AccessDenied: .* trust policy must allow/,
  );
});

test("check names every bad property", async () => {
  const { failures } = await (await provider()).check(
    {},
    {
      ...asked,
      iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/nope-12345", region: "" },
      tags: { "aws:x": "1", [`k${"x".repeat(128)}`]: "2", ok: "v".repeat(257) },
      timeouts: { create: "soon" },
      adopt: "yes",
    },
  );
  expect((failures ?? []).map(({ reason }) => reason.split(": ")[0]).sort()).toEqual([
    "adopt",
    "iamIdentityCenter.instanceArn",
    "iamIdentityCenter.region",
    "iamIdentityCenter.region",
    `tags.k${"x".repeat(128)}`,
    "tags.ok",
    'tags["aws:x"]',
    "timeouts.create",
  ]);
});

test("credentials of an assumed role are used when the stack asks for them", async () => {
  const assumeRoles = JSON.stringify([{ roleArn: "arn:aws:iam::333333333333:role/deploy" }]);
  const { id } = await (await provider({ "aws:assumeRoles": assumeRoles })).create(asked);
  expect(id).toContain(":333333333333:");
});
