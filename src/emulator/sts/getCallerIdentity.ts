import { operation } from "../operation";
import { structure } from "../shapes";

export const getCallerIdentity = operation(
  { name: "GetCallerIdentity", input: structure({}, []) },
  (_given, { caller }) => ({
    UserId: caller.userId,
    Account: caller.account,
    Arn: caller.arn,
  }),
);
