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
    const detail =
      cause instanceof ReadableError
        ? [cause.message]
        : [
            formatCause(code, cause),
            remedyOf(cause, code) ?? remedies[code] ?? defaultRemedy(code, operation, cause),
          ];
    super(`${operation} for ${resource}`, detail.filter(Boolean).join(" "), { cause });
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

const remediesByError = new WeakMap<object, Remedies>();

/** Notes with an error what to do about it, where that depends on who called and not on what was called. */
export function noteRemedies<E>(error: E, remedies: Remedies): E {
  if (error instanceof Error) remediesByError.set(error, remedies);
  return error;
}

const remedyOf = (error: unknown, code: string): string | undefined =>
  error instanceof Error ? remediesByError.get(error)?.[code] : undefined;

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

/** An error of the AWS SDK, of the system, or of both. */
interface ErrorLike {
  name?: string;
  code?: string;
  message?: string;
  errors?: ErrorLike[];
  address?: string;
  port?: number;
  hostname?: string;
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|TimeoutError)$/;

/** Whether AWS was not reached, or did not answer. */
export const isUnreachable = ({ code }: OperationError): boolean => UNREACHABLE.test(code);

/** Node.js has some thirty codes for a certificate that it does not accept. */
const UNTRUSTED = /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|CRL_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;

/** The code of an answer that no AWS gives: a proxy's, or a web server's. */
const FOREIGN = "UnexpectedResponse";

/** An error's code, without "Exception": AWS's, or the system's when AWS was not reached. */
export function codeOf(cause: unknown): string {
  // Before the call was made, its credentials could not be obtained. Their error's code is not one of this call.
  if (cause instanceof ReadableError) return "CredentialsProviderError";
  const error = (cause ?? {}) as ErrorLike;
  const system = error.code ?? error.errors?.[0]?.code;
  if (system && (UNREACHABLE.test(system) || UNTRUSTED.test(system))) return system;
  if (foreignType(error) !== undefined) return FOREIGN;
  return (error.name ?? "Error").replace(/Exception$/, "");
}

/** The content type of an answer that is not in a format of AWS. */
function foreignType({ $response }: ErrorLike): string | undefined {
  const type = $response?.headers?.["content-type"];
  return type === undefined || /xml|json/.test(type) ? undefined : type.replace(/;.*/s, "");
}

function formatCause(code: string, cause: unknown): string {
  const error = cause as ErrorLike;
  if (code === FOREIGN) return `${code}: HTTP ${error.$response?.statusCode} with ${foreignType(error)}.`;
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
    "A quota of the account is exceeded. Delete what is not needed, or request a quota increase from AWS.",
  ),
  ...remedyFor(
    ["ServiceFailure", "InternalServer", "InternalFailure", "ServiceUnavailable", "ConcurrentModification"],
    "AWS had an internal error. Run again.",
  ),
  ...remedyFor(
    ["Validation", "ValidationError", "InvalidInput", "TooManyTags"],
    "Correct the argument that the message names.",
  ),
};

function defaultRemedy(code: string, operation: string, cause: unknown): string {
  if (UNREACHABLE.test(code)) return unreachableRemedy(cause as ErrorLike);
  if (UNTRUSTED.test(code)) return UNTRUSTED_REMEDY;
  if (code === FOREIGN) return foreignRemedy(cause as ErrorLike);
  if (code === "AccessDenied")
    return `The caller needs the permission ${operation}, and no applicable policy may deny it.`;
  return DEFAULT_REMEDIES[code] ?? "";
}

const UNTRUSTED_REMEDY =
  "The certificate of the endpoint, or of a proxy before it, is not trusted. Specify the file with the certificate of its authority: aws:customCaBundle in the stack's configuration or AWS_CA_BUNDLE, which replace the default certificates, or NODE_EXTRA_CA_CERTS, which adds to them.";

const foreignRemedy = ({ $response }: ErrorLike): string =>
  $response?.statusCode === 407
    ? "The proxy requires credentials. Add them to its URL: http://USER:PASSWORD@HOST:PORT."
    : "The response is not from AWS. Check the endpoint (aws:endpoints, AWS_ENDPOINT_URL), and whether a proxy or a sign-in page of the network answered instead.";

function unreachableRemedy(cause: ErrorLike): string {
  const { address, hostname, port } = cause.errors?.[0] ?? cause;
  const host = hostname ?? address;
  const endpoint = host ? ` (${host}${port ? `:${port}` : ""})` : "";
  return `The endpoint${endpoint} cannot be reached. Check the network and proxy (HTTPS_PROXY), the region, and AWS_ENDPOINT_URL if it is set.`;
}
