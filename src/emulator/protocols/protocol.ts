import { isUtf8 } from "node:buffer";
import type { AwsError } from "../errors";
import type { Output } from "../operation";
import type { Shape } from "../shapes";

/** An HTTP request with its body read. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent: percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body was longer than the emulator takes, and is cut off. */
  readonly tooLarge: boolean;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The operation that a request names, and how to read its input. Reading may throw an AwsError. */
export interface Resolved {
  readonly operation: string;
  read(shape: Shape): unknown;
}

/** One of AWS's wire protocols, as one service speaks it. */
export interface Protocol {
  resolve(request: WireRequest): Resolved;
  success(operation: string, output: Output | undefined, requestId: string): WireAnswer;
  failure(error: AwsError, requestId: string): WireAnswer;
  /** What the service answers to the name of an operation it doesn't have. */
  unknownOperation(operation: string): AwsError;
  /** The error's code as this protocol spells it. */
  codeOf(error: AwsError): string;
}

/** Strict UTF-8; undefined when the bytes are not. */
export const decodeUtf8 = (bytes: Buffer): string | undefined =>
  isUtf8(bytes) ? bytes.toString("utf8") : undefined;

export const mediaType = (request: WireRequest): string => {
  const header = request.headers["content-type"];
  return (typeof header === "string" ? header : "").split(";")[0]?.trim().toLowerCase() ?? "";
};
