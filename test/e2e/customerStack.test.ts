// examples/customer-stack, from the first question to the end of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { iam } from "pulumi-aws-approvals";
import { ManualClock, type StackFault, testStack, VENDOR_ACCOUNT } from "../../src/testing";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY } from "./awsFixture";
import { engines, type Operation, type Stack } from "./engines";
import { exampleProgram } from "./exampleProgram";
import { inboxIn, openMailbox } from "./inbox";
import { integrityErrors } from "./integrity";

const EXAMPLE = resolve(__dirname, "../../examples/customer-stack/index.ts");

describe.each(engines)("$title", (engine) => {
  const homes: string[] = [];
  const clock = new ManualClock();
  /** From the folder that the program and its plugins run in, so that the state has no path of this machine. */
  const configFile = `node_modules/.cache/customer-stack-${process.pid}.ini`;
  let fixture: AwsFixture;
  let stack: Stack;
  let sqs: SQSClient;
  let dynamodb: DynamoDBClient;
  const env: Record<string, string> = {};
  let settings: Record<string, string> = {};
  const configure = (more: Record<string, string>) => {
    settings = { ...settings, ...more };
    const entries = Object.entries(settings).map(([key, value]) => [`customer-stack:${key}`, value]);
    return stack.configure(Object.fromEntries(entries));
  };
  const open = async () => {
    // Nothing that this user has kept: as on another machine.
    const home = mkdtempSync(join(tmpdir(), "aws-approvals-home-"));
    homes.push(home);
    Object.assign(env, fixture.env, { AWS_APPROVALS_HOME: home });
    const state = await stack?.state();
    await stack?.close();
    stack = await engine.open({ program: exampleProgram(EXAMPLE), env, inlineProvider: true });
    if (state) await stack.load({ version: 3, deployment: state });
    await configure({ configFile });
  };

  beforeAll(async () => {
    fixture = await AwsFixture.open({ clock });
    const credentials = { accessKeyId: CUSTOMER, secretAccessKey: "x" };
    const { endpoint } = fixture.emulator;
    sqs = new SQSClient({ endpoint, region: "us-east-1", credentials });
    const vendor = { accessKeyId: PARTNER, secretAccessKey: "x" };
    dynamodb = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: vendor });
    await open();
  });
  afterAll(async () => {
    sqs?.destroy();
    dynamodb?.destroy();
    await stack?.close();
    await fixture?.close();
    for (const file of [...homes, configFile]) rmSync(file, { recursive: true, force: true });
  });

  /** What a run does to the request, and at the customer's. */
  const run = async (operation: Operation) => {
    const { errors, changes, text } = await stack.run(operation);
    // A run that stopped has a replaced request to delete yet.
    const unfinished = errors.length > 0 ? [expect.stringContaining("unfinished replacement")] : [];
    const found = integrityErrors(await stack.state(), [SECRET_KEY]);
    expect(unfinished).toEqual(expect.arrayContaining(found));
    return {
      errors,
      text,
      changes: changes.filter((one) => /backup-orders$|^(replace|update) acme$/.test(one)),
    };
  };
  const outputs = async () =>
    Object.fromEntries(Object.entries(await stack.outputs()).map(([name, { value }]) => [name, value]));
  /** A run that stops leaves the stack's outputs as they were. */
  const requestId = () => fixture.requests().at(-1)?.id ?? "";
  const approve = async () => fixture.emulator.customer(CUSTOMER).approve(requestId());
  /** Two hours go by, for the command too, whose clock is this machine's. */
  const endAccess = async () => {
    clock.advance("2h");
    const resources = (await stack.state()).resources ?? [];
    const { outputs = {} } = resources.find(({ urn }) => urn.endsWith("iam:DelegationGrant::acme")) ?? {};
    const { tableArn } = outputs["inbox"] as { tableArn: string };
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: tableArn,
        Key: { pk: { S: `state#${requestId()}` } },
        UpdateExpression: "SET accessEndsAt = :end",
        ExpressionAttributeValues: { ":end": { N: String(Date.now() - 3_600_000) } },
      }),
    );
  };
  const customersProviders = async () =>
    ((await stack.state()).resources ?? []).filter(({ urn }) => urn.endsWith("pulumi:providers:aws::acme"));
  /** The queue's setting as the customer sees it; undefined when there is no queue. */
  const retention = async () => {
    const QueueUrl = `${fixture.emulator.endpoint}/${CUSTOMER}/backup-orders`;
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    try {
      return (await sqs.send(command)).Attributes?.["MessageRetentionPeriod"];
    } catch (error) {
      if ((error as Error).name !== "QueueDoesNotExist") throw error;
      return undefined;
    }
  };

  test("before the grant nothing is deployed, and a preview says what it waits for", async () => {
    const preview = await run("preview");
    expect(preview).toMatchObject({ errors: [], changes: [] });
    expect(preview.text).toContain("created after account 222222222222 has granted the request");
    expect(await run("up")).toMatchObject({ errors: [], changes: [] });
    expect(await outputs()).toMatchObject({ state: "UNASSIGNED", backupOrders: "not granted yet" });
    expect(await customersProviders()).toEqual([]);
  });

  test("once granted, it is deployed in the customer's account, by a profile", async () => {
    await approve();
    expect(await run("refresh")).toMatchObject({ errors: [], changes: ["update acme"] });
    expect(await run("preview")).toMatchObject({ errors: [], changes: ["create backup-orders"] });
    expect(await run("up")).toMatchObject({ errors: [], changes: ["create backup-orders"] });
    expect(await outputs()).toMatchObject({ state: "FINALIZED" });
    expect(await retention()).toBe("345600");
    const [provider] = await customersProviders();
    expect(provider?.inputs).toMatchObject({
      profile: "acme",
      sharedConfigFiles: JSON.stringify([configFile]),
      allowedAccountIds: JSON.stringify([CUSTOMER]),
    });
    expect(JSON.stringify(await stack.state())).not.toMatch(/ASIA|secretKey":"|"token":/);
  });

  test("and is the same in every run, here and on another machine; only a refresh drains", async () => {
    const drains: string[] = [];
    for (const operation of ["preview", "up", "refresh"] as const) {
      fixture.fault = (call) => void (call.operation === "ReceiveMessage" && drains.push(operation));
      expect(await run(operation)).toMatchObject({ errors: [], changes: [] });
    }
    fixture.fault = undefined;
    expect(new Set(drains)).toEqual(new Set(["refresh"]));
    await open();
    for (const operation of ["refresh", "preview"] as const)
      expect(await run(operation)).toMatchObject({ errors: [], changes: [] });
  });

  test("what fails in whenGranted fails the run, and deletes nothing", async () => {
    await configure({ retentionSeconds: "many" });
    const { errors, changes } = await run("up");
    expect(errors).toContainEqual(expect.stringMatching(/CustomerAccess acme: .*retentionSeconds/s));
    expect(changes).toEqual([]);
    expect(await retention()).toBe("345600");
  });

  test("when the access has ended, a run stops, changes nothing, and says how to ask again", async () => {
    await endAccess();
    await open();
    await configure({ retentionSeconds: "86400" });
    for (const operation of ["preview", "up", "refresh", "destroy"] as const) {
      const { errors, text } = await run(operation);
      expect(errors).not.toEqual([]);
      expect(text).toMatch(/ended.*generation/s);
    }
    expect(await retention()).toBe("345600");
    expect(await customersProviders()).toHaveLength(1);
  });

  test("a renewal asks once, and unregisters nothing while the customer has not answered", async () => {
    await configure({ generation: "2" });
    const preview = await run("preview");
    expect(preview).toMatchObject({
      errors: [],
      changes: ["replace acme", "update acme", "update backup-orders"],
    });
    const before = fixture.requests().length;
    for (let i = 0; i < 2; i++) expect((await run("up")).errors).not.toEqual([]);
    expect(fixture.requests()).toHaveLength(before + 1);
    expect(await retention()).toBe("345600");
    expect(await customersProviders()).toHaveLength(1);
  });

  test("once granted again, the next up goes on", async () => {
    await approve();
    expect(await run("up")).toMatchObject({ errors: [], changes: ["update backup-orders"] });
    expect(await retention()).toBe("86400");
    expect(await customersProviders()).toHaveLength(1);
  });

  test("with waitFor, one up asks, waits and deploys", async () => {
    await configure({ generation: "3", waitFor: "FINALIZED", retentionSeconds: "7200" });
    const known = fixture.requests().length;
    fixture.fault = async ({ operation, phase }) => {
      // The wait looks for the first time.
      if (operation !== "BatchGetItem" || phase !== "before-effect") return;
      fixture.fault = undefined;
      await fixture.emulator.customer(CUSTOMER).approve(fixture.requests().at(-1)?.id ?? "");
    };
    expect(await run("up")).toMatchObject({
      errors: [],
      changes: ["replace acme", "update acme", "update backup-orders"],
    });
    expect(fixture.requests()).toHaveLength(known + 1);
    expect(await retention()).toBe("7200");
  });

  test("destroy takes it down at the customer's first", async () => {
    await open();
    expect(await run("destroy")).toMatchObject({ errors: [], changes: ["delete backup-orders"] });
    expect(await retention()).toBeUndefined();
    expect((await stack.state()).resources ?? []).toEqual([]);
  });
});

