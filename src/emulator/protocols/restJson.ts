import { AwsError } from "../errors";
import type { Shape, StructureShape } from "../shapes";
import { jsonCodeOf, parseObject, readJson, type TimestampFormat, writeJson } from "./json";
import { type HttpRequest, mediaType, type Protocol } from "./protocol";

/** The HTTP binding of an operation, such as `GET /things/{Arn}` or `POST /things/?List`. */
export interface Route {
  readonly method: string;
  /** A `{Label}` is one percent-encoded segment: the member of that name. */
  readonly path: string;
  /** A query parameter without value that distinguishes the operation from another on the same path. */
  readonly flag?: string;
  /** Members of the input that are query parameters, by the parameters' names. */
  readonly query?: Readonly<Record<string, string>>;
  /** Of a success. Default: 200. */
  readonly status?: number;
}

/** Where a service differs from others that speak the protocol. */
interface Dialect {
  readonly timestamps?: TimestampFormat;
  /** The code for input that breaks constraints of the API model. Default: ValidationException. */
  readonly validationCode?: string;
}

/** AWS's REST-JSON protocol: method and path name the operation. Multi-party approval and AWS Backup speak it. */
export function restJsonProtocol(
  operations: readonly { readonly name: string; readonly route: Route }[],
  { timestamps, validationCode }: Dialect = {},
): Protocol {
  const statuses = new Map(operations.map(({ name, route }) => [name, route.status]));
  const codeOf = (error: AwsError) =>
    error.code === "ValidationError" && validationCode ? validationCode : jsonCodeOf(error);
  return {
    resolve(request) {
      for (const { name, route } of operations) {
        const labels = match(route, request);
        if (labels !== undefined) {
          return { operation: name, read: (shape) => readInput(route, labels, request, shape) };
        }
      }
      throw unknownOperation(`${request.method} ${request.path}`);
    },
    success: (operation, output, requestId) => ({
      status: statuses.get(operation) ?? 200,
      headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
      body: output === undefined ? "" : writeJson(output, timestamps),
    }),
    failure: (error, requestId) => ({
      status: error.status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": codeOf(error),
      },
      body: writeJson({ __type: codeOf(error), Message: error.message }),
    }),
    unknownOperation,
    throttled: () => new AwsError("ThrottlingException", 429, "Rate exceeded"),
    codeOf,
  };
}

const unknownOperation = (operation: string) =>
  new AwsError("UnknownOperationException", 404, `The embedded AWS has no operation for ${operation}`);

function match(route: Route, request: HttpRequest): Map<string, string> | undefined {
  if (route.method !== request.method) return undefined;
  if (route.flag !== undefined && !request.query.has(route.flag)) return undefined;
  const wanted = route.path.split("/");
  const given = request.path.split("/");
  // The AWS SDK leaves out the slash at the end of a path, unless parameters follow.
  if (wanted.at(-1) === "" && given.length === wanted.length - 1) given.push("");
  if (wanted.length !== given.length) return undefined;
  const labels = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!segment.startsWith("{")) {
      if (segment !== value) return undefined;
    } else {
      if (value === "") return undefined;
      labels.set(segment.slice(1, -1), decodeLabel(value));
    }
  }
  return labels;
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new AwsError("SerializationException", 400, "The path is not valid percent-encoded UTF-8");
  }
}

function readInput(
  route: Route,
  labels: ReadonlyMap<string, string>,
  request: HttpRequest,
  shape: Shape,
): unknown {
  if (shape.type !== "structure") throw new TypeError("An operation's input is a structure");
  const inBody = Object.entries(shape.members).some(
    ([name]) => !labels.has(name) && !Object.values(route.query ?? {}).includes(name),
  );
  return {
    ...(inBody ? readBody(request, shape) : {}),
    ...readQuery(route, request, shape),
    ...Object.fromEntries(labels),
  };
}

function readBody(request: HttpRequest, shape: StructureShape): object {
  if (request.body.length > 0 && mediaType(request) !== "application/json") {
    throw new AwsError("UnsupportedMediaTypeException", 415, "The content type must be application/json");
  }
  return Object(readJson(parseObject(request.body), shape));
}

const WELL_FORMED: Readonly<Record<string, RegExp>> = {
  integer: /^-?\d{1,9}$/,
  boolean: /^(true|false)$/,
};

function readQuery(route: Route, request: HttpRequest, shape: StructureShape): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [parameter, name] of Object.entries(route.query ?? {})) {
    const text = request.query.get(parameter);
    if (text === null) continue;
    const type = shape.members[name]?.type ?? "string";
    if (WELL_FORMED[type]?.test(text) === false) {
      throw new AwsError("SerializationException", 400, `${name}: '${text}' can not be converted to ${type}`);
    }
    members[name] = type === "integer" ? Number(text) : type === "boolean" ? text === "true" : text;
  }
  return members;
}
