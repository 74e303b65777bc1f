import type { Agent } from "node:https";
import type { ParsedMessage } from "./messages";
import { parseContent, parseJson } from "./notification";

/** SNS asks whether the endpoint wants the topic's messages: a GET of `subscribeUrl` within 3 days says yes. */
export interface SubscriptionConfirmation {
  kind: "subscriptionConfirmation";
  subscribeUrl: string;
}

export interface HttpsOptions {
  /** The ARN of the topic that the endpoint is subscribed to. SNS signs everybody's messages, so it is needed. */
  topicArn: string;
  /** Fetches SNS's certificate, for example through a proxy. Default: Node's. */
  agent?: Agent;
}

/**
 * The message is not proven to come from the topic. Answer it with status 500: SNS then sends what was its own
 * again, which it does not after a 403.
 */
export class UnverifiedMessageError extends Error {
  override readonly name = "UnverifiedMessageError";
}

/**
 * Reads what SNS posted to an HTTPS endpoint: checks that it comes from the topic and that SNS signed it, with a
 * certificate of SNS in the topic's region, which is fetched for every message. Needs the package
 * `sns-payload-validator`. Raw message delivery is not signed, so the subscription must not use it.
 *
 * @param body the body of the request, as it was sent
 * @throws UnverifiedMessageError when the message is forged, garbled, of another topic, or cannot be checked now
 *
 * @example
 * const parsed = await iam.parseHttpsMessage(body, { topicArn });
 * if (parsed.kind === "subscriptionConfirmation") await fetch(parsed.subscribeUrl);
 */
export async function parseHttpsMessage(
  body: string,
  { topicArn, agent }: HttpsOptions,
): Promise<ParsedMessage | SubscriptionConfirmation> {
  const { signedMessage, explain } = await import("./notificationSchema");
  const { success, data: message, error } = signedMessage.safeParse(parseJson(body));
  if (!success) throw new UnverifiedMessageError(`Not a signed message of SNS: ${explain(error)}`);
  if (message.TopicArn !== topicArn) {
    throw new UnverifiedMessageError(`The message came by another topic than ${topicArn}`);
  }
  // The validator takes any host like sns.*.amazonaws.com, which an S3 bucket named "sns" can have.
  if (new URL(message.SigningCertURL).origin !== originOfSns(topicArn)) {
    throw new UnverifiedMessageError("The message is signed by another certificate than SNS's");
  }
  const { default: Validator } = await import("sns-payload-validator");
  // The validator would keep whatever it was answered for a certificate, a passing error of the server too.
  const validator = new Validator({ useCache: false, requestAgent: agent });
  await validator.validate(message).catch((cause: unknown) => {
    throw new UnverifiedMessageError("The message's signature could not be verified", { cause });
  });
  if (message.Type === "Notification") return parseContent(message, { topicArn });
  if (message.Type === "SubscriptionConfirmation" && message.SubscribeURL) {
    return { kind: "subscriptionConfirmation", subscribeUrl: message.SubscribeURL };
  }
  return { kind: "unrecognized", reason: "tells that the endpoint is no longer subscribed" };
}

/** Where the topic's region keeps the certificate that its messages are signed by. */
function originOfSns(topicArn: string): string {
  const [, partition, , region] = topicArn.split(":");
  return `https://sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}
