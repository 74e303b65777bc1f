/** Encodes calls as HTTP requests and decodes the responses, by the models' HTTP bindings. No SDK validates the input. */

import { type Input, isList, isObject, type OperationModel, type Shape, type Value } from "./apiModel";
import { type Credentials, signed } from "./harness";
import { httpRequest } from "./httpRequest";
import { type Element, parseXml } from "./xml";

export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

export interface ApiResponse {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Whose fault an error is, in XML responses only. */
  readonly fault: string | undefined;
  readonly contentType: string | null;
  readonly text: string;
}

/** The content type of AWS's JSON protocol. */
export const jsonType = ({ jsonVersion }: OperationModel) => `application/x-amz-json-${jsonVersion}`;
export const FORM = "application/x-www-form-urlencoded; charset=utf-8";

export function encode(
  operation: OperationModel,
  input: Input,
  who: string | Credentials,
  region = "us-east-1",
): HttpCall {
  const caller = typeof who === "string" ? { accessKeyId: who, sessionToken: undefined } : who;
  const headers = {
    ...signed(operation.service, { accessKeyId: caller.accessKeyId, region }),
    ...(caller.sessionToken !== undefined && { "x-amz-security-token": caller.sessionToken }),
  };
  if (operation.protocol === "query") {
    const form = new URLSearchParams({ Action: operation.name, Version: operation.version });
    for (const [name, value] of formParameters(input)) form.set(name, value);
    return {
      method: "POST",
      path: "/",
      headers: { ...headers, "content-type": FORM },
      body: form.toString(),
    };
  }
  if (operation.protocol === "json") {
    const target = { "x-amz-target": `${operation.targetPrefix}.${operation.name}` };
    return {
      method: "POST",
      path: "/",
      headers: { ...headers, ...target, "content-type": jsonType(operation) },
      body: JSON.stringify(input),
    };
  }
  const body = bodyOf(operation, input);
  return {
    method: operation.method,
    path: pathOf(operation, input),
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body,
  };
}

/** `Permissions.Parameters.member.1.Name`, as AWS's query protocol writes it. */
function* formParameters(value: Value, name = ""): Generator<readonly [string, string]> {
  const within = (part: string) => (name === "" ? part : `${name}.${part}`);
  if (isList(value)) {
    if (value.length === 0) yield [name, ""];
    for (const [index, item] of value.entries()) yield* formParameters(item, within(`member.${index + 1}`));
  } else if (isObject(value)) {
    for (const [member, item] of Object.entries(value)) yield* formParameters(item, within(member));
  } else yield [name, String(value)];
}

function pathOf(operation: OperationModel, input: Input): string {
  const [path = "", flag] = operation.uri.split("?");
  const query = new URLSearchParams(flag === undefined ? {} : { [flag]: "" });
  const labels = new Map<string, string>();
  for (const [name, { location, locationName }] of operation.input.members) {
    const value = String(input[name]);
    if (location === "querystring" && input[name] !== undefined) query.set(locationName, value);
    if (location === "uri") labels.set(locationName, encodeURIComponent(value));
  }
  const labelled = path.replace(/\{(\w+)\}/g, (_label, name) => labels.get(name) ?? "");
  return query.size === 0 ? labelled : `${labelled}?${query}`;
}

/** Undefined when no member travels in the body. */
function bodyOf(operation: OperationModel, input: Input): string | undefined {
  if (!hasBody(operation)) return undefined;
  const members = Object.entries(input).filter(
    ([name]) => operation.input.members.get(name)?.location === undefined,
  );
  return JSON.stringify(Object.fromEntries(members));
}

export const hasBody = ({ protocol, input }: OperationModel): boolean =>
  protocol !== "rest-json" || [...input.members.values()].some(({ location }) => location === undefined);

export async function transmit(
  endpoint: string,
  { method, path, headers, body }: HttpCall,
): Promise<ApiResponse> {
  const answer = await httpRequest(`${endpoint}${path}`, { method, headers, body });
  const { status, text } = answer;
  const contentType = answer.headers["content-type"] ?? null;
  expect(answer.headers["x-amzn-requestid"]).toMatch(/^[\w-]{36}$/);
  const { code, message, fault } = status < 400 ? {} : parseError(text, contentType);
  return { status, code, message, fault, contentType, text };
}

/** The parts of an error, which must have the format of its protocol. */
function parseError(text: string, contentType: string | null): Partial<ApiResponse> {
  if (/json/.test(contentType ?? "")) {
    const { __type: code, Message: message, ...others } = JSON.parse(text);
    expect(others).toEqual({});
    return { code, message };
  }
  const { name, children } = parseXml(text);
  const [error, requestId] = children;
  expect([name, error?.name, requestId?.name]).toEqual(["ErrorResponse", "Error", "RequestId"]);
  const fields = Object.fromEntries((error?.children ?? []).map((child) => [child.name, child.text]));
  expect(fields).toEqual({
    Type: expect.stringMatching(/^(Sender|Receiver)$/),
    Code: expect.any(String),
    Message: expect.any(String),
  });
  return { code: fields["Code"], message: fields["Message"], fault: fields["Type"] };
}

/** The output in a response, read by the output shape; unknown members stay text. */
export function parseOutput({ text }: ApiResponse, operation: OperationModel): Value | undefined {
  const { output, protocol, name, namespace } = operation;
  if (protocol !== "query") return text === "" ? undefined : JSON.parse(text);
  expect(text).toMatch(`<${name}Response xmlns="${namespace}">`);
  const root = parseXml(text);
  const [result, metadata, ...more] = output === undefined ? [undefined, ...root.children] : root.children;
  expect([root.name, metadata?.name, more]).toEqual([`${name}Response`, "ResponseMetadata", []]);
  if (result === undefined || output === undefined) return undefined;
  expect(result.name).toBe(`${name}Result`);
  return readElement(result, output);
}

function readElement(element: Element, shape: Shape | undefined): Value {
  switch (shape?.type) {
    case "structure":
      return Object.fromEntries(
        element.children.map((child) => [
          child.name,
          readElement(child, shape.members.get(child.name)?.shape),
        ]),
      );
    case "list":
      expect(element.children.filter(({ name }) => name !== "member")).toEqual([]);
      return element.children.map((child) => readElement(child, shape.member));
    case "integer":
      return Number(element.text);
    case "boolean":
      return element.text === "true" ? true : element.text === "false" ? false : element.text;
    default:
      return element.text;
  }
}
