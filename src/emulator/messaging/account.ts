/**
 * fauxqs knows one account. Each account therefore has a fauxqs of its own, and what it sends and reads is translated:
 * only where SNS and SQS themselves name an account, never in what users write, such as policies and messages.
 */
import { createHash } from "node:crypto";
import { possibleInXml } from "../protocols/xml";

/** The one account that fauxqs knows. */
const FAUXQS_ACCOUNT = "000000000000";

/** Whose calls are translated. */
export interface Perspective {
  readonly account: string;
  readonly region: string;
  /** The emulator's, under which queue URLs are given out. */
  readonly endpoint: string;
}

/** Exchanges the account and fauxqs's own in an ARN; so it translates both ways. */
function exchange(arn: string, { account }: Perspective): string {
  const [, prefix, named] = /^(arn:aws:s[nq]s:[a-z0-9-]*:)(\d{12})(?!\d)/.exec(arn) ?? [];
  if (prefix === undefined || (named !== account && named !== FAUXQS_ACCOUNT)) return arn;
  return (
    prefix + (named === account ? FAUXQS_ACCOUNT : account) + arn.slice(prefix.length + FAUXQS_ACCOUNT.length)
  );
}

/** `Host` of every request to fauxqs, which makes queue URLs from it. */
export const FAUXQS_HOST = "localhost:1";

/** The URL by which fauxqs knows a queue. What is no queue URL of the account stays what it is, and is not found. */
function urlToFauxqs(url: string, { account, region }: Perspective): string {
  const [, named, name] = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/.exec(url) ?? [];
  return named === account ? `http://sqs.${region}.${FAUXQS_HOST}/${FAUXQS_ACCOUNT}/${name}` : url;
}

const urlFromFauxqs = (url: string, { account, endpoint }: Perspective): string =>
  `${endpoint}/${account}/${url.split("/").at(-1)}`;

const ARN_PARAMETERS = ["TopicArn", "TargetArn", "SubscriptionArn", "ResourceArn", "Endpoint", "NextToken"];

/** The form that an account sends to SNS, for fauxqs. */
export function formToFauxqs(form: string, of: Perspective): string {
  const parameters = new URLSearchParams(form);
  for (const name of ARN_PARAMETERS) {
    const value = parameters.get(name);
    if (value !== null) parameters.set(name, exchange(value, of));
  }
  return parameters.toString();
}

/** fauxqs's answer for SNS, as the account reads it: elements and attribute entries that are ARNs, or its owner. */
export function xmlFromFauxqs(xml: string, of: Perspective): string {
  const names = `${ARN_PARAMETERS.join("|")}|Owner`;
  return possibleInXml(xml).replace(
    new RegExp(`(<(?:${names})>|<key>(?:${names})</key>\\s*<value>)([^<]*)`, "g"),
    (_, before: string, value: string) =>
      before + (value === FAUXQS_ACCOUNT ? of.account : exchange(value, of)),
  );
}

interface Json {
  [name: string]: unknown;
}

/** The JSON that an account sends to SQS, for fauxqs. */
export function jsonToFauxqs(json: string, of: Perspective): string {
  const members = parseObject(json);
  // What is no JSON object is for fauxqs to refuse.
  if (members === undefined) return json;
  const { QueueUrl } = members;
  if (typeof QueueUrl === "string") members["QueueUrl"] = urlToFauxqs(QueueUrl, of);
  return JSON.stringify(withAttributes(members, of));
}

/** fauxqs's answer for SQS, as the account reads it. */
export function jsonFromFauxqs(json: string, of: Perspective): string {
  const members = parseObject(json);
  if (members === undefined) return json;
  const { QueueUrl, QueueUrls, Messages } = members;
  if (typeof QueueUrl === "string") members["QueueUrl"] = urlFromFauxqs(QueueUrl, of);
  if (Array.isArray(QueueUrls)) members["QueueUrls"] = QueueUrls.map((url) => urlFromFauxqs(String(url), of));
  if (Array.isArray(Messages))
    members["Messages"] = Messages.map((message) => messageFromFauxqs(message, of));
  return JSON.stringify(withAttributes(members, of));
}

function withAttributes(members: Json, of: Perspective): Json {
  const { Attributes } = members;
  if (!isObject(Attributes)) return members;
  const exchanged = Object.entries(Attributes).map(([name, value]) => [
    name,
    exchangeAttribute(name, value, of),
  ]);
  return { ...members, Attributes: Object.fromEntries(exchanged) };
}

function exchangeAttribute(name: string, value: unknown, of: Perspective): unknown {
  if (typeof value !== "string") return value;
  if (name === "QueueArn") return exchange(value, of);
  const policy = name === "RedrivePolicy" ? parseObject(value) : undefined;
  if (policy === undefined || typeof policy["deadLetterTargetArn"] !== "string") return value;
  return JSON.stringify({ ...policy, deadLetterTargetArn: exchange(policy["deadLetterTargetArn"], of) });
}

/** A received message; the envelope that fauxqs's SNS put around one names the topic, whose account is the reader's. */
function messageFromFauxqs(message: Json, of: Perspective): Json {
  const envelope = typeof message["Body"] === "string" ? parseObject(message["Body"]) : undefined;
  if (envelope?.["Type"] !== "Notification" || typeof envelope["TopicArn"] !== "string") return message;
  const [url = "", subscription = ""] = String(envelope["UnsubscribeURL"]).split("SubscriptionArn=");
  const Body = JSON.stringify({
    ...envelope,
    TopicArn: exchange(envelope["TopicArn"], of),
    UnsubscribeURL: `${url}SubscriptionArn=${exchange(subscription, of)}`,
  });
  return { ...message, Body, MD5OfBody: createHash("md5").update(Body, "utf8").digest("hex") };
}

/** Undefined for what is none, and for what is nested too deep to be written again. */
function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !isDeeper(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON.stringify gives up on less than what JSON.parse takes. */
const MAX_DEPTH = 1_000;

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (than === 0 || Object.values(value).some((item) => isDeeper(item, than - 1)));

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
