import { isUtf8 } from "node:buffer";
import type { AwsError } from "../errors";
import type { Shape } from "../shapes";

/** What an operation answers. Protocols write it as XML or JSON. */
export type Output = { readonly [name: string]: OutputValue };
export type OutputValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly OutputValue[]
  | ReadonlyMap<string, string>
  | Output;

/** An HTTP request with its body read. */
export interface HttpRequest {
  readonly method: string;
  /** Path as sent: percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body exceeded the size limit and is incomplete. */
  readonly tooLarge: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The operation that a request names, and a function that reads its input by a shape; it may throw an AwsError. */
export interface Resolved {
  readonly operation: string;
  read(shape: Shape): unknown;
}

/** One of AWS's wire protocols, as one service speaks it. */
export interface Protocol {
  resolve(request: HttpRequest): Resolved;
  success(operation: string, output: Output | undefined, requestId: string): HttpResponse;
  failure(error: AwsError, requestId: string): HttpResponse;
  /** The error for an operation that the service doesn't have. */
  unknownOperation(operation: string): AwsError;
  /** The error for a call that comes too soon after others. */
  throttled(): AwsError;
  /** The error's code in this protocol. */
  codeOf(error: AwsError): string;
}

/** Undefined when the bytes are not valid UTF-8. */
export const decodeUtf8 = (bytes: Buffer): string | undefined =>
  isUtf8(bytes) ? bytes.toString("utf8") : undefined;

export const mediaType = (request: HttpRequest): string => {
  const header = request.headers["content-type"];
  return (typeof header === "string" ? header : "").split(";")[0]?.trim().toLowerCase() ?? "";
};
