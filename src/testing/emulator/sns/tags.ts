import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import { findTopic, tagList, topicArn } from "./topic";

export const tagResource = operation(
  "TagResource",
  structure({ ResourceArn: topicArn, Tags: tagList }, ["ResourceArn", "Tags"]),
  (given, invocation) => {
    const { tags } = findTopic(given.ResourceArn, "TagResource", invocation);
    for (const { Key, Value } of given.Tags) tags.set(Key, Value);
    return {};
  },
);

export const untagResource = operation(
  "UntagResource",
  structure({ ResourceArn: topicArn, TagKeys: list(string({ min: 1, max: 128 })) }, [
    "ResourceArn",
    "TagKeys",
  ]),
  (given, invocation) => {
    const { tags } = findTopic(given.ResourceArn, "UntagResource", invocation);
    for (const key of given.TagKeys) tags.delete(key);
    return {};
  },
);

export const listTagsForResource = operation(
  "ListTagsForResource",
  structure({ ResourceArn: topicArn }, ["ResourceArn"]),
  ({ ResourceArn }, invocation) => ({
    Tags: [...findTopic(ResourceArn, "ListTagsForResource", invocation).tags].map(([Key, Value]) => ({
      Key,
      Value,
    })),
  }),
);
