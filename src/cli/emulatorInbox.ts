import { topicPolicy } from "../components/policies";
import { DEFAULT_ACCOUNT } from "../emulator/caller";
import { inboxItem, type MailboxAddress } from "../mailbox/address";
import { type Caller, callJson, callQuery } from "../testing/emulatorClient";

const REGION = "us-east-1";
const NAME = "approvals";

/**
 * Makes an inbox in the embedded AWS as an `ApprovalInbox` makes it in AWS, so that programs in any language can be tried
 * there to the end without a plugin for topics, queues and tables.
 * @throws AwsCallError when fauxqs or dynalite is not installed
 */
export async function createInbox(endpoint: string): Promise<Required<MailboxAddress>> {
  const caller: Caller = { endpoint, account: DEFAULT_ACCOUNT, region: REGION };
  const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:${DEFAULT_ACCOUNT}:${name}`;
  const sns = (operation: string, parameters: Record<string, string>) =>
    callQuery({ service: "sns", operation, version: "2010-03-31" }, parameters, caller);
  const createQueue = async (name: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl } = await callJson("sqs", "CreateQueue", { QueueName: name, Attributes }, caller);
    return String(QueueUrl);
  };
  const topicArn = arn("sns", NAME);
  await sns("CreateTopic", {
    Name: NAME,
    "Attributes.entry.1.key": "Policy",
    "Attributes.entry.1.value": topicPolicy(topicArn),
  });
  const queueUrl = await createQueue(NAME, { ReceiveMessageWaitTimeSeconds: "20" });
  const deadLetterQueueUrl = await createQueue(`${NAME}-dead-letters`);
  await sns("Subscribe", { TopicArn: topicArn, Protocol: "sqs", Endpoint: arn("sqs", NAME) });
  const table = {
    TableName: NAME,
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
  };
  await callJson("dynamodb", "CreateTable", table, caller);
  const address = { queueUrl, topicArn, deadLetterQueueUrl };
  await callJson("dynamodb", "PutItem", { TableName: NAME, Item: inboxItem(address) }, caller);
  return { tableArn: arn("dynamodb", `table/${NAME}`), ...address };
}
