import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  type CreateDelegationRequestCommandInput,
  GetDelegationRequestCommand,
  GetHumanReadableSummaryCommand,
  ListDelegationRequestsCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import {
  type Credentials,
  CUSTOMER,
  failure,
  type Harness,
  PARTNER,
  START,
  STRANGER,
  startHarness,
  TEMPLATE_ARN,
} from "./harness";

let harness: Harness;
let workflow = 0;
beforeEach(async () => {
  harness = await startHarness({ unenrolledAccounts: [STRANGER] });
});
afterEach(() => harness.close());

const minimal = (): CreateDelegationRequestCommandInput => ({
  Description: "Back up your buckets",
  Permissions: { PolicyTemplateArn: TEMPLATE_ARN },
  RequestorWorkflowId: `workflow-${++workflow}`,
  NotificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  SessionDuration: 3600,
});
const createAs = (who: string, more: Partial<CreateDelegationRequestCommandInput> = {}) =>
  harness.iam(who).send(new CreateDelegationRequestCommand({ ...minimal(), ...more }));
const create = async (more: Partial<CreateDelegationRequestCommandInput> = {}): Promise<string> =>
  (await createAs(PARTNER, more)).DelegationRequestId ?? "";

const commands = {
  associate: AssociateDelegationRequestCommand,
  update: UpdateDelegationRequestCommand,
  accept: AcceptDelegationRequestCommand,
  reject: RejectDelegationRequestCommand,
  send: SendDelegationTokenCommand,
};
type Step = keyof typeof commands;
const act = (who: string | Credentials, step: Step, id: string, Notes?: string) =>
  harness.iam(who).send(new commands[step]({ DelegationRequestId: id, Notes }));
const play = async (id: string, ...steps: Step[]) => {
  for (const step of steps) await act(CUSTOMER, step, id);
};
const get = async (who: string | Credentials, id: string) =>
  (await harness.iam(who).send(new GetDelegationRequestCommand({ DelegationRequestId: id })))
    .DelegationRequest ?? {};

