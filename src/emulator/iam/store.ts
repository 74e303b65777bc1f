import { AwsError } from "../errors";
import type { Publisher } from "../messaging/publisher";
import { type DelegationRequest, isKept, type TradeInToken } from "./delegationRequest";
import { expireIfDue } from "./transition";

/** The state of IAM. */
export class IamStore {
  /** By request id. */
  readonly delegationRequests = new Map<string, DelegationRequest>();
  /**
   * Account and RequestorWorkflowId of every request that was ever created. AWS says of an existing request that its id
   * is refused; whether the id of a deleted one is free again, it does not say.
   */
  readonly usedWorkflowIds = new Set<string>();
  /** By the token itself. */
  readonly tradeInTokens = new Map<string, TradeInToken>();

  findDelegationRequest(id: string): DelegationRequest {
    const request = this.delegationRequests.get(id);
    if (request !== undefined) return request;
    throw new AwsError("NoSuchEntity", 404, `The delegation request with id ${id} cannot be found.`);
  }

  /** Expires and deletes the requests that are due. */
  applyDueTransitions(now: Date, publisher: Publisher): void {
    for (const request of this.delegationRequests.values()) {
      expireIfDue(request, now, publisher);
      if (!isKept(request, now)) this.delegationRequests.delete(request.id);
    }
  }
}
