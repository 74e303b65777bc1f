import { resolve } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { iam, sts } from "../../src";
import { ManualClock, type TestStack, testStack } from "../../src/testing";
import { exampleProgram } from "./exampleProgram";

/** What examples/partner-onboarding exports. */
interface Outputs extends Record<string, unknown> {
  links: Record<string, string>;
  requestIds: Record<string, string>;
  states: Record<string, string>;
  queueUrl: string;
  topicArn: string;
}

const ACCOUNTS = { acme: "222222222222", globex: "333333333333", initech: "444444444444" };
const NAMES = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[];

const clock = new ManualClock(new Date(Date.now() - 3_600_000));
let stack: TestStack;
let made: Outputs;
/** What arrived, by request. */
const news = new Map<string, iam.DelegationNotification[]>();

const outputs = () => stack.outputs() as Outputs;
const request = (name: string) => stack.resource(name, "DelegationRequest");
const customer = (name: keyof typeof ACCOUNTS) => stack.emulator.customer(ACCOUNTS[name]);
const idOf = (name: string) => made.requestIds[name] as string;

/** Reads the inbox, as the vendor's backend does. */
async function readInbox(): Promise<string[]> {
  const { queueUrl, topicArn } = outputs();
  return (await stack.emulator.takeMessages(queueUrl)).map((body) => {
    const parsed = iam.parseNotification(body, { topicArn });
    if (parsed.kind === "unrecognized") throw new Error(parsed.reason);
    const { notification } = parsed;
    const { requestId, type, state } = notification;
    news.set(requestId, [...(news.get(requestId) ?? []), notification]);
    const name = NAMES.find((candidate) => idOf(candidate) === requestId);
    return `${name}: ${type} ${state}`;
  });
}

const EXAMPLE = resolve(__dirname, "../../examples/partner-onboarding");

beforeAll(async () => {
  stack = await testStack<unknown>({
    program: exampleProgram(resolve(EXAMPLE, "index.ts")),
    project: "partner-onboarding",
    inlineProvider: true,
    clock,
    accounts: { [ACCOUNTS.acme]: { letsVendorsRead: true }, [ACCOUNTS.globex]: { letsVendorsRead: true } },
  });
});
afterAll(() => stack.close());

const INBOX = [
  "ApprovalInbox approvals",
  "Key approvals",
  "KeyPolicy approvals",
  "Queue approvals",
  "Queue approvals-dead-letters",
  "QueuePolicy approvals",
  "Topic approvals",
  "TopicPolicy approvals",
  "TopicSubscription approvals",
];
const ALL = [
  ...INBOX,
  ...NAMES.flatMap((name) => [`CustomerAccess ${name}`, `DelegationRequest ${name}`]),
].sort();
const each = (op: string, things: string[]) => things.map((thing) => `${op} ${thing}`).sort();

test("it runs as a project", async () => {
  const project = await testStack({ program: { workDir: EXAMPLE }, emulator: stack.emulator });
  try {
    expect((await project.preview()).changes).toEqual(each("create", ALL));
  } finally {
    await project.close();
  }
});

test("one inbox and three requests are made, and the links printed", async () => {
  expect((await stack.preview()).changes).toEqual(each("create", ALL));
  const { changes, text, secretOutputs } = await stack.up();
  made = outputs();
  expect(changes).toEqual(each("create", ALL));
  expect(secretOutputs).toEqual([]);
  for (const name of NAMES) {
    const link = made.links[name] as string;
    expect(text).toContain(link);
    expect((await fetch(link)).status).toBe(200);
  }
  expect(made.states).toEqual({ acme: "UNASSIGNED", globex: "UNASSIGNED", initech: "UNASSIGNED" });
});

test("a second up changes nothing, and neither does a refresh", async () => {
  expect((await stack.up()).changes).toEqual([]);
  expect((await stack.refresh()).changes).toEqual([]);
});

test("one approves and one rejects: the inbox tells", async () => {
  await customer("acme").approve(idOf("acme"));
  await customer("globex").reject(idOf("globex"), "Not before the audit");
  expect(await readInbox()).toEqual([
    "acme: StateChange ASSIGNED",
    "acme: StateChange ACCEPTED",
    "acme: StateChange FINALIZED",
    "acme: ExchangeToken FINALIZED",
    "globex: StateChange ASSIGNED",
    "globex: StateChange REJECTED",
  ]);
});

