import type { Agent } from "node:https";
import type { ParsedMessage } from "./messages";
import { parseContent, parseJson } from "./notification";
import { schemas } from "./schemas";

/** SNS asks to confirm a new subscription: send a GET to `subscribeUrl` within 3 days. */
export interface SubscriptionConfirmation {
  /** Tells it from a notification. */
  kind: "subscriptionConfirmation";
  /** The URL that confirms the subscription; it holds a token, so do not log it. */
  subscribeUrl: string;
}

/** Options of {@link parseHttpsMessage}. */
export interface HttpsOptions {
  /** The ARN of the topic that the endpoint is subscribed to. Messages of any other topic, which SNS signs too, are refused. */
  topicArn: string;
  /** Used to fetch SNS's certificate, for example through a proxy. Default: Node's. */
  agent?: Agent;
}

/**
 * The message could not be verified to come from the topic. Answer it with status 500, so that SNS sends a genuine message
 * again; after a 403 it does not.
 */
export class UnverifiedMessageError extends Error {
  /** The class's name, to recognize the error by. */
  override readonly name = "UnverifiedMessageError";
}

/**
 * Reads a message that SNS posted to an HTTPS endpoint, and verifies that it comes from the topic and is signed by SNS in
 * the topic's region. The certificate is fetched for every message. Needs the package `sns-payload-validator`. Raw message
 * delivery is not signed, so the subscription must not use it.
 *
 * @param body the body of the request, as it was sent
 * @throws UnverifiedMessageError when the message is forged, malformed, of another topic, or cannot be verified now
 *
 * @example
 * import { parseHttpsMessage } from "pulumi-aws-approvals/notifications";
 *
 * export async function receive(body: string): Promise<void> {
 *   const parsed = await parseHttpsMessage(body, { topicArn: "arn:aws:sns:us-east-1:000000000000:approvals" });
 *   if (parsed.kind === "subscriptionConfirmation") await fetch(parsed.subscribeUrl);
 * }
 */
export async function parseHttpsMessage(
  body: string,
  { topicArn, agent }: HttpsOptions,
): Promise<ParsedMessage | SubscriptionConfirmation> {
  const { signedMessage, explain } = schemas();
  const { success, data: message, error } = signedMessage.safeParse(parseJson(body));
  if (!success) throw new UnverifiedMessageError(`Not a signed SNS message: ${explain(error)}`);
  if (message.TopicArn !== topicArn) {
    throw new UnverifiedMessageError(`The message is from a topic other than ${topicArn}`);
  }
  // The validator accepts any host like sns.*.amazonaws.com, which is also what an S3 bucket named "sns" has.
  if (new URL(message.SigningCertURL).origin !== certificateOrigin(topicArn)) {
    throw new UnverifiedMessageError("The message's certificate is not from SNS");
  }
  const { default: Validator } = await import("sns-payload-validator");
  // Its cache would keep any response as the certificate, even a temporary error of the server.
  const validator = new Validator({ useCache: false, requestAgent: agent });
  await validator.validate(message).catch((cause: unknown) => {
    throw new UnverifiedMessageError("The message's signature could not be verified", { cause });
  });
  if (message.Type === "Notification") return parseContent(message, { topicArn });
  if (message.Type === "SubscriptionConfirmation" && message.SubscribeURL) {
    return { kind: "subscriptionConfirmation", subscribeUrl: message.SubscribeURL };
  }
  return { kind: "unrecognized", reason: "says that the endpoint is no longer subscribed" };
}

/** The origin of the URL of the certificate that messages of the topic are signed with. */
function certificateOrigin(topicArn: string): string {
  const [, partition, , region] = topicArn.split(":");
  return `https://sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}
