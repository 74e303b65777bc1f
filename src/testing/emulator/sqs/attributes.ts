import { AwsError } from "../errors";
import { parsePolicy } from "../policy";
import { forgetExpired, notEmulated, type Queue } from "./queue";

/** Attributes that are whole numbers, with bounds and default. */
const NUMERIC: Readonly<Record<string, { min: number; max: number; default: number }>> = {
  DelaySeconds: { min: 0, max: 900, default: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, default: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, default: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, default: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, default: 30 },
};

const TEXT = [
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
];

export const defaultAttributes = (): Map<string, string> =>
  new Map([
    ...Object.entries(NUMERIC).map(([name, bounds]) => [name, String(bounds.default)] as const),
    ["SqsManagedSseEnabled", "true"],
  ]);

/** Sets an attribute of a queue; an empty text takes it away. */
export function setAttribute(attributes: Map<string, string>, name: string, value: string): void {
  if (name === "FifoQueue" && value === "false") return;
  if (
    ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"].includes(name)
  ) {
    throw notEmulated("A FIFO queue");
  }
  const bounds = NUMERIC[name];
  if (bounds === undefined && !TEXT.includes(name)) {
    throw new AwsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
  }
  const valid =
    bounds === undefined ? isValidText(name, value) : /^\d+$/.test(value) && within(bounds, Number(value));
  if (!valid) throw new AwsError("InvalidAttributeValue", 400, `Invalid value for the parameter ${name}.`);
  if (value === "") attributes.delete(name);
  else attributes.set(name, value);
}

const within = ({ min, max }: { min: number; max: number }, value: number): boolean =>
  value >= min && value <= max;

function isValidText(name: string, value: string): boolean {
  if (value === "") return true;
  if (name === "Policy") return parsePolicy(value) !== undefined;
  return name !== "RedrivePolicy" || isRedrivePolicy(value);
}

function isRedrivePolicy(text: string): boolean {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = Object(JSON.parse(text));
    return (
      /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/.test(deadLetterTargetArn) &&
      within({ min: 1, max: 1000 }, maxReceiveCount)
    );
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** All attributes of a queue, those that count its messages included. */
export function allAttributes(queue: Queue, now: Date): Map<string, string> {
  forgetExpired(queue, now);
  const hidden = queue.messages.filter(({ visibleAt }) => now < visibleAt);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  const seconds = (time: Date) => String(Math.floor(time.getTime() / 1_000));
  return new Map([
    ["QueueArn", queue.arn],
    ["ApproximateNumberOfMessages", String(queue.messages.length - hidden.length)],
    ["ApproximateNumberOfMessagesNotVisible", String(hidden.length - delayed)],
    ["ApproximateNumberOfMessagesDelayed", String(delayed)],
    ["CreatedTimestamp", seconds(queue.createdAt)],
    ["LastModifiedTimestamp", seconds(queue.modifiedAt)],
    ...queue.attributes,
  ]);
}
