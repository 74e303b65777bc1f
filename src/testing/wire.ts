/** Who calls the embedded AWS, and where it is. */
export interface Sender {
  /** The emulator's `endpoint`. */
  readonly endpoint: string;
  /** The account to act in, as its root user. */
  readonly account: string;
  readonly region: string;
}

/** An error that the embedded AWS answered: its code is the `name`, as in the AWS SDK. */
export class AwsCallError extends Error {
  constructor(
    override readonly name: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Calls an operation of a query service: IAM or SNS. Answers the XML. */
export async function callQuery(
  { service, operation, version }: { service: "iam" | "sns"; operation: string; version: string },
  parameters: Readonly<Record<string, string>>,
  sender: Sender,
): Promise<string> {
  const form = new URLSearchParams({ Action: operation, Version: version, ...parameters });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { status, text } = await post(service, operation, headers, form.toString(), sender);
  if (status === 200) return text;
  throw new AwsCallError(elementIn(text, "Code") ?? "unknown", status, elementIn(text, "Message") ?? text);
}

/** Calls an operation of SQS. Answers the JSON. */
export async function callSqs(
  operation: string,
  input: object,
  sender: Sender,
): Promise<Record<string, unknown>> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `AmazonSQS.${operation}`,
  };
  const { status, text } = await post("sqs", operation, headers, JSON.stringify(input), sender);
  const answer: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  if (status === 200) return answer;
  const code = String(answer["__type"] ?? "unknown").replace(/^.*#/, "");
  throw new AwsCallError(code, status, String(answer["message"] ?? answer["Message"] ?? text));
}

// The emulator looks at a signature's form, and cannot verify it: so no signing, and no AWS SDK to load.
async function post(
  service: string,
  operation: string,
  headers: Record<string, string>,
  body: string,
  { endpoint, account, region }: Sender,
): Promise<{ status: number; text: string }> {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${account}/20000101/${region}/${service}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;
  try {
    const response = await fetch(`${endpoint}/`, {
      method: "POST",
      headers: { ...headers, authorization, "x-amz-date": "20000101T000000Z" },
      body,
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new Error(`${service}:${operation}: the connection to the embedded AWS at ${endpoint} broke`, {
      cause,
    });
  }
}

/** The text of the first element of that name. */
export function elementIn(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text === undefined ? undefined : unescaped(text);
}

/** The entries of a map of attributes. */
export function entriesIn(xml: string): Record<string, string> {
  const entries = xml.matchAll(/<key>([^<]*)<\/key>\s*<value>([^<]*)<\/value>/g);
  return Object.fromEntries(
    [...entries].map(([, key = "", value = ""]) => [unescaped(key), unescaped(value)]),
  );
}

const CHARACTERS: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi, (entity, hex, decimal, name: string) =>
    name
      ? (CHARACTERS[name] ?? entity)
      : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
