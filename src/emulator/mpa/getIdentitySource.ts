import { operation } from "../operation";
import { string, structure } from "../shapes";
import { describe, find } from "./identitySource";

const input = structure({ IdentitySourceArn: string({ max: 1000 }) }, ["IdentitySourceArn"]);

export const getIdentitySource = operation("GetIdentitySource", input, (given, invocation) =>
  describe(find(given.IdentitySourceArn, invocation), invocation.cloud),
);
