import { resolve } from "node:path";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { sts } from "../../src";
import { ManualClock, type TestStack, testStack, VENDOR_ACCOUNT } from "../../src/testing";
import { exampleProgram } from "./exampleProgram";

/** What examples/partner-onboarding exports. */
interface Outputs extends Record<string, unknown> {
  links: Record<string, string>;
  requestIds: Record<string, string>;
  states: Record<string, string>;
  queueUrl: string;
  topicArn: string;
  tableArn: string;
}

const ACCOUNTS = { acme: "222222222222", globex: "333333333333", initech: "444444444444" };
const NAMES = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[];

const clock = new ManualClock(new Date(Date.now() - 3_600_000));
let stack: TestStack;
let made: Outputs;
const tokens: string[] = [];

const outputs = () => stack.outputs() as Outputs;
const request = (name: string) => stack.resource(name, "DelegationRequest");
const customer = (name: keyof typeof ACCOUNTS) => stack.emulator.customer(ACCOUNTS[name]);
const idOf = (name: string) => made.requestIds[name] as string;

/** An item of the inbox's table, as a colleague or a pipeline reads it. */
async function itemOf(kind: "state" | "token", name: string) {
  const client = new DynamoDBClient({
    endpoint: stack.emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: VENDOR_ACCOUNT, secretAccessKey: "x" },
  });
  const Key = { pk: { S: `${kind}#${idOf(name)}` } };
  const { Item } = await client
    .send(new GetItemCommand({ TableName: outputs().tableArn, Key, ConsistentRead: true }))
    .finally(() => client.destroy());
  return Item;
}

const EXAMPLE = resolve(__dirname, "../../examples/partner-onboarding");

beforeAll(async () => {
  stack = await testStack<unknown>({
    program: exampleProgram(resolve(EXAMPLE, "index.ts")),
    project: "partner-onboarding",
    inlineProvider: true,
    clock,
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
  "Table approvals",
  "TableItem approvals",
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

test("one approves and one rejects: a refresh sees it, and no customer need let the vendor read", async () => {
  await customer("acme").approve(idOf("acme"));
  await customer("globex").reject(idOf("globex"), "Not before the audit");
  const { diagnostics } = await stack.refresh();
  expect(diagnostics).toEqual([]);
  expect(NAMES.map((name) => request(name).outputs["state"])).toEqual([
    "FINALIZED",
    "REJECTED",
    "UNASSIGNED",
  ]);
  expect(await stack.emulator.takeMessages(outputs().queueUrl)).toEqual([]);
  expect(await itemOf("state", "globex")).toMatchObject({ state: { S: "REJECTED" }, stage: { N: "4" } });
  expect(await itemOf("token", "globex")).toBeUndefined();
  expect((await stack.preview()).changes).toEqual([]);
});

test("the token in the table opens the customer's account, until the access ends", async () => {
  const tradeInToken = (await itemOf("token", "acme"))?.["token"]?.S ?? "";
  tokens.push(tradeInToken);
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
      credentials: {
        ...outputs.access.credentials,
        expiration: new Date(outputs.access.credentials.expiration),
      },
    });
    const { Account } = await client.send(new GetCallerIdentityCommand({})).finally(() => client.destroy());
    expect(Account).toBe(ACCOUNTS.acme);

    clock.advance("25h");
    await expect(backend.up()).rejects.toThrow("The delegated access has ended");
  } finally {
    await backend.close();
  }
});

test("who let it expire is asked again, and nobody else", async () => {
  await stack.refresh();
  expect(request("initech").outputs["state"]).toBe("EXPIRED");
  const preview = await stack.preview();
  expect(preview.changes).toEqual(["replace DelegationRequest initech"]);
  expect(preview.steps.find(({ op }) => op === "replace")?.replaceKeys).toEqual(["state"]);

  await stack.up();
  const { requestIds } = outputs();
  expect(requestIds).toEqual({ ...made.requestIds, initech: requestIds["initech"] });
  expect(requestIds["initech"]).not.toBe(idOf("initech"));
  made = outputs();
  await customer("initech").approve(idOf("initech"));
  await stack.refresh();
  expect(request("initech").outputs["state"]).toBe("FINALIZED");
  tokens.push((await itemOf("token", "initech"))?.["token"]?.S ?? "");
  expect((await stack.up()).changes).toEqual([]);
});

test("the state holds no token", () => {
  const state = JSON.stringify([stack.exportState(), stack.resources()]);
  expect(tokens.map((token) => token.length > 100)).toEqual([true, true]);
  for (const token of tokens) expect(state).not.toContain(token);
});

test("destroy leaves no topic, no queue and no table, and says that requests cannot be cancelled", async () => {
  const before = stack.emulator.calls.length;
  const { changes, text } = await stack.destroy();
  expect(changes).toEqual(each("delete", ALL));
  expect(text).toContain("is removed from the stack, but not cancelled");
  expect(stack.resources()).toEqual([]);
  const deleted = stack.emulator.calls
    .slice(before)
    .filter(({ operation }) => /^(Delete|Unsubscribe)/.test(operation))
    .map(({ operation, status }) => `${operation} ${status}`);
  expect(deleted.sort()).toEqual([
    "DeleteItem 200",
    "DeleteQueue 200",
    "DeleteQueue 200",
    "DeleteTable 200",
    "DeleteTopic 200",
    "Unsubscribe 200",
  ]);
  await expect(stack.emulator.takeMessages(made.queueUrl)).rejects.toMatchObject({
    name: "QueueDoesNotExist",
  });
  expect((await stack.refresh()).changes).toEqual([]);
});
