import { queryProtocol } from "../protocols/query";
import { service } from "../service";
import { createDelegationRequest } from "./createDelegationRequest";
import { getDelegationRequest } from "./getDelegationRequest";

/** IAM, API version 2010-05-08: delegation requests, both the partner's and the customer's side. */
export const iam = service({
  name: "iam",
  protocol: queryProtocol({ version: "2010-05-08", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" }),
  operations: [createDelegationRequest, getDelegationRequest],
});
