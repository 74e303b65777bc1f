import { queryService } from "../service";
import { assumeRole } from "./assumeRole";
import { getCallerIdentity } from "./getCallerIdentity";
import { getDelegatedAccessToken } from "./getDelegatedAccessToken";

/** STS, API version 2011-06-15: who calls, roles, and the exchange of a delegation request's token. */
export const sts = queryService({
  name: "sts",
  version: "2011-06-15",
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  operations: [getCallerIdentity, assumeRole, getDelegatedAccessToken],
});