/** Credentials of a role session in an account: an identity beside its root user. */
const role = async (account: string, name = "Admin"): Promise<Credentials> => {
  const { Credentials: issued } = await harness
    .sts(account)
    .send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${name}`, RoleSessionName: "alice" }),
    );
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
};
const denied = { code: "AccessDenied", status: 403 };

describe("CreateDelegationRequest", () => {
  it("answers an id and a link that leads to the emulator", async () => {
    const { DelegationRequestId: id = "", ConsoleDeepLink: link = "" } = await createAs(PARTNER);
    expect(id).toMatch(/^[\w-]{16,128}$/);
    expect(link.length).toBeLessThanOrEqual(255);
    expect(link).toBe(`${harness.emulator.endpoint}/iam/home/delegation-requests/${id}`);
    expect((await fetch(link)).status).toBe(200);
  });

  it("keeps all that it is given", async () => {
    const given = {
      Description: 'Déjà vu & <b> "quoted"\ttab\nnewline\rreturn',
      RequestMessage: "for workspace 7",
      RedirectUrl: "https://partner.example/done?id=1#top",
      OnlySendByOwner: true,
      SessionDuration: 300,
      Permissions: {
        PolicyTemplateArn: TEMPLATE_ARN,
        Parameters: [
          { Name: "buckets", Values: ["a", "b&c"], Type: "stringList" as const },
          { Name: "prefix", Values: ["x"], Type: "string" as const },
        ],
      },
    };
    const request = await get(CUSTOMER, await create(given));
    expect(request).toMatchObject({
      ...given,
      State: "UNASSIGNED",
      RequestorId: PARTNER,
      RequestorName: expect.stringMatching(/^.{1,30}$/),
      CreateDate: START,
      UpdatedTime: START,
      ExpirationTime: new Date("2026-03-02T12:00:00Z"),
    });
    expect(JSON.parse(request.PermissionPolicy ?? "")).toMatchObject({ Version: "2012-10-17" });
    expect(request.PermissionPolicy).toContain("b&c");
    expect(request).not.toHaveProperty("OwnerId");
  });

  it("takes a workflow id once, for ever, by account", async () => {
    const again = { RequestorWorkflowId: "once-only" };
    await create(again);
    expect(await failure(createAs(PARTNER, again))).toMatchObject({
      code: "EntityAlreadyExists",
      status: 409,
    });
    harness.clock.advance("30d");
    expect(await failure(createAs(PARTNER, again))).toMatchObject({ code: "EntityAlreadyExists" });
    const topic = { NotificationChannel: `arn:aws:sns:us-east-1:${CUSTOMER}:approvals` };
    await expect(createAs(CUSTOMER, { ...again, ...topic })).resolves.toBeDefined();
  });

  it("refuses a partner that is not enrolled", async () => {
    expect(await failure(createAs(STRANGER))).toMatchObject(denied);
  });

  it.each([
    ["of another account", `arn:aws:sns:us-east-1:${CUSTOMER}:approvals`],
    ["that is a FIFO topic", `arn:aws:sns:us-east-1:${PARTNER}:approvals.fifo`],
    ["that is a queue", `arn:aws:sqs:us-east-1:${PARTNER}:approvals`],
  ])("refuses a notification channel %s", async (_name, NotificationChannel) => {
    expect(await failure(createAs(PARTNER, { NotificationChannel }))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });

  it("needs a policy template", async () => {
    expect(
      await failure(createAs(PARTNER, { Permissions: { Parameters: [{ Name: "bucket", Values: ["a"] }] } })),
    ).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });
});

describe("bounds", () => {
  const parameter = (more: object) => ({
    Permissions: {
      PolicyTemplateArn: TEMPLATE_ARN,
      Parameters: [{ Name: "bucket", Values: ["a"], ...more }],
    },
  });
  const parameters = (count: number) => ({
    Permissions: {
      PolicyTemplateArn: TEMPLATE_ARN,
      Parameters: Array.from({ length: count }, (_, index) => ({ Name: `name-${index}`, Values: ["v"] })),
    },
  });
  const unsafe = (value: unknown): CreateDelegationRequestCommandInput => Object(value);

  it.each<[string, object]>([
    ["Description of 1000", { Description: "d".repeat(1000) }],
    ["empty Description", { Description: "" }],
    ["RequestMessage of 200", { RequestMessage: "m".repeat(200) }],
    ["RequestorWorkflowId of 5", { RequestorWorkflowId: "w-abc" }],
    ["RequestorWorkflowId of 400", { RequestorWorkflowId: "w".repeat(400) }],
    ["SessionDuration 300", { SessionDuration: 300 }],
    ["SessionDuration 43200", { SessionDuration: 43_200 }],
    ["OwnerAccountId", { OwnerAccountId: CUSTOMER }],
    ["RedirectUrl of 255", { RedirectUrl: `https://${"a".repeat(247)}` }],
    ["parameter name of 5", parameter({ Name: "n".repeat(5) })],
    ["parameter name of 256", parameter({ Name: "n".repeat(256) })],
    ["50 parameters", parameters(50)],
    ["a parameter without values", parameter({ Values: [] })],
  ])("take %s", async (_name, given) => {
    await expect(createAs(PARTNER, given)).resolves.toMatchObject({
      DelegationRequestId: expect.any(String),
    });
  });

  it.each<[string, object, string]>([
    ["Description of 1001", { Description: "d".repeat(1001) }, "at 'description'"],
    ["Description outside Latin-1", { Description: "→" }, "regular expression pattern"],
    ["a control character", { Description: "\u0001" }, "regular expression pattern"],
    ["RequestMessage of 201", { RequestMessage: "m".repeat(201) }, "at 'requestMessage'"],
    ["RequestorWorkflowId of 4", { RequestorWorkflowId: "w-ab" }, "length greater than or equal to 5"],
    [
      "RequestorWorkflowId of 401",
      { RequestorWorkflowId: "w".repeat(401) },
      "length less than or equal to 400",
    ],
    ["SessionDuration 299", { SessionDuration: 299 }, "value greater than or equal to 300"],
    ["SessionDuration 43201", { SessionDuration: 43_201 }, "value less than or equal to 43200"],
    ["OwnerAccountId of 11", { OwnerAccountId: "1".repeat(11) }, "at 'ownerAccountId'"],
    ["OwnerAccountId of 13", { OwnerAccountId: "1".repeat(13) }, "at 'ownerAccountId'"],
    ["empty RedirectUrl", { RedirectUrl: "" }, "length greater than or equal to 1"],
    ["RedirectUrl of 256", { RedirectUrl: `https://${"a".repeat(248)}` }, "length less than or equal to 255"],
    ["RedirectUrl of another scheme", { RedirectUrl: "ftp://a" }, "at 'redirectUrl'"],
    ["NotificationChannel of 1", { NotificationChannel: "a" }, "length greater than or equal to 2"],
    [
      "NotificationChannel of 401",
      { NotificationChannel: "a".repeat(401) },
      "length less than or equal to 400",
    ],
    ["NotificationChannel with a space", { NotificationChannel: "a b" }, "at 'notificationChannel'"],
    [
      "a short template ARN",
      { Permissions: { PolicyTemplateArn: "arn:aws:iam::1" } },
      "at 'permissions.policyTemplateArn'",
    ],
    [
      "a long template ARN",
      { Permissions: { PolicyTemplateArn: `arn:${"a".repeat(2045)}` } },
      "equal to 2048",
    ],
    ["parameter name of 4", parameter({ Name: "nnnn" }), "at 'permissions.parameters.1.member.name'"],
    ["parameter name of 257", parameter({ Name: "n".repeat(257) }), "equal to 256"],
    [
      "an empty value",
      parameter({ Values: ["a", ""] }),
      "at 'permissions.parameters.1.member.values.2.member'",
    ],
    ["a parameter type", parameter({ Type: "number" }), "enum value set: [string, stringList]"],
    ["51 parameters", parameters(51), "length less than or equal to 50"],
  ])("refuse %s", async (_name, given, why) => {
    const failed = await failure(createAs(PARTNER, given));
    expect(failed).toMatchObject({ code: "ValidationError", status: 400 });
    expect(failed.message).toMatch(/^(1 validation error|2 validation errors) detected: Value /);
    expect(failed.message).toContain(why);
  });

  it("are reported all at once, with what is missing", async () => {
    const failed = await failure(
      harness.iam(PARTNER).send(new CreateDelegationRequestCommand(unsafe({ SessionDuration: 1 }))),
    );
    expect(failed.message).toMatch(/^5 validation errors detected: /);
    expect(failed.message).toContain(
      "Value null at 'requestorWorkflowId' failed to satisfy constraint: Member must not be null",
    );
    expect(failed.message).toContain(
      "Value '1' at 'sessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 300",
    );
  });

  it("hold for ids, notes, markers and locales", async () => {
    const iam = harness.iam(CUSTOMER);
    const id = await create({ OwnerAccountId: CUSTOMER });
    await play(id, "associate");
    const invalid = { code: "ValidationError", status: 400 };
    expect(await failure(get(CUSTOMER, "i".repeat(15)))).toMatchObject(invalid);
    expect(await failure(get(CUSTOMER, "i".repeat(16)))).toMatchObject({ code: "NoSuchEntity", status: 404 });
    expect(await failure(get(CUSTOMER, "i".repeat(128)))).toMatchObject({
      code: "NoSuchEntity",
      status: 404,
    });
    expect(await failure(get(CUSTOMER, "i".repeat(129)))).toMatchObject(invalid);
    expect(await failure(get(CUSTOMER, "not/an/id/at-all"))).toMatchObject(invalid);
    expect(await failure(act(CUSTOMER, "update", id, "n".repeat(501)))).toMatchObject(invalid);
    await act(CUSTOMER, "update", id, "n".repeat(500));
    for (const MaxItems of [0, 1001]) {
      expect(await failure(iam.send(new ListDelegationRequestsCommand({ MaxItems })))).toMatchObject(invalid);
    }
    expect(await failure(iam.send(new ListDelegationRequestsCommand({ OwnerId: "short" })))).toMatchObject(
      invalid,
    );
    expect(
      await failure(iam.send(new ListDelegationRequestsCommand({ Marker: "m".repeat(321) }))),
    ).toMatchObject(invalid);
    const summary = new GetHumanReadableSummaryCommand({
      EntityArn: `arn:aws:iam:::delegation-request/${id}`,
      Locale: "e",
    });
    expect(await failure(iam.send(summary))).toMatchObject(invalid);
  });
});

