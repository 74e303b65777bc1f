import { awsJsonService } from "../service";
import { getUserId } from "./getUserId";

/** The identity store of IAM Identity Center, API version 2020-06-15: as much as it takes to find approvers. */
export const identityStore = awsJsonService({
  name: "identitystore",
  targetPrefix: "AWSIdentityStore",
  version: "1.1",
  operations: [getUserId],
});
