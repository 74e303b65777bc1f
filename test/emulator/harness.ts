/** An emulator on a manual clock, with AWS SDK clients for it, and the accounts and ARNs that the tests use. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import { type Emulator, type EmulatorOptions, ManualClock, startEmulator } from "../../src/emulator";
import { type HttpAnswer, httpRequest } from "./httpRequest";

export const PARTNER = "111122223333";
export const CUSTOMER = "444455556666";
/** The access key id of the role Administrator in the customer's account. */
export const ADMINISTRATOR = `${CUSTOMER}Administrator`;
export const ADMINISTRATOR_ARN = `arn:aws:sts::${CUSTOMER}:assumed-role/Administrator/console`;
export const STRANGER = "777788889999";
export const INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
export const TEMPLATE_ARN = `arn:aws:iam::${PARTNER}:delegation-template/backup`;
export const START = new Date("2026-03-01T12:00:00.000Z");

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface MpaResponse extends Pick<HttpAnswer, "status" | "headers"> {
  readonly body: { readonly [name: string]: unknown };
}

/** Starts an emulator, with clients for it that don't retry. `close` ends all of them. */
export async function startHarness(options: EmulatorOptions = {}) {
  const clock = new ManualClock(START);
  const emulator: Emulator = await startEmulator({ clock, ...options });
  const clients = new Map<string, { destroy(): void }>();
  /** One client a service and caller. */
  const client =
    <C extends { destroy(): void }>(Client: new (given: ReturnType<typeof configuration>) => C) =>
    (who: string | Credentials): C => {
      const key = JSON.stringify([Client.name, who]);
      const known = clients.get(key);
      if (known instanceof Client) return known;
      const made = new Client(configuration(who));
      clients.set(key, made);
      return made;
    };
  const configuration = (who: string | Credentials) => ({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: typeof who === "string" ? { accessKeyId: who, secretAccessKey: "secret" } : who,
  });
  const close = async () => {
    for (const made of clients.values()) made.destroy();
    await emulator.close();
  };
  return {
    clock,
    emulator,
    dynamodb: client(DynamoDBClient),
    iam: client(IAMClient),
    sts: client(STSClient),
    sns: client(SNSClient),
    sqs: client(SQSClient),
    /** A call of Multi-party approval, whose official client not every registry has. */
    async mpa(account: string, method: string, path: string, body?: unknown): Promise<MpaResponse> {
      const { status, headers, text } = await httpRequest(`${emulator.endpoint}${path}`, {
        method,
        headers: {
          ...signed("mpa", { accessKeyId: account }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
      });
      return { status, headers, body: text === "" ? {} : JSON.parse(text) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** Declares that the tests of the file or describe block share an emulator. */
export function useHarness(options?: EmulatorOptions): () => Harness {
  let running: Harness | undefined;
  beforeAll(async () => {
    running = await startHarness(options);
  });
  afterAll(() => running?.close());
  return () => {
    if (running === undefined) throw new Error("The emulator runs only while tests do");
    return running;
  };
}

/** Credentials of a role's session in an account: an identity beside its root user. */
export async function roleSession(
  { sts }: Harness,
  account: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Credentials> {
  const role = { RoleArn: `arn:aws:iam::${account}:role/path/Admin`, RoleSessionName: "alice" };
  const { Credentials: issued } = await sts(account).send(new AssumeRoleCommand({ ...role, ...more }));
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
}

/** Headers with a signature of the right format and no value. */
export function signed(
  service: string,
  { accessKeyId = PARTNER, region = "us-east-1" } = {},
): Record<string, string> {
  return {
    authorization:
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260301/${region}/${service}/aws4_request, ` +
      `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    "x-amz-date": "20260301T120000Z",
  };
}

/** The code and HTTP status that a call of an SDK client fails with. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ code: string; status: number; message: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof Error) || !("$metadata" in error))
    throw new Error("expected an answer that is an AWS error");
  const { httpStatusCode } = Object(error.$metadata);
  const code = "Code" in error ? String(error.Code) : error.name;
  return { code, status: httpStatusCode, message: error.message };
}

export const arnOf = (account: string) =>
  `arn:aws:mpa:us-east-1:${account}:identity-source/IamIdentityCenter`;
export const sourcePath = (account: string) => `/identity-sources/${encodeURIComponent(arnOf(account))}`;
export const tagsPath = (account: string) => `/tags/${encodeURIComponent(arnOf(account))}`;
