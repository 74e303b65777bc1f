/** AWS's own API models, from the fixtures: HTTP binding, input, output and errors of an operation. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type ModelledService = "iam" | "mpa" | "sts" | "identitystore" | "backup" | "payment-cryptography";
export type ModelledProtocol = "query" | "rest-json" | "json";

/** A value as it is sent: strings for blobs and timestamps, plain objects for structures and maps. */
export type Value = string | number | boolean | null | readonly Value[] | Input;
export interface Input {
  readonly [name: string]: Value;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}
interface Named {
  readonly name: string;
  readonly sensitive: boolean;
}
export type Shape = Named &
  (
    | ({ readonly type: "string"; readonly pattern?: RegExp; readonly enum?: readonly string[] } & Bounds)
    | ({ readonly type: "integer" } & Bounds)
    | { readonly type: "boolean" | "document" }
    /** Text, or seconds since 1970. */
    | { readonly type: "timestamp"; readonly format: "iso8601" | "unixTimestamp" }
    | ({ readonly type: "list"; readonly member: Shape } & Bounds)
    | ({ readonly type: "map"; readonly key: Shape; readonly value: Shape } & Bounds)
    | StructureShape
  );
export type StringShape = Extract<Shape, { type: "string" }>;
export interface StructureShape extends Named {
  readonly type: "structure";
  readonly required: readonly string[];
  readonly members: ReadonlyMap<string, Member>;
}
/** A member and its location in the request; the body when `location` is undefined. */
export interface Member {
  readonly shape: Shape;
  readonly location: "uri" | "querystring" | undefined;
  /** How the request names it there. */
  readonly locationName: string;
}

export interface ErrorModel {
  /** As in responses. */
  readonly code: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
}

export interface OperationModel {
  readonly service: ModelledService;
  readonly protocol: ModelledProtocol;
  /** What the header that names the operation begins with, in the protocol json. */
  readonly targetPrefix: string | undefined;
  /** Of that protocol. */
  readonly jsonVersion: string | undefined;
  readonly version: string;
  /** Of its XML responses. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly input: StructureShape;
  /** Undefined when the operation has no output. */
  readonly output: StructureShape | undefined;
  /** By the name of the error's shape. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

interface ShapeRef {
  shape: string;
  location?: "uri" | "querystring";
  locationName?: string;
}
interface ShapeRecord extends Bounds {
  type: Shape["type"] | "long";
  document?: boolean;
  timestampFormat?: "iso8601" | "unixTimestamp";
  exception?: boolean;
  fault?: boolean;
  pattern?: string;
  enum?: string[];
  sensitive?: boolean;
  required?: string[];
  members?: Record<string, ShapeRef>;
  member?: ShapeRef;
  key?: ShapeRef;
  value?: ShapeRef;
  error?: { code?: string; httpStatusCode: number; senderFault?: boolean };
}
interface OperationRecord {
  http: { method: string; requestUri: string; responseCode?: number };
  input?: ShapeRef;
  output?: ShapeRef;
  errors?: ShapeRef[];
}
interface ModelFile {
  metadata: {
    protocol: ModelledProtocol;
    apiVersion: string;
    xmlNamespace?: string;
    targetPrefix?: string;
    jsonVersion?: string;
  };
  operations: Record<string, OperationRecord>;
  shapes: Record<string, ShapeRecord>;
}

export function operationModel(service: ModelledService, name: string): OperationModel {
  const file = join(__dirname, "../fixtures/aws-models", `${service}.json`);
  const { metadata, operations, ...model }: ModelFile = JSON.parse(readFileSync(file, "utf8"));
  const shapes = metadata.protocol === "query" ? withTextTimestamps(model.shapes) : model.shapes;
  const operation = operations[name];
  if (operation === undefined) throw new Error(`${service}.json has no operation ${name}`);
  const { http, input, output, errors = [] } = operation;
  return {
    service,
    protocol: metadata.protocol,
    targetPrefix: metadata.targetPrefix,
    jsonVersion: metadata.jsonVersion,
    version: metadata.apiVersion,
    namespace: metadata.xmlNamespace,
    name,
    method: http.method,
    uri: http.requestUri,
    status: http.responseCode ?? 200,
    input: structure(input, shapes),
    output: output && structure(output, shapes),
    errors: new Map(errors.map(({ shape }) => [shape, errorModel(shape, shapes)])),
  };
}

function errorModel(shape: string, shapes: Shapes): ErrorModel {
  const { error, exception, fault } = record(shape, shapes);
  if (error === undefined && !exception) throw new Error(`${shape} is no error`);
  // Where a model says no status, it is that of the kind of error.
  const defaults = { httpStatusCode: fault ? 500 : 400, senderFault: !fault };
  const { code = shape, httpStatusCode: status, senderFault = false } = error ?? { ...defaults, code: shape };
  return { code, status, fault: senderFault ? "Sender" : "Receiver" };
}

type Shapes = Readonly<Record<string, ShapeRecord>>;

/** The query protocol writes times as text. */
const withTextTimestamps = (shapes: Shapes): Shapes =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      shape.type === "timestamp" ? { timestampFormat: "iso8601", ...shape } : shape,
    ]),
  );

