import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, string, structure } from "../shapes";
import { describe } from "./identitySource";

const input = structure({ MaxResults: integer({ min: 1, max: 20 }), NextToken: string({ max: 4096 }) }, []);

/** An account has one identity source, so there is never a second page and no NextToken was ever given out. */
export const listIdentitySources = operation("ListIdentitySources", input, (given, { caller, cloud }) => {
  if (given.NextToken !== undefined) throw new AwsError("ValidationException", 400, "Invalid NextToken");
  const source = cloud.identitySources.get(caller.account);
  return { IdentitySources: source === undefined ? [] : [describe(source, cloud)] };
});
