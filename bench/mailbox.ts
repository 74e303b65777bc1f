import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { CreateDelegationRequestCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { AwsClients } from "../dist/aws/clients";
import type { MailboxAddress } from "../dist/mailbox/address";
import { drain } from "../dist/mailbox/drain";
import { Customer } from "../src/testing";
import { asked } from "./request";
import { timed } from "./timed";

const COMMAND = join(__dirname, "../bin/aws-approvals.js");
const VENDOR = "111122223333";
const REGION = "us-east-1";
const CUSTOMERS = 100;
const WAITS = 7;
/** Three states and a token. */
const MESSAGES = 4 * CUSTOMERS;

/** How fast messages of customers get from the queue to the table: rows of name, number, ratio to the bare SDK. */
export async function mailboxRows(): Promise<(string | number)[][]> {
  const emulator = await startCommand(["emulator", "--port", "0"]);
  const endpoint = emulator.firstLine.split("=")[1] ?? "";
  const vendor = new Vendor(endpoint);
  try {
    // Both queues get every message.
    const [ours, bare] = [await vendor.openMailbox("ours"), await vendor.openMailbox("bare")];
    const clients = new AwsClients({
      ...{ region: REGION, accessKey: VENDOR, secretKey: "bench" },
      endpoints: { dynamodb: endpoint, sqs: endpoint },
    });
    const once = { waitSeconds: 0, log: () => {} };
    // The first customer's messages load what is loaded once.
    await vendor.onboard(1);
    await drain(ours, clients, once);
    await vendor.drain(bare);
    await vendor.onboard(CUSTOMERS);
    const [oursRate = 0, bareRate = 0] = await ratesOf([
      async () => (await drain(ours, clients, once)).received,
      () => vendor.drain(bare),
    ]);
    const waits: number[] = [];
    while (waits.length < WAITS) waits.push(await vendor.clickToWait(ours));
    return [
      ["drained messages a second", oursRate, (oursRate / bareRate).toFixed(2)],
      ["the same calls by the AWS SDK", bareRate, "1.00"],
      [
        "ms from a customer's click to the end of `wait`",
        waits.sort((a, b) => a - b)[WAITS >> 1] as number,
        "",
      ],
    ];
  } finally {
    vendor.close();
    emulator.process.kill();
  }
}

/** Messages a second of each, which take turns, so that what else the machine does counts for all alike. */
async function ratesOf(drains: readonly (() => Promise<number>)[]): Promise<number[]> {
  const done = drains.map(() => ({ messages: 0, milliseconds: 0 }));
  while (done.some(({ messages }) => messages < MESSAGES)) {
    for (const [i, sum] of done.entries()) {
      let count = 0;
      const receive = async () => {
        count = (await drains[i]?.()) ?? 0;
      };
      sum.milliseconds += await timed(receive);
      sum.messages += count;
      if (count === 0 && sum.messages < MESSAGES) throw new Error(`${sum.messages} of ${MESSAGES} arrived`);
    }
  }
  return done.map(({ messages, milliseconds }) => (messages / milliseconds) * 1_000);
}

/** Starts the command, and waits for its first line. */
async function startCommand(args: string[]): Promise<{ process: ChildProcess; firstLine: string }> {
  const process_ = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const text = await new Promise<string>((resolve) =>
    process_.stdout.once("data", (data) => resolve(String(data))),
  );
  return { process: process_, firstLine: text.trim().split("\n")[0] ?? "" };
}

/** A vendor with nothing but the AWS SDK. */
class Vendor {
  private readonly iam: IAMClient;
  private readonly sns: SNSClient;
  private readonly sqs: SQSClient;
  private readonly dynamodb: DynamoDBClient;
  private topicArn = "";
  private requests = 0;

  constructor(private readonly endpoint: string) {
    const credentials = { accessKeyId: VENDOR, secretAccessKey: "bench" };
    const client = { endpoint, region: REGION, credentials };
    this.iam = new IAMClient(client);
    this.sns = new SNSClient(client);
    this.sqs = new SQSClient(client);
    this.dynamodb = new DynamoDBClient(client);
  }

  /** A table, and a queue that gets what the vendor's one topic gets. */
  async openMailbox(name: string): Promise<MailboxAddress> {
    this.topicArn ||= await this.createTopic();
    const { QueueUrl: queueUrl = "" } = await this.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const Endpoint = `arn:aws:sqs:${REGION}:${VENDOR}:${name}`;
    await this.sns.send(new SubscribeCommand({ TopicArn: this.topicArn, Protocol: "sqs", Endpoint }));
    const { TableDescription } = await this.dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    return { topicArn: this.topicArn, queueUrl, tableArn: TableDescription?.TableArn ?? "" };
  }

  private async createTopic(): Promise<string> {
    const statement = { Effect: "Allow", Principal: { Service: "iam.amazonaws.com" }, Action: "SNS:Publish" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: "*" }] });
    const { TopicArn = "" } = await this.sns.send(
      new CreateTopicCommand({ Name: "approvals", Attributes: { Policy } }),
    );
    return TopicArn;
  }

  /** Asks customers, who all approve. */
  async onboard(customers: number): Promise<void> {
    for (let i = 0; i < customers; i++) await this.customer().approve(await this.ask());
  }

  /** Milliseconds from a customer's last click to the end of a command that waits for it. */
  async clickToWait({ tableArn, queueUrl, topicArn = "" }: MailboxAddress): Promise<number> {
    const Item = { pk: { S: "inbox" }, queueUrl: { S: queueUrl }, topicArn: { S: topicArn } };
    await this.dynamodb.send(new PutItemCommand({ TableName: tableArn, Item }));
    const id = await this.ask();
    await this.customer().accept(id);
    const waiting = spawn(process.execPath, [COMMAND, "wait", "--request", id, "--table", tableArn], {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: this.endpoint,
        AWS_ACCESS_KEY_ID: VENDOR,
        AWS_SECRET_ACCESS_KEY: "bench",
        AWS_REGION: REGION,
      },
    });
    const ended = once(waiting, "close");
    await new Promise<void>((resolve) => {
      waiting.stderr.on("data", (text) => String(text).includes("ACCEPTED by account") && resolve());
    });
    return timed(async () => {
      await this.customer().sendToken(id);
      const [code] = await ended;
      if (code !== 0) throw new Error(`wait ended with ${code}`);
    });
  }

  private customer(): Customer {
    const revokeAccess = () => {
      throw new Error("the embedded AWS is in another process");
    };
    const emulator = { endpoint: this.endpoint, store: { delegationRequests: new Map() }, revokeAccess };
    return new Customer(emulator, asked.ownerAccountId);
  }

  private async ask(): Promise<string> {
    const { DelegationRequestId = "" } = await this.iam.send(
      new CreateDelegationRequestCommand({
        OwnerAccountId: asked.ownerAccountId,
        Description: asked.description,
        Permissions: { PolicyTemplateArn: asked.permissions.policyTemplateArn },
        RequestorWorkflowId: `bench-${++this.requests}`,
        NotificationChannel: this.topicArn,
        SessionDuration: asked.sessionDuration,
      }),
    );
    return DelegationRequestId;
  }

  /** What a drain calls, without what it checks. @returns how many messages there were */
  async drain({ queueUrl: QueueUrl, tableArn }: MailboxAddress): Promise<number> {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 });
    const { Messages = [] } = await this.sqs.send(receive);
    if (Messages.length === 0) return 0;
    await Promise.all(Messages.map((message) => this.save(message, tableArn)));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return Messages.length;
  }

  private async save({ Body = "" }: Message, TableName: string): Promise<void> {
    const news = JSON.parse(JSON.parse(Body).Message);
    const update = (pk: string, name: string, value: string) => {
      const input: UpdateItemCommandInput = {
        ...{ TableName, Key: { pk: { S: pk } } },
        UpdateExpression: "SET #n = :v",
        ConditionExpression: "attribute_not_exists(#n) OR #n < :v",
        ExpressionAttributeNames: { "#n": name },
        ExpressionAttributeValues: { ":v": { S: value } },
      };
      return this.dynamodb.send(new UpdateItemCommand(input)).catch((error: Error) => {
        if (error.name !== "ConditionalCheckFailedException") throw error;
      });
    };
    const [state, token] = [`state#${news.RequestId}`, `token#${news.RequestId}`];
    if (news.ExchangeToken) await update(token, "token", news.ExchangeToken);
    await update(state, "state", news.State);
    if (news.ExchangeToken) await update(state, "accessEndsAt", news.ExpiresAt);
  }

  close(): void {
    for (const client of [this.iam, this.sns, this.sqs, this.dynamodb]) client.destroy();
  }
}
