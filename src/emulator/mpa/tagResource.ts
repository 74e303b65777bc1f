import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { find, refuseReservedTags, tags, tooManyTags } from "./identitySource";

const input = structure({ ResourceArn: string({ max: 1000 }), Tags: tags }, ["ResourceArn", "Tags"]);

export const tagResource = operation("TagResource", input, (given, invocation) => {
  const source = find(given.ResourceArn, invocation);
  refuseReservedTags(given.Tags.keys());
  if (tooManyTags(new Set([...source.tags.keys(), ...given.Tags.keys()]).size)) {
    throw new AwsError("TooManyTagsException", 400, "A resource can have at most 50 tags");
  }
  for (const [key, value] of given.Tags) source.tags.set(key, value);
  return {};
});
