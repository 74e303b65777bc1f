import { queryService } from "../service";
import { acceptDelegationRequest } from "./acceptDelegationRequest";
import { associateDelegationRequest } from "./associateDelegationRequest";
import { createDelegationRequest } from "./createDelegationRequest";
import { getDelegationRequest } from "./getDelegationRequest";
import { getHumanReadableSummary } from "./getHumanReadableSummary";
import { listDelegationRequests } from "./listDelegationRequests";
import { rejectDelegationRequest } from "./rejectDelegationRequest";
import { sendDelegationToken } from "./sendDelegationToken";
import { updateDelegationRequest } from "./updateDelegationRequest";

/** IAM, API version 2010-05-08: delegation requests, both the partner's and the customer's side. */
export const iam = queryService({
  name: "iam",
  version: "2010-05-08",
  namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  operations: [
    createDelegationRequest,
    getDelegationRequest,
    listDelegationRequests,
    associateDelegationRequest,
    acceptDelegationRequest,
    updateDelegationRequest,
    rejectDelegationRequest,
    sendDelegationToken,
    getHumanReadableSummary,
  ],
});
