import type { Publisher } from "../messaging/publisher";
import type { DelegationRequest } from "./delegationRequest";

/** Publishes the request's new state to its notification channel. */
export function notifyStateChange(request: DelegationRequest, publisher: Publisher): void {
  notify({ Type: "StateChange", ...common(request) }, request, publisher);
}

/** Sends the partner the token that it can trade in for credentials. */
export function notifyExchangeToken(
  request: DelegationRequest,
  { token, expiration }: { token: string; expiration: Date },
  publisher: Publisher,
): void {
  const details = { ExchangeToken: token, ExpiresAt: expiration.toISOString() };
  notify({ Type: "ExchangeToken", ...common(request), ...details }, request, publisher);
}

const common = (request: DelegationRequest) => ({
  RequestId: request.id,
  RequestorWorkflowId: request.requestorWorkflowId,
  State: request.state,
  OwnerAccountId: request.ownerAccountId,
  UpdatedAt: request.updatedTime.toISOString(),
});

function notify(message: object, request: DelegationRequest, publisher: Publisher): void {
  const { id, state, notificationChannel: topicArn, requestorId: sourceAccount } = request;
  publisher.publish(
    { topicArn, message: JSON.stringify(message), service: "iam.amazonaws.com", sourceAccount },
    `iam:notification of ${id} (${state})`,
  );
}
