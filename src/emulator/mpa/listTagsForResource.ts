import { operation } from "../operation";
import { structure } from "../shapes";
import { findTaggable, resourceArn } from "./tags";

export const listTagsForResource = operation(
  {
    name: "ListTagsForResource",
    route: { method: "GET", path: "/tags/{ResourceArn}" },
    input: structure({ ResourceArn: resourceArn }, ["ResourceArn"]),
  },
  (given, invocation) => ({ Tags: findTaggable(given.ResourceArn, invocation).tags }),
);
