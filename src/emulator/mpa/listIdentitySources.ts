import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, string, structure } from "../shapes";
import { flatten } from "./identitySource";

/** An account has one identity source, so there is never a second page, and any NextToken is invalid. */
export const listIdentitySources = operation(
  {
    name: "ListIdentitySources",
    route: { method: "POST", path: "/identity-sources/", flag: "List", query: ["MaxResults", "NextToken"] },
    input: structure({ MaxResults: integer({ min: 1, max: 20 }), NextToken: string({ max: 4096 }) }, []),
  },
  (given, { caller, cloud }) => {
    if (given.NextToken !== undefined) throw new AwsError("ValidationException", 400, "Invalid NextToken");
    const source = cloud.mpa.identitySources.get(caller.account);
    return { IdentitySources: source === undefined ? [] : [flatten(source, cloud.endpoint)] };
  },
);
