import { operation } from "../operation";
import { string, structure } from "../shapes";
import { find } from "./identitySource";

const input = structure({ ResourceArn: string({ max: 1000 }) }, ["ResourceArn"]);

export const listTagsForResource = operation("ListTagsForResource", input, (given, invocation) => ({
  Tags: find(given.ResourceArn, invocation).tags,
}));