describe("who may read a request", () => {
  it("without owner and owner account: anyone", async () => {
    const id = await create();
    for (const who of [PARTNER, CUSTOMER, STRANGER])
      expect(await get(who, id)).toMatchObject({ State: "UNASSIGNED" });
  });

  it("with an owner account: only its identities, not even the partner", async () => {
    const id = await create({ OwnerAccountId: CUSTOMER });
    expect(await get(CUSTOMER, id)).toMatchObject({ OwnerAccountId: CUSTOMER });
    expect(await get(await role(CUSTOMER), id)).toMatchObject({ OwnerAccountId: CUSTOMER });
    expect(await failure(get(PARTNER, id))).toMatchObject(denied);
  });

  it("once owned: its owner, and the root user of the owner's account", async () => {
    const id = await create();
    const owner = await role(CUSTOMER);
    await act(owner, "associate", id);
    expect(await get(owner, id)).toMatchObject({
      State: "ASSIGNED",
      OwnerAccountId: CUSTOMER,
      OwnerId: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`,
    });
    expect(await get(CUSTOMER, id)).toMatchObject({ State: "ASSIGNED" });
    expect(await failure(get(await role(CUSTOMER, "Reader"), id))).toMatchObject(denied);
    expect(await failure(get(PARTNER, id))).toMatchObject(denied);
  });

  it("once owned: also the accounts that it was granted to, who still may not act on it", async () => {
    const id = await create();
    await play(id, "associate");
    harness.emulator.store.delegationRequests.get(id)?.readableBy.add(PARTNER);
    expect(await get(PARTNER, id)).toMatchObject({ State: "ASSIGNED", OwnerAccountId: CUSTOMER });
    expect(await failure(act(PARTNER, "accept", id))).toMatchObject(denied);
    expect(await failure(get(STRANGER, id))).toMatchObject(denied);
  });

  it("holds for summaries as well", async () => {
    const id = await create({ OwnerAccountId: CUSTOMER });
    const summary = (who: string, EntityArn: string) =>
      harness.iam(who).send(new GetHumanReadableSummaryCommand({ EntityArn }));
    const arn = `arn:aws:iam::${CUSTOMER}:delegation-request/${id}`;
    expect(await summary(CUSTOMER, arn)).toMatchObject({ SummaryState: "AVAILABLE", Locale: "en" });
    expect(await failure(summary(PARTNER, arn))).toMatchObject(denied);
    expect(await failure(summary(CUSTOMER, `arn:aws:iam::${CUSTOMER}:role/not-a-request`))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
    expect(await failure(summary(CUSTOMER, `${arn}x`))).toMatchObject({ code: "NoSuchEntity", status: 404 });
  });

  it("checks permissions on request", async () => {
    const id = await create();
    const check = (who: string | Credentials) =>
      harness
        .iam(who)
        .send(new GetDelegationRequestCommand({ DelegationRequestId: id, DelegationPermissionCheck: true }));
    expect(await check(CUSTOMER)).toMatchObject({
      PermissionCheckStatus: "COMPLETE",
      PermissionCheckResult: "ALLOWED",
    });
    expect(await check(await role(CUSTOMER))).toMatchObject({ PermissionCheckResult: "UNSURE" });
  });
});

describe("states", () => {
  it("go from claim to token", async () => {
    const id = await create();
    await act(CUSTOMER, "associate", id);
    expect(await get(CUSTOMER, id)).toMatchObject({ State: "ASSIGNED" });
    harness.clock.advance("1h");
    await act(CUSTOMER, "update", id, "please look");
    expect(await get(CUSTOMER, id)).toMatchObject({
      State: "PENDING_APPROVAL",
      Notes: "please look",
      UpdatedTime: new Date("2026-03-01T13:00:00Z"),
    });
    await act(CUSTOMER, "accept", id);
    expect(await get(CUSTOMER, id)).toMatchObject({
      State: "ACCEPTED",
      ApproverId: `arn:aws:iam::${CUSTOMER}:root`,
    });
    await act(CUSTOMER, "send", id);
    expect(await get(CUSTOMER, id)).toMatchObject({ State: "FINALIZED" });
  });

  it.each<Step[]>([["associate"], ["associate", "update"], ["associate", "accept"]])(
    "can be rejected after %s",
    async (...steps) => {
      const id = await create();
      await play(id, ...steps);
      await act(CUSTOMER, "reject", id, "not now");
      expect(await get(CUSTOMER, id)).toMatchObject({ State: "REJECTED", RejectionReason: "not now" });
    },
  );

  it.each<[string, Step[], Step[]]>([
    ["ASSIGNED", ["associate"], ["associate", "send"]],
    ["PENDING_APPROVAL", ["associate", "update"], ["associate", "send"]],
    ["ACCEPTED", ["associate", "accept"], ["associate", "update", "accept"]],
    ["REJECTED", ["associate", "reject"], ["associate", "update", "accept", "reject", "send"]],
    ["FINALIZED", ["associate", "accept", "send"], ["associate", "update", "accept", "reject", "send"]],
  ])("forbid, when %s, what does not lead on", async (state, steps, forbidden) => {
    const id = await create();
    await play(id, ...steps);
    for (const step of forbidden) {
      expect(await failure(act(CUSTOMER, step, id))).toMatchObject({ code: "InvalidInput", status: 400 });
    }
    expect(await get(CUSTOMER, id)).toMatchObject({ State: state });
  });

  it("let nobody act but the owner's account", async () => {
    const id = await create({ OwnerAccountId: CUSTOMER });
    expect(await failure(act(STRANGER, "associate", id))).toMatchObject(denied);
    await play(id, "associate");
    const other = await role(CUSTOMER);
    for (const step of ["update", "accept", "reject", "send"] as const) {
      for (const who of [STRANGER, PARTNER, other])
        expect(await failure(act(who, step, id))).toMatchObject(denied);
    }
  });

  it("need an owner first", async () => {
    const id = await create();
    for (const step of ["update", "accept", "reject", "send"] as const) {
      expect(await failure(act(CUSTOMER, step, id))).toMatchObject(denied);
    }
  });

  it("let only the owner send the token where the partner asked for it", async () => {
    const id = await create({ OnlySendByOwner: true });
    const owner = await role(CUSTOMER);
    await act(owner, "associate", id);
    await act(CUSTOMER, "accept", id);
    expect(await failure(act(CUSTOMER, "send", id))).toMatchObject(denied);
    await act(owner, "send", id);
    expect(await get(owner, id)).toMatchObject({ State: "FINALIZED", OnlySendByOwner: true });
  });

  it("answer NoSuchEntity for an unknown request", async () => {
    for (const step of ["associate", "update", "accept", "reject", "send"] as const) {
      expect(await failure(act(CUSTOMER, step, "no-such-request-id"))).toMatchObject({
        code: "NoSuchEntity",
        status: 404,
      });
    }
  });
});

describe("expiry", () => {
  it.each<[string, string, Step[]]>([
    ["UNASSIGNED", "1d", []],
    ["ASSIGNED", "7d", ["associate"]],
    ["PENDING_APPROVAL", "7d", ["associate", "update"]],
    ["ACCEPTED", "7d", ["associate", "accept"]],
    ["REJECTED", "7d", ["associate", "reject"]],
    ["FINALIZED", "7d", ["associate", "accept", "send"]],
  ])("ends %s after %s, counted from the state's start", async (state, lifetime, steps) => {
    const id = await create();
    if (steps.length > 0) harness.clock.advance("23h");
    await play(id, ...steps);
    const { ExpirationTime: expiration } = await get(CUSTOMER, id);
    harness.clock.advance(lifetime);
    expect(harness.clock.now()).toEqual(expiration);
    harness.clock.set(new Date(harness.clock.now().getTime() - 1));
    expect(await get(CUSTOMER, id)).toMatchObject({ State: state });
    harness.clock.advance(1);
    expect(await get(CUSTOMER, id)).toMatchObject({ State: "EXPIRED", ExpirationTime: expiration });
    expect(await failure(act(CUSTOMER, "reject", id))).toMatchObject(
      steps.length > 0 ? { code: "InvalidInput", status: 400 } : denied,
    );
  });

  it("deletes an expired request a day later", async () => {
    const id = await create();
    harness.clock.advance("47h");
    expect(await get(CUSTOMER, id)).toMatchObject({ State: "EXPIRED" });
    harness.clock.advance("1h");
    expect(await failure(get(CUSTOMER, id))).toMatchObject({ code: "NoSuchEntity", status: 404 });
    expect(harness.emulator.store.delegationRequests.size).toBe(0);
  });
});

describe("ListDelegationRequests", () => {
  const list = (
    who: string | Credentials,
    input: { OwnerId?: string; Marker?: string; MaxItems?: number } = {},
  ) => harness.iam(who).send(new ListDelegationRequestsCommand(input));

  it("is the owner's view, page by page", async () => {
    const ids = [];
    for (let index = 0; index < 3; index++) {
      const id = await create();
      await play(id, "associate");
      ids.push(id);
    }
    await create({ OwnerAccountId: CUSTOMER });
    const first = await list(CUSTOMER, { MaxItems: 2 });
    expect(first.DelegationRequests?.map((request) => request.DelegationRequestId)).toEqual(ids.slice(0, 2));
    expect(first.isTruncated).toBe(true);
    const second = await list(CUSTOMER, { MaxItems: 2, Marker: first.Marker ?? "" });
    expect(second.DelegationRequests?.map((request) => request.DelegationRequestId)).toEqual(ids.slice(2));
    expect(second).toMatchObject({ isTruncated: false });
    expect(second.Marker).toBeUndefined();
    expect((await list(PARTNER)).DelegationRequests).toEqual([]);
    expect(await failure(list(CUSTOMER, { Marker: "made-up" }))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });

  it("filters by owner", async () => {
    const owner = await role(CUSTOMER);
    const [mine, theirs] = [await create(), await create()];
    await act(owner, "associate", mine);
    await act(CUSTOMER, "associate", theirs);
    const OwnerId = `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`;
    expect((await list(CUSTOMER, { OwnerId })).DelegationRequests).toHaveLength(1);
    expect((await list(CUSTOMER)).DelegationRequests).toHaveLength(2);
    expect((await list(owner)).DelegationRequests).toMatchObject([{ DelegationRequestId: mine }]);
  });
});
