import type { Cloud } from "../cloud";
import type { DelegationRequest } from "./delegationRequest";

/** Tells the request's notification channel of its new state. */
export function notifyStateChange(request: DelegationRequest, cloud: Cloud): void {
  notify({ Type: "StateChange", ...common(request) }, request, cloud);
}

/** Sends the partner the token that it can trade in for credentials. */
export function notifyExchangeToken(
  request: DelegationRequest,
  { token, expiration }: { token: string; expiration: Date },
  cloud: Cloud,
): void {
  const ending = { ExchangeToken: token, ExpiresAt: expiration.toISOString() };
  notify({ Type: "ExchangeToken", ...common(request), ...ending }, request, cloud);
}

const common = (request: DelegationRequest) => ({
  RequestId: request.id,
  RequestorWorkflowId: request.requestorWorkflowId,
  State: request.state,
  OwnerAccountId: request.ownerAccountId,
  UpdatedAt: request.updatedTime.toISOString(),
});

/** The caller whose action is told never learns when this fails, as in AWS; the emulator's log says why. */
function notify(message: object, request: DelegationRequest, cloud: Cloud): void {
  const { id, state, notificationChannel: topicArn, requestorId: sourceAccount } = request;
  const publication = {
    topicArn,
    message: JSON.stringify(message),
    service: "iam.amazonaws.com",
    sourceAccount,
  };
  cloud.deliver(async () => {
    const refusal = await cloud.messaging.publish(publication).catch((error: Error) => error.message);
    if (refusal !== undefined) cloud.note(`iam:notification of ${id} (${state}) not delivered: ${refusal}`);
  });
}
