import { AwsError } from "../errors";
import { operation } from "../operation";
import { structure } from "../shapes";
import { findTaggable, refuseReservedTags, resourceArn, tags, tooManyTags } from "./tags";

export const tagResource = operation(
  {
    name: "TagResource",
    route: { method: "PUT", path: "/tags/{ResourceArn}" },
    input: structure({ ResourceArn: resourceArn, Tags: tags }, ["ResourceArn", "Tags"]),
  },
  (given, invocation) => {
    const resource = findTaggable(given.ResourceArn, invocation);
    refuseReservedTags(given.Tags.keys());
    if (tooManyTags(new Set([...resource.tags.keys(), ...given.Tags.keys()]).size)) {
      throw new AwsError("TooManyTagsException", 400, "A resource can have at most 50 tags");
    }
    for (const [key, value] of given.Tags) resource.tags.set(key, value);
    return {};
  },
);
