import { AwsError } from "../errors";
import type { Shape, StructureShape } from "../shapes";
import { parseObject, readJson, writeJson } from "./json";
import { type HttpRequest, mediaType, type Protocol } from "./protocol";

/** The HTTP binding of an operation, such as `GET /things/{Arn}` or `POST /things/?List`. */
export interface Route {
  readonly method: string;
  /** A `{Label}` is one percent-encoded segment: the member of that name. */
  readonly path: string;
  /** A query parameter without value that distinguishes the operation from another on the same path. */
  readonly flag?: string;
  /** Members of the input that are query parameters. */
  readonly query?: readonly string[];
}

/** Error codes that differ between AWS's JSON services and its query services. */
const JSON_CODES: Readonly<Record<string, string>> = {
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  ExpiredToken: "ExpiredTokenException",
  ValidationError: "ValidationException",
  InternalFailure: "InternalServerException",
  AccessDenied: "AccessDeniedException",
};

/** AWS's REST-JSON protocol: method and path name the operation. Multi-party approval speaks it. */
export function restJsonProtocol(
  operations: readonly { readonly name: string; readonly route: Route }[],
): Protocol {
  const codeOf = (error: AwsError) => JSON_CODES[error.code] ?? error.code;
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
    success: (_operation, output, requestId) => ({
      status: 200,
      headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
      body: output === undefined ? "" : writeJson(output),
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
    ([name]) => !labels.has(name) && !route.query?.includes(name),
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

function readQuery(route: Route, request: HttpRequest, shape: StructureShape): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name of route.query ?? []) {
    const text = request.query.get(name);
    if (text === null) continue;
    const integer = shape.members[name]?.type === "integer";
    if (integer && !/^-?\d{1,9}$/.test(text)) {
      throw new AwsError("SerializationException", 400, `${name}: '${text}' can not be converted to integer`);
    }
    members[name] = integer ? Number(text) : text;
  }
  return members;
}
