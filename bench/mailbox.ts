import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
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
    await vendor.onboard(CUSTOMERS);
    const clients = new AwsClients({
      ...{ region: REGION, accessKey: VENDOR, secretKey: "bench" },
      endpoints: { dynamodb: endpoint, sqs: endpoint },
    });
    const once = { waitSeconds: 0, log: () => {} };
    // Clients are loaded and connected by an empty queue's first reading.
    const empty = await vendor.openMailbox("empty");
    await drain(empty, clients, once);
    await vendor.drain(empty);
    const rate = (milliseconds: number) => (MESSAGES / milliseconds) * 1_000;
    const oursRate = rate(
      await timed(() => untilEmpty(async () => (await drain(ours, clients, once)).received)),
    );
    const bareRate = rate(await timed(() => untilEmpty(() => vendor.drain(bare))));
    return [
      ["drained messages a second", oursRate, (oursRate / bareRate).toFixed(2)],
      ["the same calls by the AWS SDK", bareRate, "1.00"],
    ];
  } finally {
    vendor.close();
    emulator.process.kill();
  }
}

async function untilEmpty(receive: () => Promise<number>): Promise<void> {
  let received = 0;
  for (let count = await receive(); count > 0; count = await receive()) received += count;
  if (received !== MESSAGES) throw new Error(`${received} of ${MESSAGES} messages arrived`);
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
    const revokeAccess = () => {
      throw new Error("the embedded AWS is in another process");
    };
    for (let i = 0; i < customers; i++) {
      const account = String(200_000_000_000 + i);
      const { DelegationRequestId = "" } = await this.iam.send(
        new CreateDelegationRequestCommand({
          OwnerAccountId: account,
          Description: asked.description,
          Permissions: { PolicyTemplateArn: asked.permissions.policyTemplateArn },
          RequestorWorkflowId: `bench-${i}`,
          NotificationChannel: this.topicArn,
          SessionDuration: asked.sessionDuration,
        }),
      );
      const emulator = { endpoint: this.endpoint, store: { delegationRequests: new Map() }, revokeAccess };
      await new Customer(emulator, account).approve(DelegationRequestId);
    }
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
