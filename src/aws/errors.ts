/** The remedies that an operation knows for error codes of its own, by the code without "Exception". */
export type Remedies = Readonly<Record<string, string>>;

/**
 * A failure told to the person who runs Pulumi: what could not be done, then why and what to do.
 *
 * Pulumi's dynamic-provider process prints `${error}: ${error.stack}` for a failed read or delete. With the two
 * halves of the message in `toString` and `stack`, that prints the message once and no stack trace.
 */
export class ReadableError extends Error {
  override readonly name: string = "ReadableError";
  constructor(subject: string, detail: string, options?: ErrorOptions) {
    super(`${subject}: ${detail}`, options);
    this.stack = detail;
    this.toString = () => subject;
  }
}

/** A call to AWS that failed: operation and resource, what AWS said, what to do. */
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
    const detail = [sentence(code, cause), remedies[code] ?? remedy(code, operation, cause)]
      .filter(Boolean)
      .join(" ");
    super(`${operation} for ${resource}`, detail, { cause });
    this.code = code;
  }
}

/** Runs a call and tells its failure as an OperationError. */
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

/** How often the SDK tried; more than once means that an earlier answer may have been lost. */
export function attemptsOf(error: OperationError): number {
  const metadata = (error.cause as { $metadata?: { attempts?: number } } | undefined)?.$metadata;
  return metadata?.attempts ?? 1;
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

function sentence(code: string, cause: unknown): string {
  const error = cause as ErrorLike;
  const message = (error?.message || error?.errors?.[0]?.message || "no message").trim();
  return `${code}: ${/[.!?]$/.test(message) ? message : `${message}.`}`;
}

/** What decides which credentials Pulumi runs with. */
export const CREDENTIAL_SETTINGS =
  "AWS_PROFILE or the other AWS_* variables, or the stack's aws:profile, aws:accessKey, aws:assumeRoles";

function remedy(code: string, operation: string, cause: unknown): string {
  if (UNREACHABLE.test(code)) {
    const { address, hostname, port } = ((cause as ErrorLike).errors?.[0] ?? cause) as ErrorLike;
    const where = hostname ?? address;
    const endpoint = where ? ` (${where}${port ? `:${port}` : ""})` : "";
    return `The endpoint${endpoint} cannot be reached. Check the network and proxy, the region, and AWS_ENDPOINT_URL if it is set.`;
  }
  switch (code) {
    case "CredentialsProviderError":
    case "TokenProviderError":
    case "InvalidClientTokenId":
    case "SignatureDoesNotMatch":
    case "UnrecognizedClient":
    case "IncompleteSignature":
    case "MissingAuthenticationToken":
    case "ExpiredToken":
      return `Check the credentials that Pulumi runs with: ${CREDENTIAL_SETTINGS}.`;
    case "AccessDenied":
      return `The caller needs the permission ${operation}, and no policy on the way may deny it.`;
    case "Throttling":
    case "RequestLimitExceeded":
    case "TooManyRequests":
      return "AWS asks for fewer calls, and went on asking after retries. Run again later, with less --parallel, or with a larger aws:maxRetries.";
    case "LimitExceeded":
    case "ServiceQuotaExceeded":
      return "A quota of the account is used up. Remove what is not needed, or ask AWS for a larger quota.";
    case "ServiceFailure":
    case "InternalServer":
    case "InternalFailure":
    case "ServiceUnavailable":
    case "ConcurrentModification":
      return "It is AWS's side that failed. Run again.";
    case "Validation":
    case "ValidationError":
    case "InvalidInput":
    case "TooManyTags":
      return "Correct the argument that it names.";
    default:
      return "";
  }
}
