/**
 * A small client of the embedded AWS, for what customers do and for stand-ins. It needs no AWS SDK, which takes long to
 * load, and no real signature: the emulator checks a signature's form only.
 */

/** The endpoint to call, and the account and region to call it as. */
export interface Caller {
  /** The emulator's `endpoint`. */
  readonly endpoint: string;
  /** The account to act in, as its root user unless a role or credentials are given. */
  readonly account: string;
  /** The role to act as, in place of the root user. */
  readonly role?: "Administrator";
  /** The credentials to call with, in place of the account's own. */
  readonly credentials?: Credentials;
  /** The region to call. */
  readonly region: string;
}

/** Credentials, without the secret: the emulator checks a signature's form only. */
export interface Credentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The session token of temporary credentials. */
  readonly sessionToken?: string;
}

/** An error response of the embedded AWS. Its `name` is AWS's code, as in the AWS SDK. */
export class AwsCallError extends Error {
  constructor(
    /** AWS's code, such as `AccessDenied`. */
    override readonly name: string,
    /** The HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Calls an operation of a service with the query protocol. @returns the XML of the response */
export async function callQuery(
  { service, operation, version }: { service: "iam" | "sns" | "sts"; operation: string; version: string },
  parameters: Readonly<Record<string, string>>,
  caller: Caller,
): Promise<string> {
  const form = new URLSearchParams({ Action: operation, Version: version, ...parameters });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { status, text } = await post(service, operation, headers, form.toString(), caller);
  if (status === 200) return text;
  throw new AwsCallError(xmlElement(text, "Code") ?? "unknown", status, xmlElement(text, "Message") ?? text);
}

const TARGET_PREFIXES = { sqs: "AmazonSQS", dynamodb: "DynamoDB_20120810" };

/** Calls an operation of a service with the JSON protocol. @returns the JSON of the response */
export async function callJson(
  service: keyof typeof TARGET_PREFIXES,
  operation: string,
  input: object,
  caller: Caller,
): Promise<Record<string, unknown>> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `${TARGET_PREFIXES[service]}.${operation}`,
  };
  const { status, text } = await post(service, operation, headers, JSON.stringify(input), caller);
  const answer: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  if (status === 200) return answer;
  const code = String(answer["__type"] ?? "unknown").replace(/^.*#/, "");
  throw new AwsCallError(code, status, String(answer["message"] ?? answer["Message"] ?? text));
}

/** Calls an operation of AWS Backup, by its HTTP binding. @returns the JSON of the response */
export async function callBackup(
  { operation, method, path }: { operation: string; method: "GET" | "PUT" | "DELETE"; path: string },
  input: object | undefined,
  caller: Caller,
): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = input === undefined ? {} : { "content-type": "application/json" };
  const body = input && JSON.stringify(input);
  const { status, text } = await post("backup", operation, headers, body, caller, { method, path });
  const answer: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  if (status < 300) return answer;
  throw new AwsCallError(String(answer["__type"]), status, String(answer["Message"]));
}

async function post(
  service: string,
  operation: string,
  headers: Record<string, string>,
  body: string | undefined,
  { endpoint, account, role, region, credentials }: Caller,
  { method, path } = { method: "POST", path: "/" },
): Promise<{ status: number; text: string }> {
  const { accessKeyId, sessionToken } = credentials ?? { accessKeyId: `${account}${role ?? ""}` };
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20000101/${region}/${service}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;
  try {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: {
        ...headers,
        authorization,
        "x-amz-date": "20000101T000000Z",
        ...(sessionToken && { "x-amz-security-token": sessionToken }),
      },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new Error(`${service}:${operation}: the connection to the embedded AWS at ${endpoint} broke`, {
      cause,
    });
  }
}

/** The text of the first element with the name. */
export function xmlElement(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text === undefined ? undefined : unescapeXml(text);
}

/** The entries of a map in a response, such as a topic's attributes. */
export function xmlEntries(xml: string): Record<string, string> {
  const entries = xml.matchAll(/<key>([^<]*)<\/key>\s*<value>([^<]*)<\/value>/g);
  return Object.fromEntries(
    [...entries].map(([, key = "", value = ""]) => [unescapeXml(key), unescapeXml(value)]),
  );
}

const XML_ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi, (entity, hex, decimal, name: string) =>
    name
      ? (XML_ENTITIES[name] ?? entity)
      : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
