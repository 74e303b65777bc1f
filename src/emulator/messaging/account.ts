/**
 * fauxqs has one account only. Each account therefore has its own instance, and account ids are translated in requests
 * and responses: only in members that SNS and SQS define, never in what users write, such as policies and messages.
 */
import { createHash } from "node:crypto";
import { isDeeper } from "../protocols/json";
import { replaceInvalidXml } from "../protocols/xml";
import { attributeNamesToFauxqs, withEncryption } from "./queueAttributes";

/** The account of every fauxqs instance. */
const FAUXQS_ACCOUNT = "000000000000";

/** The account and region whose calls are translated. */
export interface AccountScope {
  readonly account: string;
  readonly region: string;
  /** The emulator's own, which queue URLs begin with. */
  readonly endpoint: string;
}

/** Swaps the caller's account and fauxqs's account in an ARN: the same function translates both ways. */
function translateArn(arn: string, { account }: AccountScope): string {
  const [, prefix, named] = /^(arn:aws:s[nq]s:[a-z0-9-]*:)(\d{12})(?!\d)/.exec(arn) ?? [];
  if (prefix === undefined || (named !== account && named !== FAUXQS_ACCOUNT)) return arn;
  return (
    prefix + (named === account ? FAUXQS_ACCOUNT : account) + arn.slice(prefix.length + FAUXQS_ACCOUNT.length)
  );
}

/** The `Host` header of every request to fauxqs, which builds queue URLs from it. */
export const FAUXQS_HOST = "localhost:1";

/** The URL of a queue in fauxqs. Anything but a queue URL of the account is passed on, for fauxqs not to find. */
function urlToFauxqs(url: string, { account, region }: AccountScope): string {
  const [, named, name] = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/.exec(url) ?? [];
  return named === account ? `http://sqs.${region}.${FAUXQS_HOST}/${FAUXQS_ACCOUNT}/${name}` : url;
}

const urlFromFauxqs = (url: string, { account, endpoint }: AccountScope): string =>
  `${endpoint}/${account}/${url.split("/").at(-1)}`;

const ARN_PARAMETERS = ["TopicArn", "TargetArn", "SubscriptionArn", "ResourceArn", "Endpoint", "NextToken"];

/** Translates the form parameters of a request to SNS. */
export function formToFauxqs(form: string, of: AccountScope): string {
  const parameters = new URLSearchParams(form);
  for (const name of ARN_PARAMETERS) {
    const value = parameters.get(name);
    if (value !== null) parameters.set(name, translateArn(value, of));
  }
  return parameters.toString();
}

/** Translates a response of SNS: the elements and attribute entries that are ARNs or the owner's account. */
export function xmlFromFauxqs(xml: string, of: AccountScope): string {
  const names = `${ARN_PARAMETERS.join("|")}|Owner`;
  return replaceInvalidXml(xml).replace(
    new RegExp(`(<(?:${names})>|<key>(?:${names})</key>\\s*<value>)([^<]*)`, "g"),
    (_, before: string, value: string) =>
      before + (value === FAUXQS_ACCOUNT ? of.account : translateArn(value, of)),
  );
}

interface Json {
  [name: string]: unknown;
}

const MAX_WAIT_SECONDS = 20;

/**
 * Translates the JSON of a request to SQS, and has fauxqs answer it as SQS does.
 * @param longestPoll the most seconds that the request waits at an empty queue; by default what it or its queue says
 */
export function jsonToFauxqs(
  operation: string,
  json: string,
  of: AccountScope,
  longestPoll?: number,
): string {
  const members = parseObject(json);
  // fauxqs answers the error.
  if (members === undefined) return json;
  const { QueueUrl, WaitTimeSeconds = MAX_WAIT_SECONDS, AttributeNames, Attributes = {} } = members;
  if (operation === "CreateQueue" && isObject(Attributes)) members["Attributes"] = withEncryption(Attributes);
  if (operation === "GetQueueAttributes" && Array.isArray(AttributeNames))
    members["AttributeNames"] = attributeNamesToFauxqs(AttributeNames);
  if (typeof QueueUrl === "string") members["QueueUrl"] = urlToFauxqs(QueueUrl, of);
  // fauxqs refuses any other.
  const waits = Number(WaitTimeSeconds) > 0 && Number(WaitTimeSeconds) <= MAX_WAIT_SECONDS;
  if (longestPoll !== undefined && waits) members["WaitTimeSeconds"] = longestPoll;
  return JSON.stringify(translateAttributes(members, of));
}

/** Translates a response of SQS. */
export function jsonFromFauxqs(json: string, of: AccountScope): string {
  const members = parseObject(json);
  if (members === undefined) return json;
  const { QueueUrl, QueueUrls, Messages } = members;
  if (typeof QueueUrl === "string") members["QueueUrl"] = urlFromFauxqs(QueueUrl, of);
  if (Array.isArray(QueueUrls)) members["QueueUrls"] = QueueUrls.map((url) => urlFromFauxqs(String(url), of));
  if (Array.isArray(Messages))
    members["Messages"] = Messages.map((message) => messageFromFauxqs(message, of));
  return JSON.stringify(translateAttributes(members, of));
}

function translateAttributes(members: Json, of: AccountScope): Json {
  const { Attributes } = members;
  if (!isObject(Attributes)) return members;
  const exchanged = Object.entries(Attributes).map(([name, value]) => [
    name,
    translateAttribute(name, value, of),
  ]);
  return { ...members, Attributes: Object.fromEntries(exchanged) };
}

function translateAttribute(name: string, value: unknown, of: AccountScope): unknown {
  if (typeof value !== "string") return value;
  if (name === "QueueArn") return translateArn(value, of);
  const policy = name === "RedrivePolicy" ? parseObject(value) : undefined;
  if (policy === undefined || typeof policy["deadLetterTargetArn"] !== "string") return value;
  return JSON.stringify({ ...policy, deadLetterTargetArn: translateArn(policy["deadLetterTargetArn"], of) });
}

/**
 * Translates the ARNs in the envelope that SNS puts around a message, and the checksum of the body with it. An envelope of
 * the account itself was sent as a message, such as one that comes back from a dead-letter queue, and stays as it is.
 */
function messageFromFauxqs(message: Json, of: AccountScope): Json {
  const envelope = typeof message["Body"] === "string" ? parseObject(message["Body"]) : undefined;
  if (envelope?.["Type"] !== "Notification" || typeof envelope["TopicArn"] !== "string") return message;
  if (envelope["TopicArn"].split(":")[4] !== FAUXQS_ACCOUNT) return message;
  const [url = "", subscription = ""] = String(envelope["UnsubscribeURL"]).split("SubscriptionArn=");
  const Body = JSON.stringify({
    ...envelope,
    TopicArn: translateArn(envelope["TopicArn"], of),
    UnsubscribeURL: `${url}SubscriptionArn=${translateArn(subscription, of)}`,
  });
  return { ...message, Body, MD5OfBody: createHash("md5").update(Body, "utf8").digest("hex") };
}

/** Undefined when the text is no JSON object, or is nested too deeply to be serialized again. */
function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !isDeeper(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON.stringify overflows the stack at a depth that JSON.parse still reads. */
const MAX_DEPTH = 1_000;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
