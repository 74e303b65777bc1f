import { AwsError } from "./errors";

/** What a request's signature says about its sender. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether a request has a signature, of whatever format, in a header or in its query. */
export const isSigned = (headers: Headers, query: URLSearchParams): boolean =>
  typeof headers["authorization"] === "string" ||
  query.has("X-Amz-Signature") ||
  query.has("X-Amz-Credential");

/**
 * Reads a SigV4 signature from the `Authorization` header or from a presigned query.
 * Only its format is checked: the emulator doesn't know its callers' secret keys.
 */
export function readSignature(headers: Headers, query: URLSearchParams): Signature {
  const header = headers["authorization"];
  if (typeof header === "string") return fromHeader(header, headers);
  if (isSigned(headers, query)) return fromQuery(query);
  throw new AwsError("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
}

function fromHeader(header: string, headers: Headers): Signature {
  const [, algorithm, rest] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (algorithm !== "AWS4-HMAC-SHA256" || rest === undefined) {
    throw incomplete("Authorization header requires the algorithm AWS4-HMAC-SHA256.");
  }
  const parts = new Map(
    rest.split(",").map((part) => {
      const [name = "", ...value] = part.trim().split("=");
      return [name, value.join("=")] as const;
    }),
  );
  if (headers["x-amz-date"] === undefined && headers["date"] === undefined) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  return {
    ...scopeOf(parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature")),
    sessionToken: single(headers["x-amz-security-token"]),
  };
}

function fromQuery(query: URLSearchParams): Signature {
  const given = (name: string) => query.get(name) ?? undefined;
  if (given("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") {
    throw incomplete("A presigned request requires X-Amz-Algorithm=AWS4-HMAC-SHA256.");
  }
  if (given("X-Amz-Date") === undefined) throw incomplete("A presigned request requires X-Amz-Date.");
  return {
    ...scopeOf(given("X-Amz-Credential"), given("X-Amz-SignedHeaders"), given("X-Amz-Signature")),
    sessionToken: given("X-Amz-Security-Token"),
  };
}

function scopeOf(credential = "", signedHeaders = "", signature = "") {
  const [, accessKeyId, date, region, service] =
    /^([^/\s]+)\/(\d{8})\/([\w-]+)\/([^/\s]+)\/aws4_request$/.exec(credential) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined) {
    throw incomplete("Credential must have the form ACCESS_KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request.");
  }
  if (signedHeaders === "") throw incomplete("SignedHeaders is missing or empty.");
  if (!/^[0-9a-f]{64}$/.test(signature)) throw incomplete("Signature must be 64 hexadecimal digits.");
  return { accessKeyId, region, service };
}

const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === "string" ? value : value?.[0];

const incomplete = (message: string) => new AwsError("IncompleteSignature", 400, message);
