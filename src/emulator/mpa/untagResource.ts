import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import { find, tagKey } from "./identitySource";

const input = structure({ ResourceArn: string({ max: 1000 }), TagKeys: list(tagKey, { max: 50 }) }, [
  "ResourceArn",
  "TagKeys",
]);

export const untagResource = operation("UntagResource", input, (given, invocation) => {
  const source = find(given.ResourceArn, invocation);
  for (const key of given.TagKeys) source.tags.delete(key);
  return {};
});
