// The partner's notification inbox: an SNS topic that delivers to an SQS queue, both in the embedded AWS. A test reads
// from it what AWS tells the partner, above all the exchange token of an approved request.

import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/** Creates a topic and a queue that subscribes to it. */
export async function openInbox(endpoint: string, account: string, name = "approvals") {
  const client = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "x" },
  };
  const sns = new SNSClient(client);
  const sqs = new SQSClient(client);
  const statement = {
    Effect: "Allow",
    Principal: { Service: "iam.amazonaws.com" },
    Action: "SNS:Publish",
    Resource: "*",
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name, Attributes: { Policy } }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const Endpoint = TopicArn?.replace(":sns:", ":sqs:");
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return {
    topicArn: String(TopicArn),
    queueUrl: String(QueueUrl),
    /** The exchange token of the one request that was approved; other notifications of it are skipped. */
    async token(): Promise<string> {
      for (let received = 0; received < 10; received++) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
        const { ExchangeToken } = JSON.parse(JSON.parse(Messages[0]?.Body ?? "{}").Message ?? "{}");
        if (ExchangeToken) return ExchangeToken;
      }
      throw new Error("no token arrived");
    },
    async close(): Promise<void> {
      sns.destroy();
      sqs.destroy();
    },
  };
}

/** What {@link openMailbox} opens in an emulator. */
export const inboxIn = (endpoint = "", account = "000000000000") => ({
  tableArn: `arn:aws:dynamodb:us-east-1:${account}:table/approvals`,
  queueUrl: `${endpoint}/${account}/approvals`,
  topicArn: `arn:aws:sns:us-east-1:${account}:approvals`,
});

/** The same with the table that keeps what arrives: what a request takes as its `inbox`. */
export async function openMailbox(endpoint: string, account: string, name = "approvals") {
  const { topicArn, queueUrl, close } = await openInbox(endpoint, account, name);
  const dynamodb = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "x" },
  });
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  dynamodb.destroy();
  await close();
  return { tableArn: String(TableDescription?.TableArn), queueUrl, topicArn };
}
