import { operation } from "../operation";
import { integer, map, string, structure } from "../shapes";
import { enqueue, findQueue, invalidValue, md5, notEmulated, numeric, queueUrl } from "./queue";

const attributes = map(string({}), structure({ DataType: string({}) }, []));

const input = structure(
  {
    QueueUrl: queueUrl,
    MessageBody: string({}),
    DelaySeconds: integer({}),
    MessageAttributes: attributes,
    MessageSystemAttributes: attributes,
    MessageDeduplicationId: string({}),
    MessageGroupId: string({}),
  },
  ["QueueUrl", "MessageBody"],
);

const VALID_BODY = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;

export const sendMessage = operation("SendMessage", input, (given, invocation) => {
  for (const name of [
    "MessageAttributes",
    "MessageSystemAttributes",
    "MessageDeduplicationId",
    "MessageGroupId",
  ] as const) {
    if (given[name] !== undefined) throw notEmulated(name);
  }
  const queue = findQueue(given.QueueUrl, "SendMessage", invocation);
  if (!VALID_BODY.test(given.MessageBody))
    throw invalidValue("The message body is empty or has invalid characters.");
  if (Buffer.byteLength(given.MessageBody) > numeric(queue, "MaximumMessageSize")) {
    throw invalidValue(
      "One or more parameters are invalid. Reason: Message must be shorter than MaximumMessageSize.",
    );
  }
  const delay = given.DelaySeconds;
  if (delay !== undefined && (delay < 0 || delay > 900))
    throw invalidValue("DelaySeconds must be >= 0 and <= 900.");
  const message = enqueue(queue, given.MessageBody, invocation.caller.userId, invocation.now, delay);
  return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
});
