import type { Cloud } from "../cloud";
import type { DelegationRequest } from "./delegationRequest";

/** Tells the request's notification channel of its new state. */
export function notifyStateChange(request: DelegationRequest, cloud: Cloud): void {
  cloud.note(`notification of ${request.id} not sent: SNS is not there yet`);
}
