import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  IAMClient,
  RejectDelegationRequestCommand,
} from "@aws-sdk/client-iam";
import { runtime } from "@pulumi/pulumi";
import {
  type Emulator,
  type EmulatorOptions,
  type Fault,
  ManualClock,
  startEmulator,
} from "../../../../src/emulator";
import { delegationRequestLifecycle } from "../../../../src/resources/iam/delegationRequest/lifecycle";
import { served } from "../../../provider/served";

const PARTNER = "000000000000";
const CUSTOMER = "222222222222";
const asked = {
  __provider: "text",
  origin: "org/proj/dev::acme",
  ownerAccountId: CUSTOMER,
  description: "Read the bucket list",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [{ name: "prefix", type: "string", values: ["acme-"] }],
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};

let emulator: Emulator;
let fault: ((operation: string, phase: string) => Fault | undefined) | undefined;
const clock = new ManualClock();
const start = async (options: EmulatorOptions = {}) => {
  emulator = await startEmulator({
    clock,
    intercept: ({ operation, phase }) => fault?.(operation, phase),
    ...options,
  });
};
/** What the provider says to the person who runs Pulumi. */
let say: jest.SpyInstance;
beforeEach(() => {
  say = jest.spyOn(console, "log").mockImplementation();
});
afterEach(async () => {
  say.mockRestore();
  fault = undefined;
  await emulator?.close();
});

const provider = (config = {}) =>
  served(delegationRequestLifecycle, emulator, clock, { account: PARTNER, ...config });
const requests = () => [...emulator.store.delegationRequests.values()];

async function checked(olds: object, news: object) {
  const { inputs, failures } = await (await provider()).check(olds, news);
  expect(failures).toEqual([]);
  return { ...inputs, __provider: "text" };
}

async function created(news: object = asked) {
  const inputs = await checked({}, news);
  return { inputs, ...(await (await provider()).create(inputs)) };
}

async function customer<T>(use: (iam: IAMClient) => Promise<T>): Promise<T> {
  const iam = new IAMClient({
    region: "us-east-1",
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: CUSTOMER, secretAccessKey: "secret" },
  });
  try {
    return await use(iam);
  } finally {
    iam.destroy();
  }
}

