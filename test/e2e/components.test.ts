import { resolve } from "node:path";
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApprovalInbox, CustomerAccess, type CustomerAccessArgs, iam } from "pulumi-aws-approvals";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY } from "./awsFixture";
import { engines, type Operation, offline, type Run, type Stack } from "./engines";
import { exampleProgram } from "./exampleProgram";
import { integrityErrors } from "./integrity";

const request = {
  ownerAccountId: CUSTOMER,
  description: "Read the list of buckets, to set up backups",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  sessionDuration: 3600,
};

const inboxOf = (name: string) => [
  `ApprovalInbox ${name}`,
  `Key ${name}`,
  `KeyPolicy ${name}`,
  `Queue ${name}`,
  `Queue ${name}-dead-letters`,
  `QueuePolicy ${name}`,
  `Table ${name}`,
  `TableItem ${name}`,
  `Topic ${name}`,
  `TopicPolicy ${name}`,
  `TopicSubscription ${name}`,
];
const accessOf = (name: string) => [`CustomerAccess ${name}`, `DelegationRequest ${name}`];
const ALL = [...accessOf("acme"), ...inboxOf("acme")];
const each = (op: string, things: string[]) => things.map((thing) => `${op} ${thing}`).sort();

const labelOf = ({ type, urn }: { type: string; urn: string }) =>
  `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;

const CUSTOMERS = { acme: CUSTOMER, globex: "333333333333", initech: "444444444444" };

describe.each(engines)("$title", (engine) => {
  let fixture: AwsFixture;
  let stack: Stack;
  let sns: SNSClient;
  let sqs: SQSClient;
  let dynamodb: DynamoDBClient;
  const nothing = () => {};
  let program: () => unknown = nothing;

  beforeAll(async () => {
    fixture = await AwsFixture.open();
    stack = await engine.open({ program: () => program(), env: fixture.env, inlineProvider: true });
    const client = {
      endpoint: fixture.emulator.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: PARTNER, secretAccessKey: "x" },
    };
    [sns, sqs, dynamodb] = [new SNSClient(client), new SQSClient(client), new DynamoDBClient(client)];
  });
  afterAll(async () => {
    sns?.destroy();
    sqs?.destroy();
    dynamodb?.destroy();
    await stack?.close();
    await fixture?.close();
  });
  afterEach(async () => {
    program = nothing;
    expect((await stack.run("destroy")).errors).toEqual([]);
    expect(await inboxResources()).toEqual({ topics: [], queues: [], subscriptions: [], tables: [] });
  });

  const changesOf = ({ steps }: Run) => steps.map((step) => `${step.op} ${labelOf(step)}`).sort();
  const run = async (operation: Operation, changes: string[]) => {
    const result = await stack.run(operation);
    expect({ errors: result.errors, warnings: result.warnings, changes: changesOf(result) }).toEqual({
      errors: [],
      warnings: [],
      changes,
    });
    expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
    return result;
  };
  const fails = async (operation: Operation, message: RegExp) => {
    const { errors } = await stack.run(operation);
    expect(errors.join("\n")).toMatch(message);
  };
  const output = async (name: string) => String((await stack.outputs())[name]?.value);
  /** The program's resources in the state, by type and name. */
  const resources = async () => {
    const { resources: all = [] } = await stack.state();
    return new Map(all.map((resource) => [labelOf(resource), resource]));
  };
  const inboxResources = async () => ({
    topics: ((await sns.send(new ListTopicsCommand({}))).Topics ?? []).map(({ TopicArn }) => TopicArn),
    queues: (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
    subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? [],
    tables: (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [],
  });

  /** The messages in the inbox that the stack's outputs name. */
  const messages = async () => {
    const topicArn = await output("topicArn");
    return (await fixture.emulator.takeMessages(await output("queueUrl"))).map((body) => {
      const parsed = iam.parseNotification(body, { topicArn });
      if (parsed.kind === "unrecognized") throw new Error(parsed.reason);
      const { requestId, type, state } = parsed.notification;
      return `${requestId}: ${type} ${state}`;
    });
  };

  const access = (args: Partial<CustomerAccessArgs> = {}, opts?: pulumi.ComponentResourceOptions) => {
    const { topicArn, queueUrl, delegationRequestId } = new CustomerAccess(
      "acme",
      { request, ...args },
      opts,
    );
    return { topicArn, queueUrl, delegationRequestId };
  };

  test("a shared inbox tells what a customer does, and destroy leaves nothing", async () => {
    let sessionDuration = 3600;
    program = () => {
      const inbox = new ApprovalInbox("approvals", { tags: { team: "onboarding" } });
      return access({ inbox, request: { ...request, sessionDuration } });
    };
    const all = [...inboxOf("approvals"), ...accessOf("acme")];
    await run("preview", each("create", all));
    await run("up", each("create", all));
    await run("up", []);
    await run("refresh", []);

    const id = await output("delegationRequestId");
    await fixture.emulator.customer(CUSTOMER).approve(id);
    expect(await messages()).toEqual([
      `${id}: StateChange ASSIGNED`,
      `${id}: StateChange ACCEPTED`,
      `${id}: StateChange FINALIZED`,
      `${id}: ExchangeToken FINALIZED`,
    ]);

    sessionDuration = 7200;
    await run("up", [
      "create-replacement DelegationRequest acme",
      "delete-replaced DelegationRequest acme",
      "replace DelegationRequest acme",
    ]);
    await run("destroy", each("delete", all));
    expect((await stack.state()).resources ?? []).toEqual([]);
  });

  test("its table is encrypted by its key, forgets tokens, and says what inbox it is of", async () => {
    program = () => {
      const { tableName, tableArn, topicArn, queueUrl, deadLetterQueueUrl } = new ApprovalInbox("approvals");
      return { tableName, tableArn, topicArn, queueUrl, deadLetterQueueUrl };
    };
    await run("up", each("create", inboxOf("approvals")));
    const [TableName, tableArn] = [await output("tableName"), await output("tableArn")];
    const keyArn = (await resources()).get("Key approvals")?.outputs?.["arn"];
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ TableArn: tableArn, SSEDescription: { KMSMasterKeyArn: keyArn } });
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: tableArn, Key: { pk: { S: "inbox" } } }),
    );
    expect(Item).toEqual({
      pk: { S: "inbox" },
      topicArn: { S: await output("topicArn") },
      queueUrl: { S: await output("queueUrl") },
      deadLetterQueueUrl: { S: await output("deadLetterQueueUrl") },
    });
    await run("refresh", []);
    await run("up", []);
  });

  test("a table that exists is one inbox's only, and stays when the inbox goes", async () => {
    let inboxes = ["approvals"];
    program = () => {
      const table = new aws.dynamodb.Table("theirs", {
        ...{ hashKey: "pk", attributes: [{ name: "pk", type: "S" }], billingMode: "PAY_PER_REQUEST" },
      });
      for (const name of inboxes) new ApprovalInbox(name, { table, kmsMasterKeyId: false });
    };
    const made = inboxOf("approvals").filter((label) => !/^(Key|KeyPolicy|Table) /.test(label));
    await run("up", each("create", [...made, "Table theirs"]));
    inboxes = ["approvals", "others"];
    await fails("up", /conditional request failed/);
    inboxes = [];
    await stack.run("up");
    expect([...(await resources()).keys()]).toContain("Table theirs");
    expect((await inboxResources()).tables).toHaveLength(1);
  });

  test("another key for the topic is a change in place, and what it does not need goes", async () => {
    let args: Partial<CustomerAccessArgs> = {};
    program = () => access(args);
    await run("up", each("create", ALL));
    args = { kmsMasterKeyId: false };
    await run("preview", [
      "delete Key acme",
      "delete KeyPolicy acme",
      "update Table acme",
      "update Topic acme",
    ]);
    await run("up", ["delete Key acme", "delete KeyPolicy acme", "update Table acme", "update Topic acme"]);
  });

  test("transformations reach all that it is made of", async () => {
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type, props, opts }) =>
        /:(Topic|Queue|Key|Table)$/.test(type)
          ? { props: { ...props, tags: { by: "us" } }, opts }
          : undefined,
    ];
    program = () => access({}, { transformations });
    await run("up", each("create", ALL));
    const tagged = [...(await resources())].filter(([, { inputs }]) => inputs?.["tags"] !== undefined);
    expect(tagged.map(([label]) => label).sort()).toEqual([
      "Key acme",
      "Queue acme",
      "Queue acme-dead-letters",
      "Table acme",
      "Topic acme",
    ]);
    await run("up", []);
  });

  const stackWide = (transform: pulumi.ResourceTransform) => {
    pulumi.runtime.registerResourceTransform(transform);
    return access();
  };
  test.each<[string, (transform: pulumi.ResourceTransform) => unknown]>([
    ["of the component", (transform) => access({}, { transforms: [transform] })],
    ["of the stack", stackWide],
  ])("transforms %s reach all that it is made of", async (_, declare) => {
    program = () =>
      declare(({ type, props, opts }) => {
        if (/:(Topic|Queue|Key|Table)$/.test(type)) return { props: { ...props, tags: { by: "us" } }, opts };
        if (type.endsWith(":DelegationRequest"))
          return { props: { ...props, requestMessage: "By us" }, opts };
        return undefined;
      });
    if (engine === offline) {
      await fails("up", /transforms/);
      return;
    }
    await run("up", each("create", ALL));
    const all = await resources();
    const tagged = [...all].filter(([, { inputs }]) => inputs?.["tags"] !== undefined);
    expect(tagged.map(([label]) => label).sort()).toEqual([
      "Key acme",
      "Queue acme",
      "Queue acme-dead-letters",
      "Table acme",
      "Topic acme",
    ]);
    expect(all.get("DelegationRequest acme")?.inputs).toMatchObject({
      requestMessage: "By us",
      notificationChannel: await output("topicArn"),
    });
    expect(fixture.requests().at(-1)?.requestMessage).toBe("By us");
    await run("up", []);
  });

  test("with an alias another name changes nothing, and nobody is asked again", async () => {
    const asked = fixture.requests().length;
    let [name, aliases]: [string, pulumi.Alias[]] = ["acme", []];
    program = () => void new CustomerAccess(name, { request }, { aliases });
    await run("up", each("create", ALL));
    const ids = async () => [...(await resources()).values()].flatMap(({ id }) => id ?? []).sort();
    const before = await ids();

    [name, aliases] = ["acme-corp", [{ name: "acme" }]];
    // The name is in its description.
    await run("preview", ["update Key acme-corp"]);
    await run("up", ["update Key acme-corp"]);
    expect(await ids()).toEqual(before);
    expect([...(await resources()).keys()]).toEqual(
      expect.arrayContaining([...accessOf("acme-corp"), ...inboxOf("acme-corp")]),
    );
    aliases = [];
    await run("up", []);
    expect(fixture.requests()).toHaveLength(asked + 1);
  });

  test("an aws provider of its own makes the inbox, and not the request", async () => {
    program = () => {
      const partner = new aws.Provider("partner", { region: "us-east-1" });
      return access({}, { providers: [partner] });
    };
    await run("up", each("create", ALL));
    const served = [...(await resources())]
      .filter(([, { provider }]) => provider?.includes("pulumi:providers:aws::partner::"))
      .map(([label]) => label);
    expect(served.sort()).toEqual(inboxOf("acme").filter((label) => !label.startsWith("ApprovalInbox")));
    await run("refresh", []);
  });

  test("protected, it is not deleted, whole or in part", async () => {
    let protect = true;
    let declared = true;
    program = () => declared && access({}, { protect });
    await run("up", each("create", ALL));
    await fails("destroy", /protected/);
    declared = false;
    await fails("up", /protected/);
    expect((await inboxResources()).queues).toHaveLength(2);
    declared = true;
    protect = false;
    await run("up", []);
  });

  test("the request has options of its own, and the rest of it has not", async () => {
    let sessionDuration = 3600;
    const requestOptions = { ignoreChanges: ["sessionDuration"], additionalSecretOutputs: ["state"] };
    program = () => access({ request: { ...request, sessionDuration }, requestOptions });
    await run("up", each("create", ALL));
    const asked = (await resources()).get("DelegationRequest acme");
    expect(asked?.outputs?.["state"]).toEqual(expect.objectContaining({ ciphertext: expect.any(String) }));
    sessionDuration = 7200;
    await run("up", []);
    expect(fixture.requests().at(-1)?.sessionDuration).toBe(3600);
  });

  test("what no notification would arrive by is refused when an output names it, too", async () => {
    const topic = pulumi.output("arn:aws:sns:us-east-1:000000000000:approvals.fifo");
    program = () => void new ApprovalInbox("approvals", { topic });
    await fails("preview", /topic: must be a standard topic/);
  });

  test("deleted before it is replaced, its topic takes along what needs it, and the customer is asked again", async () => {
    let topicName = "first";
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type, props, opts }) =>
        type.endsWith(":Topic")
          ? {
              props: { ...props, name: topicName },
              opts: pulumi.mergeOptions(opts, { deleteBeforeReplace: true }),
            }
          : undefined,
    ];
    program = () => access({}, { transformations });
    await run("up", each("create", ALL));
    topicName = "second";
    const replaced = ["DelegationRequest", "Topic", "TopicPolicy", "TopicSubscription"];
    const { steps } = await run("up", [
      ...replaced.map((type) => `create-replacement ${type} acme`),
      ...replaced.map((type) => `delete-replaced ${type} acme`),
      ...replaced.map((type) => `replace ${type} acme`),
      "update QueuePolicy acme",
      "update TableItem acme",
    ]);
    const order = steps.map((step) => `${step.op} ${labelOf(step)}`);
    expect(order.slice(0, 4).sort()).toEqual(replaced.map((type) => `delete-replaced ${type} acme`));
    expect(order[3]).toBe("delete-replaced Topic acme");
    expect(await output("topicArn")).toMatch(/:second$/);
  });

  test("the onboarding example: three are asked, and who lets it expire is asked again", async () => {
    program = exampleProgram(resolve(__dirname, "../../examples/partner-onboarding/index.ts"));
    const all = [...inboxOf("approvals"), ...Object.keys(CUSTOMERS).flatMap(accessOf)];
    await run("preview", each("create", all));
    await run("up", each("create", all));
    await run("up", []);

    const ids = (await stack.outputs())["requestIds"]?.value as Record<keyof typeof CUSTOMERS, string>;
    await fixture.emulator.customer(CUSTOMERS.acme).approve(ids.acme);
    await fixture.emulator.customer(CUSTOMERS.globex).reject(ids.globex, "Not before the audit");
    const states = async () => (await stack.outputs())["states"]?.value;
    expect((await stack.run("refresh")).changes).toEqual(["update acme", "update globex"]);
    await run("up", []);
    expect(await states()).toEqual({ acme: "FINALIZED", globex: "REJECTED", initech: "UNASSIGNED" });
    expect(await messages()).toEqual([]);
    fixture.clock.advance("25h");
    expect((await stack.run("refresh")).changes).toEqual(["update initech"]);

    const renewal = [
      "create-replacement DelegationRequest initech",
      "delete-replaced DelegationRequest initech",
      "replace DelegationRequest initech",
    ];
    expect((await run("preview", renewal)).replaceKeys).toEqual(["state"]);
    await run("up", renewal);
    const now = (await stack.outputs())["requestIds"]?.value as typeof ids;
    expect({ ...now, initech: ids.initech }).toEqual(ids);
    expect(now.initech).not.toBe(ids.initech);
    await run("destroy", each("delete", all));
  });
});
