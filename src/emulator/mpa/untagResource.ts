import { operation } from "../operation";
import { list, structure } from "../shapes";
import { findTaggable, resourceArn, tagKey } from "./tags";

export const untagResource = operation(
  {
    name: "UntagResource",
    route: { method: "POST", path: "/tags/{ResourceArn}" },
    input: structure({ ResourceArn: resourceArn, TagKeys: list(tagKey, { max: 50 }) }, [
      "ResourceArn",
      "TagKeys",
    ]),
  },
  (given, invocation) => {
    const resource = findTaggable(given.ResourceArn, invocation);
    for (const key of given.TagKeys) resource.tags.delete(key);
    return {};
  },
);
