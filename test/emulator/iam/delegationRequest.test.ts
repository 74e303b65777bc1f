import {
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  type DelegationPermission,
  GetDelegationRequestCommand,
  GetHumanReadableSummaryCommand,
  ListDelegationRequestsCommand,
  type ListDelegationRequestsCommandInput,
} from "@aws-sdk/client-iam";
import {
  ADMINISTRATOR,
  ADMINISTRATOR_ARN,
  type Credentials,
  CUSTOMER,
  failure,
  PARTNER,
  roleSession,
  START,
  STRANGER,
  signed,
  TEMPLATE_ARN,
  useHarness,
} from "../harness";
import {
  act,
  createAs,
  created,
  DENIED,
  get,
  type Step,
  summaryArnOf,
  TOPIC_ARN,
  threeOwned,
} from "./delegationRequests";

const harness = useHarness();
const stringOf = (Values: string[]): DelegationPermission => ({
  PolicyTemplateArn: TEMPLATE_ARN,
  Parameters: [{ Name: "bucket", Type: "string", Values }],
});
const role = (account: string, name = "Admin") =>
  roleSession(harness(), account, { RoleArn: `arn:aws:iam::${account}:role/${name}` });

/** Another account of the partner's. */
const SIBLING = "121212121212";

describe("CreateDelegationRequest", () => {
  const harness = useHarness({ unenrolledAccounts: [STRANGER], partners: [[SIBLING, PARTNER]] });

  it("answers an id and a link that leads to the emulator", async () => {
    const { DelegationRequestId: id, ConsoleDeepLink: link = "" } = await createAs(harness(), PARTNER);
    expect(link).toBe(`${harness().emulator.endpoint}/iam/account-access-requests/review/${id}`);
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
    harness().clock.set(START);
    const request = await get(harness(), CUSTOMER, await created(harness(), [], given));
    expect(request).toMatchObject({
      ...given,
      State: "UNASSIGNED",
      RequestorId: PARTNER,
      CreateDate: START,
      UpdatedTime: START,
      ExpirationTime: new Date("2026-03-02T12:00:00Z"),
    });
    expect(JSON.parse(request.PermissionPolicy ?? "")).toMatchObject({ Version: "2012-10-17" });
    expect(request.PermissionPolicy).toContain("b&c");
    expect(request).not.toHaveProperty("OwnerId");
  });

  it("takes a workflow id once by account, even after its request is deleted, which AWS does not document", async () => {
    const again = { RequestorWorkflowId: "once-only" };
    await createAs(harness(), PARTNER, again);
    harness().clock.advance("30d");
    expect(await failure(createAs(harness(), PARTNER, again))).toMatchObject({ code: "EntityAlreadyExists" });
    const topic = { NotificationChannel: TOPIC_ARN.replace(PARTNER, CUSTOMER) };
    await expect(createAs(harness(), CUSTOMER, { ...again, ...topic })).resolves.toBeDefined();
  });

  it("refuses a partner that is not enrolled", async () => {
    expect(await failure(createAs(harness(), STRANGER))).toMatchObject(DENIED);
  });

  it.each([
    ["of another account", TOPIC_ARN.replace(PARTNER, CUSTOMER)],
    ["that is a FIFO topic", `${TOPIC_ARN}.fifo`],
    ["that is a queue", TOPIC_ARN.replace("sns", "sqs")],
    ["in a region that accounts must opt in to", TOPIC_ARN.replace("us-east-1", "me-south-1")],
    ["in a region that there is not", TOPIC_ARN.replace("us-east-1", "us-east-9")],
    ["in another partition", TOPIC_ARN.replace("aws", "aws-cn").replace("us-east-1", "cn-north-1")],
  ])("refuses a notification channel %s", async (_name, NotificationChannel) => {
    expect(await failure(createAs(harness(), PARTNER, { NotificationChannel }))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });

  it.each([
    ["in another region that is on by default", TOPIC_ARN.replace("us-east-1", "eu-north-1")],
    ["in another account of the same partner", TOPIC_ARN.replace(PARTNER, SIBLING)],
  ])("takes a notification channel %s", async (_name, NotificationChannel) => {
    await expect(createAs(harness(), PARTNER, { NotificationChannel })).resolves.toBeDefined();
  });

  it.each<[string, DelegationPermission]>([
    ["a template that is none", { PolicyTemplateArn: "arn:aws:s3:::bucket-of-templates" }],
    ["a policy for a template", { PolicyTemplateArn: `arn:aws:iam::${PARTNER}:policy/backup` }],
    ["a string without a value", stringOf([])],
    ["a string of several values", stringOf(["a", "b"])],
  ])("refuses %s", async (_name, Permissions) => {
    expect(await failure(createAs(harness(), PARTNER, { Permissions }))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });

  it("reports all broken bounds at once, with what is missing", async () => {
    const call = new CreateDelegationRequestCommand(Object({ SessionDuration: 1 }));
    const { message } = await failure(harness().iam(PARTNER).send(call));
    expect(message).toMatch(/^5 validation errors detected: Value /);
    expect(message).toContain(
      "Value null at 'requestorWorkflowId' failed to satisfy constraint: Member must not be null",
    );
    expect(message).toContain(
      "Value '1' at 'sessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 300",
    );
  });
});

describe("GetDelegationRequest", () => {
  it("checks permissions on request", async () => {
    const id = await created(harness());
    const check = (who: string | Credentials) =>
      harness()
        .iam(who)
        .send(new GetDelegationRequestCommand({ DelegationRequestId: id, DelegationPermissionCheck: true }));
    expect(await check(CUSTOMER)).toMatchObject({
      PermissionCheckStatus: "COMPLETE",
      PermissionCheckResult: "ALLOWED",
    });
    expect(await check(ADMINISTRATOR)).toMatchObject({ PermissionCheckResult: "ALLOWED" });
    expect(await check(await roleSession(harness(), CUSTOMER))).toMatchObject({
      PermissionCheckResult: "UNSURE",
    });
  });

  it("tells times with fractions of a second, and an empty element for no restrictions, as AWS's sample does", async () => {
    const { clock, emulator } = harness();
    clock.set(new Date("2026-03-01T12:00:00.570Z"));
    const id = await created(harness());
    const request = await get(harness(), CUSTOMER, id);
    expect(request.CreateDate).toEqual(clock.now());
    expect(request.RolePermissionRestrictionArns).toEqual([]);
    const response = await fetch(
      `${emulator.endpoint}/?Action=GetDelegationRequest&Version=2010-05-08&DelegationRequestId=${id}`,
      { headers: signed("iam") },
    );
    const xml = await response.text();
    expect(xml).toContain("<CreateDate>2026-03-01T12:00:00.570Z</CreateDate>");
    expect(xml).toContain("<ExpirationTime>2026-03-02T12:00:00.570Z</ExpirationTime>");
    expect(xml).toContain("<RolePermissionRestrictionArns/>");
  });

  it("is denied to whom the request is none of their business", async () => {
    const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
    expect(await failure(get(harness(), PARTNER, id))).toMatchObject(DENIED);
  });
});

describe("ListDelegationRequests", () => {
  const harness = useHarness();

  let owned: string[];
  beforeAll(async () => {
    owned = await threeOwned(harness());
  });

  const list = async (who: string | Credentials, input: ListDelegationRequestsCommandInput = {}) => {
    const call = new ListDelegationRequestsCommand(input);
    const { DelegationRequests, isTruncated, Marker } = await harness().iam(who).send(call);
    return { ids: DelegationRequests?.map((request) => request.DelegationRequestId), isTruncated, Marker };
  };

  it("is the owner's view: whoever asks, and no requests without an owner", async () => {
    await created(harness(), [], { OwnerAccountId: CUSTOMER });
    expect(await list(CUSTOMER)).toEqual({ ids: owned, isTruncated: false, Marker: undefined });
    expect(await list(PARTNER)).toEqual({ ids: [], isTruncated: false, Marker: undefined });
  });

  it.each([1, 2, 3])("goes page by page, %d to a page, and misses none", async (MaxItems) => {
    const pages: unknown[] = [];
    let Marker: string | undefined;
    do {
      const page = await list(CUSTOMER, { MaxItems, Marker });
      expect(page.ids?.length).toBeLessThanOrEqual(MaxItems);
      expect(page.isTruncated).toBe(page.Marker !== undefined);
      pages.push(...(page.ids ?? []));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(pages).toEqual(owned);
  });

  it("takes a marker from whom it was given to", async () => {
    const { Marker } = await list(CUSTOMER, { MaxItems: 1 });
    expect(await failure(list(PARTNER, { Marker }))).toMatchObject({ code: "InvalidInput", status: 400 });
  });

  it("filters by owner", async () => {
    const owner = await roleSession(harness(), STRANGER);
    const [mine, theirs] = [await created(harness()), await created(harness())];
    await act(harness(), owner, "associate", mine);
    await act(harness(), STRANGER, "associate", theirs);
    const OwnerId = `arn:aws:sts::${STRANGER}:assumed-role/Admin/alice`;
    expect((await list(STRANGER, { OwnerId })).ids).toEqual([mine]);
    expect((await list(STRANGER)).ids).toEqual([mine, theirs]);
    expect((await list(owner)).ids).toEqual([mine]);
  });

  it("has 100 on a page unless told otherwise", async () => {
    const { iam } = harness();
    const ids = await Promise.all(Array.from({ length: 101 }, () => created(harness())));
    const owner = "888899990000";
    for (const DelegationRequestId of ids)
      await iam(owner).send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
    const page = await list(owner);
    expect(page.ids).toHaveLength(100);
    expect((await list(owner, { Marker: page.Marker })).ids).toHaveLength(1);
  });
});

describe("AssociateDelegationRequest", () => {
  it("makes the caller the owner, and its account the owner account", async () => {
    const id = await created(harness());
    const owner = await roleSession(harness(), CUSTOMER);
    await act(harness(), owner, "associate", id);
    expect(await get(harness(), owner, id)).toMatchObject({
      State: "ASSIGNED",
      OwnerAccountId: CUSTOMER,
      OwnerId: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`,
    });
  });

  it("is for the owner account alone where the request names one", async () => {
    const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
    expect(await failure(act(harness(), STRANGER, "associate", id))).toMatchObject(DENIED);
    await act(harness(), CUSTOMER, "associate", id);
  });
});

describe("UpdateDelegationRequest", () => {
  it("forwards the request with a note, which the next one replaces", async () => {
    const id = await created(harness(), ["associate"]);
    for (const Notes of ["please look", "once more"]) {
      harness().clock.advance("1h");
      await act(harness(), CUSTOMER, "update", id, Notes);
      expect(await get(harness(), CUSTOMER, id)).toMatchObject({
        State: "PENDING_APPROVAL",
        Notes,
        UpdatedTime: harness().clock.now(),
      });
    }
  });

  it("is the owner's", async () => {
    const id = await created(harness(), ["associate"]);
    for (const who of [STRANGER, PARTNER]) {
      expect(await failure(act(harness(), who, "update", id))).toMatchObject(DENIED);
    }
  });
});

describe("AcceptDelegationRequest", () => {
  it("makes the caller the approver", async () => {
    const id = await created(harness(), ["associate"]);
    for (const who of [STRANGER, PARTNER]) {
      expect(await failure(act(harness(), who, "accept", id))).toMatchObject(DENIED);
    }
    await act(harness(), CUSTOMER, "accept", id);
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({
      State: "ACCEPTED",
      ApproverId: `arn:aws:iam::${CUSTOMER}:root`,
    });
  });

  it("is the root user's for four hours at most, and an administrator's for any duration", async () => {
    const lasting = (SessionDuration: number) => created(harness(), ["associate"], { SessionDuration });
    await act(harness(), CUSTOMER, "accept", await lasting(14_400));
    const id = await lasting(14_401);
    const refused = await failure(act(harness(), CUSTOMER, "accept", id));
    expect(refused).toMatchObject({ code: "InvalidInput", status: 400 });
    expect(refused.message).toContain("four hours");
    await act(harness(), ADMINISTRATOR, "accept", id);
    expect(await get(harness(), ADMINISTRATOR, id)).toMatchObject({
      State: "ACCEPTED",
      ApproverId: ADMINISTRATOR_ARN,
    });
  });

  it("answers InvalidInput in a state that forbids it, which AWS does not document", async () => {
    const id = await created(harness(), ["associate", "reject"]);
    expect(await failure(act(harness(), CUSTOMER, "accept", id))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });
});

describe("RejectDelegationRequest", () => {
  it.each<Step[]>([["associate"], ["associate", "update"], ["associate", "accept"]])(
    "keeps the reason, after %s",
    async (...steps) => {
      const id = await created(harness(), steps);
      await act(harness(), CUSTOMER, "reject", id, "not now");
      expect(await get(harness(), CUSTOMER, id)).toMatchObject({
        State: "REJECTED",
        RejectionReason: "not now",
      });
    },
  );

  it("is the owner's", async () => {
    const id = await created(harness(), ["associate"]);
    for (const who of [STRANGER, PARTNER]) {
      expect(await failure(act(harness(), who, "reject", id))).toMatchObject(DENIED);
    }
  });
});

describe("SendDelegationToken", () => {
  it("finalizes the request", async () => {
    const id = await created(harness(), ["associate", "accept"]);
    await act(harness(), CUSTOMER, "send", id);
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State: "FINALIZED" });
  });

  it("is for the owner alone where the partner asked for it", async () => {
    const id = await created(harness(), [], { OnlySendByOwner: true });
    const owner = await roleSession(harness(), CUSTOMER);
    await act(harness(), owner, "associate", id);
    await act(harness(), CUSTOMER, "accept", id);
    expect(await failure(act(harness(), CUSTOMER, "send", id))).toMatchObject(DENIED);
    await act(harness(), owner, "send", id);
    expect(await get(harness(), owner, id)).toMatchObject({ State: "FINALIZED", OnlySendByOwner: true });
  });
});

describe("GetHumanReadableSummary", () => {
  it("tells of a request, with or without the account in its ARN, those who may read it", async () => {
    const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
    const summary = (who: string, EntityArn: string) =>
      harness().iam(who).send(new GetHumanReadableSummaryCommand({ EntityArn }));
    for (const arn of [summaryArnOf(id), `arn:aws:iam:::delegation-request/${id}`]) {
      expect(await summary(CUSTOMER, arn)).toMatchObject({
        SummaryState: "AVAILABLE",
        SummaryContent: expect.stringContaining(PARTNER),
        Locale: "en",
      });
      expect(await failure(summary(PARTNER, arn))).toMatchObject(DENIED);
    }
  });
});

describe("who may read a request", () => {
  it("without owner and owner account: anyone", async () => {
    const id = await created(harness());
    for (const who of [PARTNER, CUSTOMER, STRANGER]) {
      expect(await get(harness(), who, id)).toMatchObject({ State: "UNASSIGNED" });
    }
  });

  it("with an owner account: only its identities, not even the partner", async () => {
    const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
    for (const who of [CUSTOMER, await role(CUSTOMER)]) {
      expect(await get(harness(), who, id)).toMatchObject({ OwnerAccountId: CUSTOMER });
    }
    expect(await failure(get(harness(), PARTNER, id))).toMatchObject(DENIED);
  });

  it("once owned: its owner, and root user and administrators of the owner's account", async () => {
    const id = await created(harness());
    const owner = await role(CUSTOMER);
    await act(harness(), owner, "associate", id);
    for (const who of [owner, CUSTOMER, ADMINISTRATOR]) {
      expect(await get(harness(), who, id)).toMatchObject({ State: "ASSIGNED" });
    }
    for (const who of [await role(CUSTOMER, "Reader"), PARTNER, `${PARTNER}Administrator`]) {
      expect(await failure(get(harness(), who, id))).toMatchObject(DENIED);
    }
  });

  it("once owned: also the accounts that it was granted to, who still may not act on it", async () => {
    const id = await created(harness(), ["associate"]);
    harness().emulator.store.delegationRequests.get(id)?.readableBy.add(PARTNER);
    expect(await get(harness(), PARTNER, id)).toMatchObject({ State: "ASSIGNED", OwnerAccountId: CUSTOMER });
    expect(await failure(act(harness(), PARTNER, "accept", id))).toMatchObject(DENIED);
    expect(await failure(get(harness(), STRANGER, id))).toMatchObject(DENIED);
  });
});

describe("states", () => {
  it("go from claim to token", async () => {
    const id = await created(harness());
    const passed: [Step, string][] = [
      ["associate", "ASSIGNED"],
      ["update", "PENDING_APPROVAL"],
      ["accept", "ACCEPTED"],
      ["send", "FINALIZED"],
    ];
    for (const [step, State] of passed) {
      await act(harness(), CUSTOMER, step, id);
      expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State });
    }
  });

  it.each<[string, Step[], Step[]]>([
    ["ASSIGNED", ["associate"], ["associate", "send"]],
    ["PENDING_APPROVAL", ["associate", "update"], ["associate", "send"]],
    ["ACCEPTED", ["associate", "accept"], ["associate", "update", "accept"]],
    ["REJECTED", ["associate", "reject"], ["associate", "update", "accept", "reject", "send"]],
    ["FINALIZED", ["associate", "accept", "send"], ["associate", "update", "accept", "reject", "send"]],
  ])("forbid, when %s, what does not lead on", async (State, steps, forbidden) => {
    const id = await created(harness(), steps);
    for (const step of forbidden) {
      expect(await failure(act(harness(), CUSTOMER, step, id))).toMatchObject({
        code: "InvalidInput",
        status: 400,
      });
    }
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State });
  });

  it("let nobody act but the owner, and root user and administrators of its account", async () => {
    const id = await created(harness(), ["associate"], { OwnerAccountId: CUSTOMER });
    const other = await role(CUSTOMER);
    for (const step of ["update", "accept", "reject", "send"] as const) {
      for (const who of [STRANGER, PARTNER, `${STRANGER}Administrator`, other]) {
        expect(await failure(act(harness(), who, step, id))).toMatchObject(DENIED);
      }
    }
  });

  it("need an owner first", async () => {
    const id = await created(harness());
    for (const step of ["update", "accept", "reject", "send"] as const) {
      expect(await failure(act(harness(), CUSTOMER, step, id))).toMatchObject(DENIED);
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
  ])("ends %s after %s, counted from the state's start", async (State, lifetime, steps) => {
    const { clock } = harness();
    const { DelegationRequestId: id = "" } = await createAs(harness(), PARTNER);
    if (steps.length > 0) clock.advance("23h");
    for (const step of steps) await act(harness(), CUSTOMER, step, id);
    const { ExpirationTime } = await get(harness(), CUSTOMER, id);
    clock.advance(lifetime);
    expect(clock.now()).toEqual(ExpirationTime);
    clock.set(new Date(clock.now().getTime() - 1));
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State });
    clock.advance(1);
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State: "EXPIRED", ExpirationTime });
    expect(await failure(act(harness(), CUSTOMER, "reject", id))).toMatchObject(
      steps.length > 0 ? { code: "InvalidInput", status: 400 } : DENIED,
    );
  });

  it("deletes an expired request a day later", async () => {
    const id = await created(harness());
    harness().clock.advance("47h");
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State: "EXPIRED" });
    harness().clock.advance("1h");
    expect(await failure(get(harness(), CUSTOMER, id))).toMatchObject({ code: "NoSuchEntity", status: 404 });
    expect(harness().emulator.store.delegationRequests.has(id)).toBe(false);
  });
});