function record(name: string, shapes: Shapes): ShapeRecord {
  const found = shapes[name];
  if (found === undefined) throw new Error(`The model has no shape ${name}`);
  return found;
}

function structure(ref: ShapeRef | undefined, shapes: Shapes): StructureShape {
  const shape = resolve(ref, shapes);
  if (shape.type !== "structure") throw new Error(`${shape.name} is no structure`);
  return shape;
}

function resolve(ref: ShapeRef | undefined, shapes: Shapes): Shape {
  if (ref === undefined) throw new Error("The model leaves out a shape");
  const { type, pattern, enum: values, min, max, document, ...given } = record(ref.shape, shapes);
  const named = { name: ref.shape, sensitive: given.sensitive === true };
  const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  if (document) return { ...named, type: "document" };
  switch (type) {
    case "string":
      return {
        ...named,
        ...bounds,
        type,
        ...(pattern !== undefined && { pattern: wholly(pattern) }),
        ...(values !== undefined && { enum: values }),
      };
    case "integer":
    case "long":
      return { ...named, ...bounds, type: "integer" };
    case "list":
      return { ...named, ...bounds, type, member: resolve(given.member, shapes) };
    case "map":
      return {
        ...named,
        ...bounds,
        type,
        key: resolve(given.key, shapes),
        value: resolve(given.value, shapes),
      };
    case "structure":
      return {
        ...named,
        type,
        required: given.required ?? [],
        members: new Map(
          Object.entries(given.members ?? {}).map(([name, member]) => [
            name,
            {
              shape: resolve(member, shapes),
              location: member.location,
              locationName: member.locationName ?? name,
            },
          ]),
        ),
      };
    case "boolean":
      return { ...named, type };
    case "timestamp":
      return { ...named, type, format: given.timestampFormat ?? "unixTimestamp" };
    default:
      throw new Error(`${ref.shape} is of a type that no emulated operation has: ${type}`);
  }
}

/**
 * A value must match as a whole. `\u10000` is the models' way to write a character of five digits, and `\_` one to write
 * an underscore.
 */
const wholly = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replace(/\\u(10[0-9A-F]{4}|10000)/g, "\\u{$1}").replaceAll("\\_", "_")})$`, "u");

/** How a value violates its shape; empty when it is valid. Independent of the emulator's own validation. */
export function violations(shape: Shape, value: Value | undefined, at: string = shape.name): string[] {
  const wrong = (what: string) => [`${at}: ${what}`];
  const sized = (bounds: Bounds, size: number) =>
    size < (bounds.min ?? 0) || size > (bounds.max ?? Number.POSITIVE_INFINITY)
      ? wrong(`${size} is out of bounds`)
      : [];
  switch (shape.type) {
    case "string":
      if (typeof value !== "string") return wrong("no string");
      return [
        ...sized(shape, Array.from(value).length),
        ...(shape.pattern?.test(value) === false ? wrong(`does not match ${shape.pattern}`) : []),
        ...(shape.enum?.includes(value) === false ? wrong(`none of ${shape.enum}`) : []),
      ];
    case "integer":
      if (!Number.isInteger(value)) return wrong("no integer");
      return Number(value) < (shape.min ?? Number.NEGATIVE_INFINITY) ||
        Number(value) > (shape.max ?? Number.POSITIVE_INFINITY)
        ? wrong("out of bounds")
        : [];
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("no boolean");
    case "document":
      return [];
    case "timestamp":
      if (shape.format === "unixTimestamp") return typeof value === "number" ? [] : wrong("no timestamp");
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)) ? [] : wrong("no timestamp");
    case "list":
      if (!isList(value)) return wrong("no list");
      return [
        ...sized(shape, value.length),
        ...value.flatMap((item, index) => violations(shape.member, item, `${at}[${index}]`)),
      ];
    case "map":
      if (!isObject(value)) return wrong("no map");
      return Object.entries(value).flatMap(([key, item]) => [
        ...violations(shape.key, key, `${at} key`),
        ...violations(shape.value, item, `${at}.${key}`),
      ]);
    case "structure":
      if (!isObject(value)) return wrong("no structure");
      return [
        ...shape.required.filter((name) => value[name] === undefined).flatMap((name) => wrong(`no ${name}`)),
        ...Object.entries(value).flatMap(([name, item]) => {
          const member = shape.members.get(name);
          return member === undefined
            ? wrong(`unknown ${name}`)
            : violations(member.shape, item, `${at}.${name}`);
        }),
      ];
  }
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isObject = (value: Value | undefined): value is Input =>
  typeof value === "object" && value !== null && !isList(value);
