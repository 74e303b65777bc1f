import { parsePolicy } from "../policy";
import { defaultPolicy, invalidParameter, notEmulated, type Subscription, type Topic } from "./topic";

const STORED = [
  "DisplayName",
  "Policy",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
];

/** Sets a topic attribute; an empty value takes it back to its default. */
export function setTopicAttribute(topic: Topic, name: string, value: string): void {
  if (name === "FifoTopic" && value === "false") return;
  if (name.startsWith("Fifo") || name === "ContentBasedDeduplication" || name === "ArchivePolicy") {
    throw notEmulated(`The topic attribute ${name}`);
  }
  if (!STORED.includes(name)) throw invalidParameter(`AttributeName Reason: unknown topic attribute ${name}`);
  if (name === "Policy" && value !== "" && parsePolicy(value) === undefined) {
    throw invalidParameter("Policy Error: not a policy document");
  }
  if (value !== "") topic.attributes.set(name, value);
  else if (name === "Policy") topic.attributes.set(name, defaultPolicy(topic.arn, topic.account));
  else topic.attributes.delete(name);
}

export function setSubscriptionAttribute(subscription: Subscription, name: string, value: string): void {
  if (name !== "RawMessageDelivery") throw notEmulated(`The subscription attribute ${name}`);
  if (value !== "true" && value !== "false")
    throw invalidParameter("RawMessageDelivery must be true or false");
  subscription.rawMessageDelivery = value === "true";
}
