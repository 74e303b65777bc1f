import { DeleteTopicCommand, ListTopicsCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand, ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { Harness } from "../harness";

/** Deletes all topics and queues of accounts, so that tests can share an emulator. */
export async function deleteTopicsAndQueues(harness: Harness, ...accounts: string[]): Promise<void> {
  for (const account of accounts) {
    const [sns, sqs] = [harness.sns(account), harness.sqs(account)];
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    for (const { TopicArn } of Topics) await sns.send(new DeleteTopicCommand({ TopicArn }));
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    for (const QueueUrl of QueueUrls) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}
