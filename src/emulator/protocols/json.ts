import { AwsError } from "../errors";
import type { Shape } from "../shapes";
import { decodeUtf8, type OutputValue } from "./protocol";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A JSON body as an object; an empty body is an empty object. */
export function parseObject(body: Buffer): Json {
  if (body.length === 0) return {};
  const text = decodeUtf8(body);
  if (text === undefined) throw serialization("The request body is not valid UTF-8");
  try {
    const value: Json = JSON.parse(text);
    if (kindOf(value) === "structure") return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw serialization("The request body is not valid JSON");
  }
  throw serialization("The request body is not a JSON object");
}

/** The value with the shape's types; null is the same as absent, unknown members are left out. */
export function readJson(value: Json | undefined, shape: Shape, path = "$"): unknown {
  if (value === undefined || value === null) return undefined;
  const wrong = () => serialization(`${path}: ${kindOf(value)} can not be converted to ${shape.type}`);
  switch (shape.type) {
    case "string":
      if (typeof value !== "string") throw wrong();
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw wrong();
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong();
      return value;
    case "document":
      return value;
    case "list":
      if (!isList(value)) throw wrong();
      return value
        .map((item, index) => readJson(item, shape.member, `${path}[${index}]`))
        .filter((item) => item !== undefined);
    case "map":
      if (!isObject(value)) throw wrong();
      return new Map(
        Object.entries(value)
          .filter(([, item]) => item !== null)
          .map(([key, item]) => [key, readJson(item, shape.value, `${path}.*`)]),
      );
    case "structure":
      if (!isObject(value)) throw wrong();
      return Object.fromEntries(
        Object.entries(shape.members).map(([name, member]) => [
          name,
          readJson(Object.hasOwn(value, name) ? value[name] : undefined, member, `${path}.${name}`),
        ]),
      );
  }
}

/** Whether a value has more levels of lists and structures than these. */
export const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (than === 0 || Object.values(value).some((item) => isDeeper(item, than - 1)));

/** How a service writes times: as text, or as seconds since 1970. */
export type TimestampFormat = "iso8601" | "epochSeconds";

export function writeJson(value: OutputValue, timestamps: TimestampFormat = "iso8601"): string {
  return JSON.stringify(timestamps === "iso8601" ? value : withEpochSeconds(value), (_name, item: unknown) =>
    item instanceof Map ? Object.fromEntries(item) : item,
  );
}

function withEpochSeconds(value: OutputValue): OutputValue {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (typeof value !== "object" || value instanceof Map) return value;
  if (isItems(value)) return value.map(withEpochSeconds);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withEpochSeconds(item)]));
}

const isItems = (value: object): value is readonly OutputValue[] => Array.isArray(value);

/** The error codes of AWS's JSON services, where those of its query services differ. */
const JSON_CODES: Readonly<Record<string, string>> = {
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  ExpiredToken: "ExpiredTokenException",
  ValidationError: "ValidationException",
  InternalFailure: "InternalServerException",
  AccessDenied: "AccessDeniedException",
};

export const jsonCodeOf = ({ code }: AwsError): string => JSON_CODES[code] ?? code;

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !isList(value);

const kindOf = (value: Json) => (isList(value) ? "list" : isObject(value) ? "structure" : typeof value);

const serialization = (message: string) => new AwsError("SerializationException", 400, message);
