import { operation } from "../operation";
import { string, structure } from "../shapes";
import { describeSubscription, findSubscription } from "./topic";

export const getSubscriptionAttributes = operation(
  "GetSubscriptionAttributes",
  structure({ SubscriptionArn: string({}) }, ["SubscriptionArn"]),
  ({ SubscriptionArn }, invocation) => {
    const subscription = findSubscription(SubscriptionArn, invocation);
    return {
      Attributes: new Map([
        ...Object.entries(describeSubscription(subscription)),
        ["ConfirmationWasAuthenticated", "true"],
        ["PendingConfirmation", "false"],
        ["RawMessageDelivery", String(subscription.rawMessageDelivery)],
      ]),
    };
  },
);
