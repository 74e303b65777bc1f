import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  type IAMClient,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/** What a customer does who says yes. */
export async function approve(customer: IAMClient, DelegationRequestId: string): Promise<void> {
  await customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new AcceptDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new SendDelegationTokenCommand({ DelegationRequestId }));
}

/** The partner's topic `approvals`, and what it delivers. */
export async function openInbox(endpoint: string, account: string) {
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
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "approvals", Attributes: { Policy } }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "approvals" }));
  const Endpoint = TopicArn?.replace(":sns:", ":sqs:");
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return {
    queueUrl: String(QueueUrl),
    /** The token of the one request that was approved, among the news of it. */
    async token(): Promise<string> {
      for (let news = 0; news < 10; news++) {
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
