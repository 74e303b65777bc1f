import { CreateDelegationRequestCommand, IAMClient } from "@aws-sdk/client-iam";
import { runtime } from "@pulumi/pulumi";
import type { Fault } from "../../../../src/emulator";
import { delegationGrantLifecycle } from "../../../../src/resources/iam/delegationGrant/lifecycle";
import { ManualClock, startEmulator, type TestEmulator, VENDOR_ACCOUNT } from "../../../../src/testing";
import { openMailbox } from "../../../e2e/inbox";
import { served } from "../../../provider/served";

const clock = new ManualClock();
let emulator: TestEmulator;
let inbox: Awaited<ReturnType<typeof openMailbox>>;
let iam: IAMClient;
/** What the provider says to the person who runs Pulumi. */
let say: jest.SpyInstance;
let fault: ((operation: string) => Fault | undefined) | undefined;
beforeAll(async () => {
  emulator = await startEmulator({
    clock,
    intercept: ({ operation, phase }) => (phase === "before-effect" ? fault?.(operation) : undefined),
  });
  inbox = await openMailbox(emulator.endpoint, VENDOR_ACCOUNT);
  const credentials = { accessKeyId: VENDOR_ACCOUNT, secretAccessKey: "x" };
  iam = new IAMClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials });
});
afterAll(async () => {
  iam?.destroy();
  await emulator?.close();
});
beforeEach(() => {
  say = jest.spyOn(console, "log").mockImplementation();
});
afterEach(() => {
  say.mockRestore();
  fault = undefined;
});

