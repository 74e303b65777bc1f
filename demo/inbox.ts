import { setTimeout as delay } from "node:timers/promises";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { DelegationRequestState, Emulator } from "../src/emulator";

const client = (endpoint: string, account: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: account, secretAccessKey: "demo" },
});

const WAITING_FOR: Readonly<Record<DelegationRequestState, string>> = {
  UNASSIGNED: "Waiting for somebody to claim the request …",
  ASSIGNED: "Claimed; waiting for somebody to accept, forward or reject it …",
  PENDING_APPROVAL: "Forwarded; waiting for somebody with more permissions to accept or reject it …",
  ACCEPTED: "Accepted; waiting for somebody to send the token, or to reject it after all …",
  FINALIZED: "The token is sent.",
  REJECTED: "Rejected: the vendor gets no access.",
  EXPIRED: "Expired: nobody acted in time.",
};

interface Decision {
  state: DelegationRequestState;
  waitingFor: string;
}

/** What somebody decides in their browser, and what is waited for next, until there is nothing more to decide. */
export async function* decisionsOn(requestId: string, emulator: Emulator): AsyncGenerator<Decision> {
  for (let told = 0; ; await delay(200)) {
    const { history, state } = emulator.store.delegationRequests.get(requestId) ?? {
      history: [],
      state: "EXPIRED",
    };
    for (const reached of history.slice(told))
      yield { state: reached.state, waitingFor: WAITING_FOR[reached.state] };
    told = history.length;
    if (["FINALIZED", "REJECTED", "EXPIRED"].includes(state)) return;
  }
}

/** The vendor's SNS topic, which IAM may publish to, and a queue that it delivers to. */
export async function openInbox(endpoint: string, account: string) {
  const sns = new SNSClient(client(endpoint, account));
  const sqs = new SQSClient(client(endpoint, account));
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "iam.amazonaws.com" }, Action: "SNS:Publish", Resource: "*" },
    ],
  };
  const { TopicArn: topicArn = "" } = await sns.send(
    new CreateTopicCommand({ Name: "approvals", Attributes: { Policy: JSON.stringify(policy) } }),
  );
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "approvals" }));
  const queueArn = topicArn.replace(":sns:", ":sqs:");
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn }));

  return {
    topicArn,
    /** Reads the news of a request until its token is there. @returns the token, and the message that it came in */
    async exchangeToken(
      requestId: string,
      say: (line: string) => void,
    ): Promise<{ token: string; message: string }> {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
        );
        if (Messages.length === 0) throw new Error("no token arrived within 5 s");
        let found: { token: string; message: string } | undefined;
        for (const { Body = "{}", ReceiptHandle } of Messages) {
          const news = JSON.parse(JSON.parse(Body).Message);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          if (news.RequestId !== requestId) continue;
          say(`${news.Type} ${news.State}${news.ExchangeToken ? ", with a token" : ""}`);
          if (news.ExchangeToken) found ??= { token: news.ExchangeToken, message: Body };
        }
        if (found) return found;
      }
    },
    close: async () => {
      sns.destroy();
      sqs.destroy();
    },
  };
}
