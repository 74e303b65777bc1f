import { AwsError } from "../errors";
import type { Shape } from "../shapes";
import { decodeUtf8, type HttpRequest, mediaType, type Protocol } from "./protocol";
import { element } from "./xml";

/** AWS's query protocol: form parameters in, XML out. IAM, STS and SNS speak it. */
export function queryProtocol(service: { version: string; namespace: string }): Protocol {
  return {
    resolve(request) {
      const parameters = readParameters(request);
      const action = parameters.get("Action");
      if (action === undefined || action === "") {
        throw new AwsError("MissingAction", 400, "The request must contain the parameter Action.");
      }
      const version = parameters.get("Version") ?? "NO_VERSION_SPECIFIED";
      if (version !== service.version) throw unknownOperation(action, version);
      const tree = treeOf(parameters);
      return { operation: action, read: (shape) => readNode(tree, shape) ?? {} };
    },
    success(operation, output, requestId) {
      const result = output === undefined ? "" : element(`${operation}Result`, output);
      const metadata = element("ResponseMetadata", { RequestId: requestId });
      return xml(
        200,
        `<${operation}Response xmlns="${service.namespace}">${result}${metadata}</${operation}Response>`,
        requestId,
      );
    },
    failure(error, requestId) {
      const detail = element("Error", { Type: error.fault, Code: error.code, Message: error.message });
      return xml(
        error.status,
        `<ErrorResponse xmlns="${service.namespace}">${detail}${element("RequestId", requestId)}</ErrorResponse>`,
        requestId,
      );
    },
    unknownOperation: (operation) => unknownOperation(operation, service.version),
    throttled: () => new AwsError("Throttling", 400, "Rate exceeded"),
    codeOf: (error) => error.code,
  };
}

const unknownOperation = (action: string, version: string) =>
  new AwsError(
    "InvalidAction",
    400,
    `Could not find operation ${action} for version ${version} in the embedded AWS`,
  );

const xml = (status: number, body: string, requestId: string) => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  body,
});

function readParameters(request: HttpRequest): Map<string, string> {
  const malformed = () =>
    new AwsError("MalformedQueryString", 404, "The query string contains a syntax error.");
  const parameters = new Map(request.query);
  if (request.method === "GET") return parameters;
  if (request.method !== "POST") {
    throw new AwsError(
      "InvalidAction",
      400,
      `The method ${request.method} is not supported; use POST or GET.`,
    );
  }
  if (request.body.length > 0 && mediaType(request) !== "application/x-www-form-urlencoded") {
    throw new AwsError("MissingAction", 400, "Send the parameters as application/x-www-form-urlencoded.");
  }
  const text = decodeUtf8(request.body);
  if (text === undefined) throw malformed();
  for (const pair of text.split("&").filter((part) => part !== "")) {
    const [name = "", ...value] = pair.split("=");
    try {
      parameters.set(decodeForm(name), decodeForm(value.join("=")));
    } catch (error) {
      if (error instanceof URIError) throw malformed();
      throw error;
    }
  }
  return parameters;
}

const decodeForm = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

/** Parameters as a tree of their names' parts, such as `Permissions.Parameters.member.1.Name`. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** Deeper than any input of an emulated operation. Deeper parameters are ignored, to limit the memory they take. */
const MAX_DEPTH = 16;

function treeOf(parameters: ReadonlyMap<string, string>): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of parameters) {
    const parts = name.split(".", MAX_DEPTH + 1);
    if (parts.length > MAX_DEPTH) continue;
    let node = root;
    for (const part of parts) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.value = value;
  }
  return root;
}

function readNode(node: Node | undefined, shape: Shape): unknown {
  if (node === undefined) return undefined;
  switch (shape.type) {
    case "string":
      return node.value;
    case "integer":
      return node.value === undefined ? undefined : readInteger(node.value);
    case "boolean":
      return node.value === undefined ? undefined : readBoolean(node.value);
    case "list":
      return numbered(node.children.get("member"))
        .map((item) => readNode(item, shape.member))
        .filter((item) => item !== undefined);
    case "map":
    case "document":
      throw new TypeError(`No emulated operation of a query service takes a ${shape.type}`);
    case "structure":
      return Object.fromEntries(
        Object.entries(shape.members).map(([name, member]) => [
          name,
          readNode(node.children.get(name), member),
        ]),
      );
  }
}

/** Children `1`, `2`, … in numeric order. */
function numbered(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])]
    .filter(([index]) => /^\d+$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
}

function readInteger(text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw malformedInput(`'${text}' is not an integer`);
  return Number(text);
}

function readBoolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw malformedInput(`'${text}' must be true or false`);
  return text === "true";
}

const malformedInput = (reason: string) => new AwsError("MalformedInput", 400, `Malformed input: ${reason}.`);