let asked = 0;
async function ask(): Promise<string> {
  const { DelegationRequestId = "" } = await iam.send(
    new CreateDelegationRequestCommand({
      OwnerAccountId: "222222222222",
      Description: "Set up backups",
      Permissions: { PolicyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
      RequestorWorkflowId: `workflow-${++asked}`,
      NotificationChannel: inbox.topicArn,
      SessionDuration: 3600,
    }),
  );
  return DelegationRequestId;
}

/** A run of Pulumi has a provider of its own. */
const provider = (config = {}) => served(delegationGrantLifecycle, emulator, clock, config);
const argsOf = (delegationRequestId: string, more: object = {}) => ({
  ...{ __provider: "text", origin: "org/proj/dev::acme", delegationRequestId, inbox },
  ...more,
});
async function checked(olds: object, news: object) {
  const { inputs, failures } = await (await provider()).check(olds, news);
  expect(failures).toEqual([]);
  return { ...inputs, __provider: "text" };
}
async function created(args: object) {
  const inputs = await checked({}, args);
  return { inputs, ...(await (await provider()).create(inputs)) };
}
const refreshed = async (id: string, outs: object) =>
  (await provider()).read(id, { ...outs, __provider: "text" });
const waiting = (more: object = {}) => ({ waitFor: "FINALIZED", timeouts: { create: "1s" }, ...more });

test("it is made without a look, and a refresh finds the grant", async () => {
  const request = await ask();
  const calls = emulator.calls.length;
  const { outs, id } = await created(argsOf(request));
  expect(outs).toMatchObject({ granted: false });
  expect(emulator.calls).toHaveLength(calls);
  expect((await refreshed(id, outs as object)).props).toMatchObject({ granted: false });
  await emulator.customer().approve(request);
  const { props, inputs } = await refreshed(id, outs as object);
  expect(props).toMatchObject({ granted: true });
  expect(inputs).toMatchObject({ granted: true });
});

test("a grant stays one while the customer is asked again: previews know it, and updates keep it", async () => {
  const granted = { ...argsOf(await ask()), granted: true };
  const unknown = await checked(granted, argsOf(runtime.unknownValue));
  expect(unknown).toMatchObject({ granted: true });
  const again = await ask();
  const news = await checked(granted, argsOf(again));
  const outs = { ...granted, computed: [] };
  expect(await (await provider()).diff("id", outs, news)).toMatchObject({ changes: true, replaces: [] });
  const updated = await (await provider()).update("id", outs, news);
  expect(updated.outs).toMatchObject({ delegationRequestId: again, granted: true });
  expect((await refreshed("id", updated.outs as object)).props).toMatchObject({ granted: true });
});

test("with waitFor, create waits until the token is there", async () => {
  const request = await ask();
  const customer = emulator.customer();
  await customer.accept(request);
  const creating = created(argsOf(request, waiting({ timeouts: { create: "24h" } })));
  await customer.sendToken(request);
  expect((await creating).outs).toMatchObject({ granted: true });
});

test("a wait lives on without the queue, which others may drain, and through an outage of the table", async () => {
  const request = await ask();
  await emulator.customer().approve(request);
  await refreshed(request, (await created(argsOf(request))).outs as object);
  let looks = 0;
  fault = (operation) => {
    if (operation === "ReceiveMessage")
      return { error: { status: 400, code: "KmsAccessDenied", message: "no" } };
    return operation === "BatchGetItem" && ++looks < 3 ? { drop: true } : undefined;
  };
  const inputs = await checked({}, argsOf(request, waiting({ timeouts: { create: "24h" } })));
  const made = (await provider({ "aws:maxRetries": "1" })).create(inputs);
  expect((await made).outs).toMatchObject({ granted: true });
  expect(looks).toBe(3);
  expect(say.mock.calls.map(([line]) => line)).toEqual([
    expect.stringContaining("may have unread messages, because its queue could not be read"),
    expect.stringContaining("could not be read, and is read again"),
  ]);
});

test("a wait ends at once when it may not read the table", async () => {
  fault = (operation) =>
    operation === "BatchGetItem" ? { error: { status: 400, code: "AccessDeniedException" } } : undefined;
  const request = await ask();
  const failure = await created(argsOf(request, waiting({ timeouts: { create: "24h" } }))).catch((e) => e);
  expect(failure).toMatchObject({
    id: request,
    reasons: [expect.stringMatching(/AccessDenied.*LeadingKeys/)],
  });
});

test("a wait that is too short, or that the customer ends, keeps it in the stack, and the next one goes on", async () => {
  const request = await ask();
  const failure = await created(argsOf(request, waiting())).catch((error) => error);
  expect(failure).toMatchObject({
    id: request,
    properties: { delegationRequestId: request, granted: false },
    reasons: [expect.stringMatching(/it is still UNASSIGNED after 1 s, not FINALIZED\. Run pulumi up again/)],
  });
  await emulator.customer().reject(request);
  const inputs = await checked(failure.properties, argsOf(request, waiting()));
  const rejected = (await provider()).update(request, failure.properties, inputs);
  await expect(rejected).rejects.toThrow(
    "it is REJECTED (change the generation of the request to ask again), not FINALIZED",
  );
  const again = await ask();
  await emulator.customer().approve(again);
  const next = await checked(failure.properties, argsOf(again, waiting()));
  const updated = await (await provider()).update(request, failure.properties, next);
  expect(updated.outs).toMatchObject({ delegationRequestId: again, granted: true });
});

test("a preview with waitFor expects the grant; without it any more, the stack says what is so", async () => {
  const request = await ask();
  const inputs = await checked({}, argsOf(request, waiting()));
  expect(inputs).toMatchObject({ granted: true });
  const failed = { ...inputs, granted: false, computed: [] };
  const news = await checked(inputs, argsOf(request));
  expect((await (await provider()).update(request, failed, news)).outs).toMatchObject({ granted: false });
});

test("an inbox that cannot be read takes no grant away", async () => {
  const request = await ask();
  const elsewhere = { ...inbox, tableArn: `${inbox.tableArn}-gone` };
  const outs = { ...argsOf(request), inbox: elsewhere, granted: true, computed: [] };
  expect((await refreshed(request, outs)).props).toMatchObject({ granted: true });
  expect(say.mock.calls.map(([line]) => line)).toEqual([
    expect.stringContaining("could not be read, so the last known states of its requests are kept"),
  ]);
});

test("it cannot be read by its id alone", async () => {
  const get = (await provider()).read("id", { __provider: "text", origin: "org/proj/dev::acme" });
  await expect(get).rejects.toThrow("DelegationGrant: cannot be read by its id alone (id)");
});
