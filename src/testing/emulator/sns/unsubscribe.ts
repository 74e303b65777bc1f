import { operation } from "../operation";
import { string, structure } from "../shapes";
import { findSubscription } from "./topic";

/** Idempotent. */
export const unsubscribe = operation(
  "Unsubscribe",
  structure({ SubscriptionArn: string({}) }, ["SubscriptionArn"]),
  ({ SubscriptionArn }, invocation) => {
    const { subscriptions } = invocation.cloud;
    if (subscriptions.has(SubscriptionArn))
      subscriptions.delete(findSubscription(SubscriptionArn, invocation).arn);
    return undefined;
  },
);