test.each<[string, StackFault]>([
  ["provider", { kill: "provider", operation: "dynamodb:BatchGetItem" }],
  ["engine", { kill: "engine", op: "create", name: "acme-grant" }],
])(
  "a wait whose %s is killed leaves the request in the stack, and the next up waits on",
  async (_, fault) => {
    await using stack = await testStack({
      program: () => {
        const inbox = inboxIn(stack.emulator.endpoint);
        const request = new iam.DelegationRequest("acme", {
          ...{ ownerAccountId: CUSTOMER, description: "Set up backups", sessionDuration: 3600, inbox },
          permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
          notificationChannel: inbox.topicArn,
        });
        const { delegationRequestId } = request;
        new iam.DelegationGrant("acme-grant", { delegationRequestId, inbox, waitFor: "FINALIZED" });
        return { delegationRequestId };
      },
    });
    const { emulator } = stack;
    await openMailbox(emulator.endpoint, VENDOR_ACCOUNT);
    stack.injectFaults(fault);
    await expect(stack.up()).rejects.toThrow();
    expect(stack.pendingFaults()).toEqual([]);
    const [asked] = emulator.store.delegationRequests.keys();
    expect(stack.resource("acme", "DelegationRequest").outputs).toMatchObject({ delegationRequestId: asked });
    await emulator.customer(CUSTOMER).approve(asked ?? "");
    await stack.up();
    expect(stack.resource("acme-grant").outputs).toMatchObject({ granted: true });
    expect([...emulator.store.delegationRequests.keys()]).toEqual([asked]);
  },
);