describe("create", () => {
  test("gives the link and what is known, although the customer's account alone may read it", async () => {
    await start();
    const { id, outs } = await created();
    expect(outs).toMatchObject({
      delegationRequestId: id,
      state: "UNASSIGNED",
      ownerAccountId: CUSTOMER,
      computed: ["requestorWorkflowId"],
    });
    expect(outs?.consoleDeepLink).toContain(id);
    expect(outs?.requestorWorkflowId).toMatch(/^org\/proj\/dev::acme\/[0-9a-f]{16}$/);
    expect(new Date(outs?.expirationTime).getTime() - clock.now().getTime()).toBe(24 * 3_600_000);
  });

  test("tells what AWS tells where the request may be read", async () => {
    await start();
    const { ownerAccountId: _, ...anyone } = asked;
    const { outs } = await created(anyone);
    expect(outs).toMatchObject({ requestorId: PARTNER, computed: ["ownerAccountId", "requestorWorkflowId"] });
    expect(outs?.createDate).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(outs?.permissionPolicy).toContain("acme-");
  });

  test.each(["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00.570Z"])(
    "keeps times to the fraction of a second that AWS tells, %s, and that no role is restricted",
    async (now) => {
      clock.set(new Date(now));
      await start();
      const { ownerAccountId: _, ...anyone } = asked;
      const { outs, id } = await created(anyone);
      expect(outs).toMatchObject({
        createDate: now,
        expirationTime: now.replace("03-01", "03-02"),
        rolePermissionRestrictionArns: [],
      });
      const refreshed = await (await provider()).read(id, outs);
      expect(refreshed.props).toEqual(outs);
    },
  );

  test("every request has a workflow id of its own", async () => {
    await start();
    const ids = [await created(), await created()].map(({ outs }) => outs?.requestorWorkflowId);
    expect(new Set(ids).size).toBe(2);
  });

  test("many that AWS throttles or finds in each other's way are each made once", async () => {
    await start({ rateLimits: { "iam:CreateDelegationRequest": { burst: 5, perSecond: 2 } } });
    let inTheWay = 5;
    fault = (operation, phase) =>
      operation === "CreateDelegationRequest" && phase === "before-effect" && inTheWay-- > 0
        ? { error: { status: 409, code: "ConcurrentModification" } }
        : undefined;
    const names = Array.from({ length: 40 }, (_, index) => `customer-${index}`).sort();
    const inputs = await checked({}, asked);
    const one = await provider();
    const create = (name: string) => one.create({ ...inputs, origin: `org/proj/dev::${name}` });
    const made = await Promise.all(names.map(create));
    const ids = requests().map(({ id }) => id);
    expect(made.map(({ id }) => id).sort()).toEqual(ids.sort());
    const stems = requests().map(({ requestorWorkflowId }) => requestorWorkflowId.split(/::|\//)[3]);
    expect(stems.sort()).toEqual(names);
    expect(emulator.calls.some(({ errorCode }) => errorCode === "Throttling")).toBe(true);
  });

  test("a stem that AWS would refuse is made fit", async () => {
    await start();
    const { outs } = await created({ ...asked, origin: `org/proj/dev::${"名".repeat(500)}` });
    expect(outs?.requestorWorkflowId).toMatch(/^org\/proj\/dev::-+\/[0-9a-f]{16}$/);
    expect(outs?.requestorWorkflowId).toHaveLength(400);
  });

  test("a used id of the program's is an error that says what AWS never does, and what to do", async () => {
    await start();
    await created({ ...asked, requestorWorkflowId: "mine-1" });
    await expect(created({ ...asked, requestorWorkflowId: "mine-1" })).rejects.toThrow(
      /DelegationRequest acme: requestorWorkflowId was used before.*does not return that request's link again.*Specify another requestorWorkflowId/,
    );
    expect(requests()).toHaveLength(1);
  });

  test("an answer that was lost leaves an orphan, and the SDK's retry moves on to a fresh id", async () => {
    await start();
    let dropped = false;
    fault = (operation, phase) => {
      if (dropped || operation !== "CreateDelegationRequest" || phase !== "after-effect") return undefined;
      dropped = true;
      return { drop: true };
    };
    const { id, outs } = await created();
    expect(requests()).toHaveLength(2);
    expect(requests().find((request) => request.id === id)?.requestorWorkflowId).toBe(
      outs?.requestorWorkflowId,
    );
  });

  test("a message of AWS's about an argument calls it by its name, since it may be a secret", async () => {
    await start();
    const message = `Value '${asked.description}' at 'description' is not allowed`;
    fault = () => ({ error: { status: 400, code: "ValidationError", message } });
    await expect(created()).rejects.toThrow(
      /: ValidationError: Value '<Description>' at 'description' is not/,
    );
  });

  test("an account that is not enrolled is told so", async () => {
    await start({ unenrolledAccounts: [PARTNER] });
    await expect(created()).rejects.toThrow(
      /^iam:CreateDelegationRequest for DelegationRequest acme: AccessDenied: .* AWS must have enrolled the account as a product provider/,
    );
  });

  test("a look that fails after the create keeps the request, its link and the provider's text", async () => {
    await start();
    fault = (operation) =>
      operation === "GetDelegationRequest"
        ? { error: { status: 500, code: "ServiceFailure", message: "oops" } }
        : undefined;
    const failure = await created().catch((error) => error);
    const [request] = requests();
    expect(failure).toMatchObject({
      id: request?.id,
      properties: { __provider: "text", delegationRequestId: request?.id, state: "UNASSIGNED" },
      reasons: [expect.stringContaining("iam:GetDelegationRequest")],
    });
    expect(failure.properties.consoleDeepLink).toContain(request?.id);

    fault = undefined;
    const inputs = await checked(asked, asked);
    const { outs } = await (await provider()).update(failure.id, failure.properties, inputs);
    expect(outs).toMatchObject({
      delegationRequestId: request?.id,
      consoleDeepLink: failure.properties.consoleDeepLink,
    });
  });
});

describe("read", () => {
  test("shows what people did, where it may be read", async () => {
    await start();
    const { ownerAccountId: _, ...anyone } = asked;
    const { id, outs } = await created(anyone);
    clock.advance("25h");
    const { props, inputs } = await (await provider()).read(id, { ...outs, __provider: "text" });
    expect(props).toMatchObject({ state: "EXPIRED", consoleDeepLink: outs?.consoleDeepLink });
    expect(inputs).toEqual({ ...anyone, state: "EXPIRED", __provider: undefined });
  });

  test("a request that the customer owns keeps its last known state, and says where news arrives", async () => {
    await start();
    const { id, outs } = await created();
    await customer(async (iam) => {
      await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
      await iam.send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }));
    });
    const { props } = await (await provider()).read(id, { ...outs, __provider: "text" });
    expect(props).toMatchObject({ state: "UNASSIGNED", delegationRequestId: id });
    expect(say).toHaveBeenCalledWith(
      expect.stringContaining("AWS publishes changes to its notificationChannel"),
    );
  });

  const { ownerAccountId: _, ...anyone } = asked;
  const read = async (id: string, outs: object) =>
    (await provider()).read(id, { ...outs, __provider: "text" });
  const readable = (id: string) => emulator.store.delegationRequests.get(id)?.readableBy.add(PARTNER);

  test("a request that AWS has deleted stays, and nobody says what became of it", async () => {
    await start();
    const { id, outs } = await created(anyone);
    clock.advance("1000h");
    const result = await read(id, outs as object);
    expect(requests()).toHaveLength(0);
    expect(result).toMatchObject({
      id,
      props: { state: "VANISHED", consoleDeepLink: outs?.consoleDeepLink },
    });
  });

  test("a request that is not found before it can have expired is not gone", async () => {
    await start();
    const { id, outs } = await created(anyone);
    const notFound = { error: { status: 404, code: "NoSuchEntity" } };
    fault = (operation) => (operation === "GetDelegationRequest" ? notFound : undefined);
    expect((await read(id, outs as object)).props).toMatchObject({ state: "UNASSIGNED" });
    clock.advance("25h");
    expect((await read(id, outs as object)).props).toMatchObject({ state: "VANISHED" });
  });

  test("a request that is found again is what it is", async () => {
    await start();
    const { id, outs } = await created(anyone);
    clock.advance("25h");
    const notFound = { error: { status: 404, code: "NoSuchEntity" } };
    fault = (operation) => (operation === "GetDelegationRequest" ? notFound : undefined);
    const { props } = await read(id, outs as object);
    expect(props).toMatchObject({ state: "VANISHED" });
    fault = undefined;
    expect((await read(id, props)).props).toMatchObject({ state: "EXPIRED" });
  });

  test.each(["seen", "unseen"])(
    "a no that has expired since stays a no (%s before it expired)",
    async (when) => {
      await start();
      const { id, outs } = await created(anyone);
      await customer(async (iam) => {
        await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
        await iam.send(new RejectDelegationRequestCommand({ DelegationRequestId: id, Notes: "never" }));
      });
      readable(id);
      const known = when === "seen" ? (await read(id, outs as object)).props : outs;
      clock.advance("169h");
      const expired = (await read(id, known)).props;
      expect(expired).toMatchObject({ state: "REJECTED" });
      clock.advance("1000h");
      expect((await read(id, expired)).props).toMatchObject({ state: "REJECTED" });
    },
  );

  test.each(["seen", "unseen"])(
    "a yes that expired before the token was sent is LAPSED (%s before)",
    async (when) => {
      await start();
      const { id, outs } = await created(anyone);
      await customer(async (iam) => {
        await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
        await iam.send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }));
      });
      readable(id);
      const known = when === "seen" ? (await read(id, outs as object)).props : outs;
      clock.advance("169h");
      const expired = (await read(id, known)).props;
      expect(expired).toMatchObject({ state: "LAPSED" });
      const { failures, inputs } = await (await provider()).check(expired, {
        ...anyone,
        renewWhen: ["LAPSED"],
      });
      expect(failures).toEqual([]);
      expect(inputs).toMatchObject({ state: "UNASSIGNED" });
      clock.advance("1000h");
      expect((await read(id, expired)).props).toMatchObject({ state: "LAPSED" });
    },
  );

  test("a policy that was rendered from secrets is kept as the secret that it was before it was known", async () => {
    await start();
    const { id, outs } = await created({ ...asked, permissionPolicy: null });
    expect(outs).toHaveProperty("permissionPolicy", null);
    await customer((iam) => iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId: id })));
    readable(id);
    expect((await read(id, outs as object)).props?.permissionPolicy).toContain("acme-");
  });
});

