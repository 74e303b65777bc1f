/** What to do about an error, by its code without "Exception". */
export type Remedies = Readonly<Record<string, string>>;

/**
 * A failure that is shown to the person who runs Pulumi: what failed, then why and what to do.
 *
 * Pulumi's dynamic-provider process prints `${error}: ${error.stack}` for a failed read or delete. Here `toString` gives
 * the first half of the message and `stack` the second, so that the message is printed once and without a stack trace.
 */
export class ReadableError extends Error {
  override readonly name: string = "ReadableError";
  constructor(subject: string, detail: string, options?: { cause?: unknown }) {
    super(`${subject}: ${detail}`, options);
    this.stack = detail;
    this.toString = () => subject;
  }
}

/** A failed call to AWS: operation and resource, AWS's error, and what to do. */
export class OperationError extends ReadableError {
  override readonly name = "OperationError";
  /** AWS's error code without "Exception", or the system's: `NoSuchEntity`, `Conflict`, `ECONNREFUSED`. */
  readonly code: string;

  constructor(
    readonly operation: string,
    readonly resource: string,
    cause: unknown,
    remedies: Remedies = {},
  ) {
    const code = codeOf(cause);
    const detail = [formatCause(code, cause), remedies[code] ?? defaultRemedy(code, operation, cause)]
      .filter(Boolean)
      .join(" ");
    super(`${operation} for ${resource}`, detail, { cause });
    this.code = code;
  }
}

/** Makes a call. @throws OperationError when it fails */
export async function call<T>(
  operation: string,
  resource: string,
  send: () => Promise<T>,
  remedies?: Remedies,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw new OperationError(operation, resource, error, remedies);
  }
}

export function hasCode(error: unknown, ...codes: string[]): error is OperationError {
  return error instanceof OperationError && codes.includes(error.code);
}

/** How often the SDK sent the request; more than once means that an earlier response may have been lost. */
export function attemptsOf(error: OperationError): number {
  const metadata = (error.cause as { $metadata?: { attempts?: number } } | undefined)?.$metadata;
  return metadata?.attempts ?? 1;
}

/** AWS's time when it answered, which the machine's clock may differ from. */
export function responseTime(error: OperationError): Date | undefined {
  const response = (error.cause as { $response?: { headers?: Record<string, string> } } | undefined)
    ?.$response;
  const date = response?.headers?.["date"];
  return date === undefined ? undefined : new Date(date);
}

interface ErrorLike {
  name?: string;
  code?: string;
  message?: string;
  errors?: ErrorLike[];
  address?: string;
  port?: number;
  hostname?: string;
}

const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|TimeoutError)$/;

function codeOf(cause: unknown): string {
  const error = (cause ?? {}) as ErrorLike;
  const system = error.code ?? error.errors?.[0]?.code;
  if (system && UNREACHABLE.test(system)) return system;
  return (error.name ?? "Error").replace(/Exception$/, "");
}

function formatCause(code: string, cause: unknown): string {
  const error = cause as ErrorLike;
  const message = (error?.message || error?.errors?.[0]?.message || "no message").trim();
  return `${code}: ${/[.!?]$/.test(message) ? message : `${message}.`}`;
}

/** The settings that decide which credentials Pulumi uses. */
export const CREDENTIAL_SETTINGS =
  "AWS_PROFILE or the other AWS_* variables, or the stack's aws:profile, aws:accessKey, aws:assumeRoles";

/** The codes of missing, wrong or expired credentials. */
export const CREDENTIAL_CODES = [
  "CredentialsProviderError",
  "TokenProviderError",
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "UnrecognizedClient",
  "IncompleteSignature",
  "MissingAuthenticationToken",
  "ExpiredToken",
];

/** The same remedy for several codes. */
export const remedyFor = (codes: readonly string[], remedy: string): Remedies =>
  Object.fromEntries(codes.map((code) => [code, remedy]));

const DEFAULT_REMEDIES: Remedies = {
  ...remedyFor(CREDENTIAL_CODES, `Check the credentials that Pulumi runs with: ${CREDENTIAL_SETTINGS}.`),
  ...remedyFor(
    ["Throttling", "RequestLimitExceeded", "TooManyRequests"],
    "AWS throttled the call, and retries did not help. Run again later, with less --parallel, or with a larger aws:maxRetries.",
  ),
  ...remedyFor(
    ["LimitExceeded", "ServiceQuotaExceeded"],
    "A quota of the account is used up. Remove what is not needed, or ask AWS for a larger quota.",
  ),
  ...remedyFor(
    ["ServiceFailure", "InternalServer", "InternalFailure", "ServiceUnavailable", "ConcurrentModification"],
    "The failure is on AWS's side. Run again.",
  ),
  ...remedyFor(
    ["Validation", "ValidationError", "InvalidInput", "TooManyTags"],
    "Correct the argument that the message names.",
  ),
};

function defaultRemedy(code: string, operation: string, cause: unknown): string {
  if (UNREACHABLE.test(code)) return unreachableRemedy(cause as ErrorLike);
  if (code === "AccessDenied")
    return `The caller needs the permission ${operation}, and no policy that applies may deny it.`;
  return DEFAULT_REMEDIES[code] ?? "";
}

function unreachableRemedy(cause: ErrorLike): string {
  const { address, hostname, port } = cause.errors?.[0] ?? cause;
  const host = hostname ?? address;
  const endpoint = host ? ` (${host}${port ? `:${port}` : ""})` : "";
  return `The endpoint${endpoint} cannot be reached. Check the network and proxy, the region, and AWS_ENDPOINT_URL if it is set.`;
}
