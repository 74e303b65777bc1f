import { CreateDelegationRequestCommand } from "@aws-sdk/client-iam";
import { conforms } from "../conformance";
import { CUSTOMER, failure, PARTNER, START, STRANGER, TEMPLATE_ARN } from "../harness";
import { createAs, created, DENIED, get, TOPIC_ARN, workflowId } from "./delegationRequests";

const FULL = {
  OwnerAccountId: CUSTOMER,
  Description: "Back up your buckets",
  Permissions: {
    PolicyTemplateArn: TEMPLATE_ARN,
    Parameters: [{ Name: "buckets", Values: ["a"], Type: "stringList" }],
  },
  RequestMessage: "for workspace 7",
  RedirectUrl: "https://partner.example/done",
  NotificationChannel: TOPIC_ARN,
  SessionDuration: 3600,
  OnlySendByOwner: true,
};
const example = () => ({ caller: PARTNER, input: { ...FULL, RequestorWorkflowId: workflowId() } });

const harness = conforms({
  service: "iam",
  operation: "CreateDelegationRequest",
  example,
  sharper: {
    NotificationChannel: {
      why: "AWS's guide for partners: a standard SNS topic of the caller's own account",
      code: "InvalidInput",
      // The name of a region is the one part that can be of any length.
      valid: (length) => {
        const region = "r".repeat(Math.max(0, length - TOPIC_ARN.length + "us-east-1".length));
        return region === "" ? undefined : TOPIC_ARN.replace("us-east-1", region);
      },
    },
    "Permissions.PolicyTemplateArn": {
      why: "nothing could be asked for without a template, and a template is known by its ARN",
      code: "InvalidInput",
      valid: (length) => (length < 4 ? undefined : "arn:".padEnd(length, "a")),
      required: true,
    },
  },
  errors: {
    EntityAlreadyExistsException: async (running) => {
      const RequestorWorkflowId = workflowId();
      await createAs(running, PARTNER, { RequestorWorkflowId });
      return { caller: PARTNER, input: { ...FULL, RequestorWorkflowId } };
    },
    InvalidInputException: () => ({ ...example(), caller: CUSTOMER }),
    ServiceFailureException: "injected",
    LimitExceededException: "injected",
    ConcurrentModificationException: "injected",
  },
  options: { unenrolledAccounts: [STRANGER] },
});

it("answers an id and a link that leads to the emulator", async () => {
  const { DelegationRequestId: id, ConsoleDeepLink: link = "" } = await createAs(harness(), PARTNER);
  expect(link).toBe(`${harness().emulator.endpoint}/iam/home/delegation-requests/${id}`);
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

it("takes a workflow id once, for ever, by account", async () => {
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
])("refuses a notification channel %s", async (_name, NotificationChannel) => {
  expect(await failure(createAs(harness(), PARTNER, { NotificationChannel }))).toMatchObject({
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