describe("diff", () => {
  const outs = {
    ...asked,
    requestorWorkflowId: "made",
    state: "UNASSIGNED",
    computed: ["requestorWorkflowId"],
  };
  /** As Pulumi asks: `check` has put the state of the last refresh among the inputs. */
  const diff = async (news: object, olds: object = outs, seen = "UNASSIGNED") => {
    await start();
    return (await provider()).diff("id", olds, { state: seen, ...news });
  };

  test("nothing changed", async () => {
    expect(await diff(asked)).toMatchObject({ changes: false, replaces: [] });
  });

  test.each([
    ["ownerAccountId", "333333333333"],
    ["ownerAccountId", undefined],
    ["description", "else"],
    ["permissions", { policyTemplateArn: asked.permissions.policyTemplateArn }],
    ["requestMessage", "please"],
    ["requestorWorkflowId", "mine-1"],
    ["redirectUrl", "https://example.com/"],
    ["notificationChannel", runtime.unknownValue],
    ["sessionDuration", 300],
    ["onlySendByOwner", true],
    ["generation", 2],
  ])("%s = %p replaces, and creates before it deletes", async (key, value) => {
    expect(await diff({ ...asked, [key]: value })).toEqual({
      changes: true,
      replaces: [key],
      deleteBeforeReplace: false,
    });
  });

  test("a generation is the same as a number and as a text", async () => {
    const { changes } = await diff({ ...asked, generation: "1" }, { ...outs, generation: 1 });
    expect(changes).toBe(false);
  });

  test.each([
    ["requestorWorkflowId", "made"],
    ["onlySendByOwner", false],
  ])("%s = %p spells out what is so already", async (key, value) => {
    expect(await diff({ ...asked, [key]: value })).toMatchObject({ changes: false });
  });

  test("renewWhen changes in place", async () => {
    expect(await diff({ ...asked, renewWhen: ["REJECTED"] })).toMatchObject({ changes: true, replaces: [] });
  });

  test("an account that claimed the request is no difference to a program that named none", async () => {
    const { ownerAccountId: _, ...anyone } = asked;
    const claimed = { ...outs, computed: ["ownerAccountId", "requestorWorkflowId"] };
    expect(await diff(anyone, claimed)).toMatchObject({ changes: false });
  });

  test.each(["EXPIRED", "REJECTED"])("%s is no difference unless the program says so", async (state) => {
    expect(await diff(asked, { ...outs, state }, state)).toMatchObject({ changes: false });
    await emulator.close();
    expect(
      await diff({ ...asked, renewWhen: [state] }, { ...outs, renewWhen: [state], state }),
    ).toMatchObject({
      changes: true,
      replaces: ["state"],
    });
  });

  test("a state that a refresh finds anew is a change in place, which shows what people did", async () => {
    expect(await diff(asked, { ...outs, state: "FINALIZED" })).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });
});

