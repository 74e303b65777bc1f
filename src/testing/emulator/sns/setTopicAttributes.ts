import { operation } from "../operation";
import { string, structure } from "../shapes";
import { setTopicAttribute } from "./attributes";
import { findTopic, topicArn } from "./topic";

const input = structure({ TopicArn: topicArn, AttributeName: string({}), AttributeValue: string({}) }, [
  "TopicArn",
  "AttributeName",
]);

export const setTopicAttributes = operation("SetTopicAttributes", input, (given, invocation) => {
  const topic = findTopic(given.TopicArn, "SetTopicAttributes", invocation);
  setTopicAttribute(topic, given.AttributeName, given.AttributeValue ?? "");
  return undefined;
});
