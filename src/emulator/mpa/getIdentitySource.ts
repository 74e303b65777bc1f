import { operation } from "../operation";
import { string, structure } from "../shapes";
import { flatten } from "./identitySource";

export const getIdentitySource = operation(
  {
    name: "GetIdentitySource",
    route: { method: "GET", path: "/identity-sources/{IdentitySourceArn}" },
    input: structure({ IdentitySourceArn: string({ max: 1000 }) }, ["IdentitySourceArn"]),
  },
  (given, { caller, cloud }) =>
    flatten(cloud.mpa.findIdentitySource(given.IdentitySourceArn, caller), cloud.endpoint),
);