test("the token opens the customer's account, until the access ends; the third request lapses", async () => {
  const told = news.get(idOf("acme"))?.at(-1);
  if (told?.type !== "ExchangeToken") throw new Error("no token arrived");
  const tradeInToken = told.exchangeToken.reveal();
  const backend = await testStack({
    emulator: stack.emulator,
    inlineProvider: true,
    program: () => ({ access: sts.getDelegatedAccessToken({ tradeInToken }) }),
  });
  try {
    const { outputs, secretOutputs } = await backend.up();
    expect(secretOutputs).toEqual(["access"]);
    const client = new STSClient({
      endpoint: stack.emulator.endpoint,
      region: "us-east-1",
      credentials: { ...outputs.access.credentials, expiration: told.expiresAt },
    });
    const { Account } = await client.send(new GetCallerIdentityCommand({})).finally(() => client.destroy());
    expect(Account).toBe(ACCOUNTS.acme);

    clock.advance("25h");
    await expect(backend.up()).rejects.toThrow("The delegated access has ended");
    expect(await readInbox()).toEqual(["initech: StateChange EXPIRED"]);
  } finally {
    await backend.close();
  }
});

test("a refresh shows what the vendor may read", async () => {
  const { diagnostics } = await stack.refresh();
  expect(request("acme").outputs["state"]).toBe("FINALIZED");
  expect(request("globex").outputs).toMatchObject({
    state: "REJECTED",
    rejectionReason: "Not before the audit",
  });
  // Initech has not let the vendor read: AWS says nothing of a request that is theirs.
  expect(request("initech").outputs["state"]).toBe("UNASSIGNED");
  const about = diagnostics
    .map(({ message }) => message)
    .filter((message) => message.includes("may not be read"));
  expect(about).toEqual([expect.stringContaining("DelegationRequest initech")]);
  expect((await stack.preview()).changes).toEqual([]);
});

test("when AWS has deleted it, who let it lapse is asked again, and nobody else", async () => {
  clock.advance("25h");
  await stack.refresh();
  expect(request("initech").outputs["state"]).toBe("VANISHED");
  const preview = await stack.preview();
  expect(preview.changes).toEqual(["replace DelegationRequest initech"]);
  expect(preview.steps.find(({ op }) => op === "replace")?.replaceKeys).toEqual(["state"]);

  await stack.up();
  const { requestIds } = outputs();
  expect(requestIds).toEqual({ ...made.requestIds, initech: requestIds["initech"] });
  expect(requestIds["initech"]).not.toBe(idOf("initech"));
  made = outputs();
  await customer("initech").approve(idOf("initech"));
  expect((await readInbox()).at(-1)).toBe("initech: ExchangeToken FINALIZED");
  expect((await stack.up()).changes).toEqual([]);
});

test("the state holds no token", () => {
  const state = JSON.stringify([stack.exportState(), stack.resources()]);
  const tokens = [...news.values()]
    .flat()
    .flatMap((told) => ("exchangeToken" in told ? told.exchangeToken : []));
  expect(tokens).toHaveLength(2);
  for (const token of tokens) expect(state).not.toContain(token.reveal());
});

test("destroy leaves no topic and no queue, and says that requests cannot be cancelled", async () => {
  const before = stack.emulator.calls.length;
  const { changes, text } = await stack.destroy();
  expect(changes).toEqual(each("delete", ALL));
  expect(text).toContain("is removed from the stack, not cancelled");
  expect(stack.resources()).toEqual([]);
  const deleted = stack.emulator.calls
    .slice(before)
    .filter(({ operation }) => /^(Delete|Unsubscribe)/.test(operation))
    .map(({ operation, status }) => `${operation} ${status}`);
  expect(deleted.sort()).toEqual([
    "DeleteQueue 200",
    "DeleteQueue 200",
    "DeleteTopic 200",
    "Unsubscribe 200",
  ]);
  await expect(stack.emulator.takeMessages(made.queueUrl)).rejects.toMatchObject({
    name: "QueueDoesNotExist",
  });
  expect((await stack.refresh()).changes).toEqual([]);
});
