import { operation } from "../operation";
import { string, structure } from "../shapes";
import { setSubscriptionAttribute } from "./attributes";
import { findSubscription } from "./topic";

const input = structure(
  { SubscriptionArn: string({}), AttributeName: string({}), AttributeValue: string({}) },
  ["SubscriptionArn", "AttributeName"],
);

export const setSubscriptionAttributes = operation(
  "SetSubscriptionAttributes",
  input,
  (given, invocation) => {
    const subscription = findSubscription(given.SubscriptionArn, invocation);
    setSubscriptionAttribute(subscription, given.AttributeName, given.AttributeValue ?? "");
    return undefined;
  },
);
