import { operation } from "../operation";
import { structure } from "../shapes";

export const getCallerIdentity = operation("GetCallerIdentity", structure({}, []), (_given, { caller }) => ({
  UserId: caller.userId,
  Account: caller.account,
  Arn: caller.arn,
}));