const values = (list: string[]) => ({
  permissions: {
    ...asked.permissions,
    parameters: [{ name: "bucket", type: "string", values: list }],
  },
});

describe("check", () => {
  const check = async (olds: object, news: object) => {
    await start();
    return (await provider()).check(olds, news);
  };

  test("a secret without a value is left out: Pulumi sends null for it", async () => {
    await start();
    const permissions = { ...asked.permissions, parameters: null };
    const { policyTemplateArn } = permissions;
    expect(
      await checked({}, { ...asked, permissions, requestMessage: null, permissionPolicy: null }),
    ).toEqual({
      ...{ ...asked, permissions: { policyTemplateArn }, permissionPolicy: null },
      state: "UNASSIGNED",
    });
  });

  test("names every bad property of the API model's bounds", async () => {
    const { failures } = await check(
      {},
      {
        ...asked,
        ownerAccountId: "12345",
        sessionDuration: 299,
        requestMessage: "x".repeat(201),
        redirectUrl: "ftp://example.com",
        renewWhen: ["FINALIZED"],
        permissions: {
          policyTemplateArn: "short",
          parameters: [{ name: "four", type: "list", values: [""] }],
        },
      },
    );
    expect((failures ?? []).map(({ reason }) => reason.split(": ")[0]).sort()).toEqual([
      "ownerAccountId",
      "permissions.parameters[0].name",
      "permissions.parameters[0].type",
      "permissions.parameters[0].values[0]",
      "permissions.policyTemplateArn",
      "permissions.policyTemplateArn",
      "redirectUrl",
      "renewWhen[0]",
      "requestMessage",
      "sessionDuration",
    ]);
  });

  test.each([
    [
      "a FIFO topic",
      { notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals.fifo" },
      "notificationChannel",
    ],
    [
      "an ARN that is no template's",
      { permissions: { policyTemplateArn: "arn:aws:s3:::bucket-of-templates" } },
      "permissions.policyTemplateArn",
    ],
    ["a string without a value", values([]), "permissions.parameters[0].values"],
    ["a string of two values", values(["a", "b"]), "permissions.parameters[0].values"],
  ])("refuses %s, which cannot work", async (_, change, property) => {
    const { failures = [] } = await check({}, { ...asked, ...change });
    expect(failures.map(({ reason }) => reason.split(": ")[0])).toEqual([property]);
  });

  test("takes as many values as it likes of a list, and one that is not known yet", async () => {
    const parameters = [
      { name: "regions", type: "stringList", values: [] },
      { name: "bucket", type: "string", values: runtime.unknownValue },
      runtime.unknownValue,
    ];
    const { failures } = await check({}, { ...asked, permissions: { ...asked.permissions, parameters } });
    expect(failures).toEqual([]);
  });

  test("an id of one's own may stay when what was computed is spelt out", async () => {
    const { ownerAccountId: _, ...anyone } = { ...asked, requestorWorkflowId: "mine-1" };
    const { failures } = await check(
      { ...anyone, state: "ASSIGNED" },
      { ...anyone, ownerAccountId: "222222222222" },
    );
    expect(failures).toEqual([]);
  });

  test("tells no value of what it refuses: a preview prints it, and it may be a secret", async () => {
    const { failures = [] } = await check(
      {},
      { ...asked, sessionDuration: 77, description: "hunter2".repeat(200) },
    );
    expect(failures).toHaveLength(2);
    for (const failure of failures) {
      expect(failure.property).toBe("");
      expect(failure.reason).not.toMatch(/77|hunter2/);
    }
  });

  test("keeps the state among the inputs, so that the preview of a renewal shows why", async () => {
    const expired = { ...asked, state: "EXPIRED" };
    expect((await check({}, asked)).inputs).toMatchObject({ state: "UNASSIGNED" });
    await emulator.close();
    expect((await check(expired, asked)).inputs).toMatchObject({ state: "EXPIRED" });
    await emulator.close();
    expect((await check(expired, { ...asked, renewWhen: ["EXPIRED"] })).inputs).toMatchObject({
      state: "UNASSIGNED",
    });
  });

  test("a fixed id cannot be asked with again: the preview says so", async () => {
    const fixed = { ...asked, requestorWorkflowId: "mine-1" };
    const { failures } = await check({ ...fixed, state: "UNASSIGNED" }, { ...fixed, sessionDuration: 600 });
    expect(failures).toEqual([
      {
        property: "",
        reason: expect.stringContaining(
          "requestorWorkflowId: was used for the request that is to be replaced (sessionDuration)",
        ),
      },
    ]);
    await emulator.close();
    const unknown = { ...fixed, notificationChannel: runtime.unknownValue };
    expect((await check({ ...fixed, state: "UNASSIGNED" }, unknown)).failures).toEqual([]);
    await emulator.close();
    const renewal = await check({ ...fixed, state: "REJECTED" }, { ...fixed, renewWhen: ["REJECTED"] });
    expect(renewal.failures?.[0]?.reason).toContain("(renewWhen)");
  });
});

describe("delete", () => {
  const deleteAll = async (...states: string[]) => {
    await start();
    const { id, outs } = await created();
    const calls = emulator.calls.length;
    say.mockClear();
    const served = await provider();
    for (const state of states) await served.delete(id, { ...outs, state, __provider: "text" });
    const lines = say.mock.calls.map(([line]) => String(line));
    expect(emulator.calls).toHaveLength(calls);
    return lines;
  };

  test.each([
    ["UNASSIGNED", /AWS cannot cancel a request\. It expires on .* if nobody acts on it/],
    ["ACCEPTED", /The customer can still send the token/],
    ["FINALIZED", /Access that the customer has granted remains valid until it ends/],
  ])("of one that is %s says what goes on, and calls nothing", async (state, line) => {
    expect(await deleteAll(state)).toEqual([expect.stringMatching(line)]);
  });

  test.each(["REJECTED", "EXPIRED", "LAPSED", "VANISHED"])(
    "of one that is %s has nothing to tell",
    async (state) => {
      expect(await deleteAll(state)).toEqual([]);
    },
  );

  test("says it once in a run for each state", async () => {
    expect(await deleteAll("UNASSIGNED", "UNASSIGNED", "FINALIZED", "UNASSIGNED", "FINALIZED")).toHaveLength(
      2,
    );
  });
});

describe("whom a change asks", () => {
  const outs = {
    ...asked,
    requestorWorkflowId: "made",
    state: "FINALIZED",
    computed: ["requestorWorkflowId"],
  };
  const lines = () => say.mock.calls.map(([line]) => String(line).replace(/^DelegationRequest acme: /, ""));
  const { unknownValue } = runtime;
  const account = "account 222222222222";
  const another = "333333333333";

  test.each([
    ["an argument", { generation: 2 }, `${account} will be asked again (changed: generation).`],
    [
      "two arguments",
      { onlySendByOwner: true, sessionDuration: 300 },
      `${account} will be asked again (changed: sessionDuration, onlySendByOwner).`,
    ],
    ["a state to renew", { renewWhen: ["FINALIZED"] }, `${account} will be asked again (renewWhen).`],
    [
      "the account",
      { ownerAccountId: another },
      `account ${another} will be asked (changed: ownerAccountId).`,
    ],
    [
      "no account",
      { ownerAccountId: undefined },
      "whoever opens the new link will be asked (changed: ownerAccountId).",
    ],
    [
      "what is not known",
      { description: unknownValue },
      `${account} may be asked again (not known yet: description).`,
    ],
    [
      "an account that is not known",
      { ownerAccountId: unknownValue },
      "an account that is not known yet may be asked (not known yet: ownerAccountId).",
    ],
    [
      "an argument, of a secret account",
      { generation: 2, ownerId: null },
      "the customer's account will be asked again (changed: generation).",
    ],
  ])("%s", async (_, change, expected) => {
    await start();
    const served = await provider();
    const { inputs } = await served.check(outs, { ...asked, ...change });
    await served.diff("id", outs, inputs);
    expect(lines()).toEqual([`FINALIZED; ${expected}`]);
  });

  test("states to renew that are not known", async () => {
    await start();
    const served = await provider();
    const expired = { ...outs, state: "EXPIRED" };
    const { inputs } = await served.check(expired, { ...asked, renewWhen: unknownValue });
    await served.diff("id", expired, inputs);
    expect(lines()).toEqual([`EXPIRED; ${account} may be asked again (not known yet: renewWhen).`]);
  });

  test.each([
    ["renewWhen", { renewWhen: ["EXPIRED"] }],
    ["states to renew that are not known, and cannot contain the state", { renewWhen: unknownValue }],
    ["nothing", {}],
  ])("%s: nobody", async (_, change) => {
    await start();
    const served = await provider();
    const { inputs } = await served.check(outs, { ...asked, ...change });
    await served.diff("id", outs, inputs);
    expect(lines()).toEqual([]);
  });

  test("a refresh says nothing, and the update in the same run says it once", async () => {
    await start();
    const { id, outs: made = {} } = await created({
      ...asked,
      ownerAccountId: undefined,
      renewWhen: ["EXPIRED"],
    });
    clock.advance("25h");
    const served = await provider();
    const news = { ...asked, ownerAccountId: undefined, renewWhen: ["EXPIRED"] };
    const { props: expired } = await served.read(id, { ...made, __provider: "text" });
    await served.diff(id, expired, { ...news, state: "UNASSIGNED" });
    expect(lines()).toEqual([]);
    const { inputs } = await served.check(expired, news);
    await served.diff(id, expired, inputs);
    expect(lines()).toEqual(["EXPIRED; whoever opens the new link will be asked (renewWhen)."]);
  });

  test("what has to go before its turn, because of what it depends on, says so without a check", async () => {
    await start();
    await (await provider()).diff("id", outs, { ...asked, notificationChannel: unknownValue });
    expect(lines()).toEqual([
      `FINALIZED; ${account} may be asked again (not known yet: notificationChannel).`,
    ]);
  });
});

test("a rejected request can be asked again, and the old one is left to expire", async () => {
  await start();
  const { id } = await created();
  await customer(async (iam) => {
    await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
    await iam.send(new RejectDelegationRequestCommand({ DelegationRequestId: id, Notes: "not now" }));
  });
  const again = await created({ ...asked, generation: 2 });
  expect(again.id).not.toBe(id);
  expect(requests().map(({ state }) => state)).toEqual(["REJECTED", "UNASSIGNED"]);
});

test("a request has no tags, whatever the configuration says of those of all resources", async () => {
  const config = { "aws:defaultTags": '{"tags":{"team":"a"}}', "aws:ignoreTags": '{"keys":["b"]}' };
  const { inputs, failures } = await (await provider(config)).check({}, asked);
  expect(failures).toEqual([]);
  expect(inputs).not.toHaveProperty("tags");
});
