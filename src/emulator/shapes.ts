/**
 * The input shapes of the operations, with the constraints of AWS's API models, and one generic check of them.
 * The messages are those of AWS's services.
 */
export interface StringShape {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  /** Must match the whole value, as in the API model. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** The value is never repeated in an error message. */
  readonly sensitive?: boolean;
}

export interface IntegerShape {
  readonly type: "integer";
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanShape {
  readonly type: "boolean";
}

/** Any JSON value. */
export interface DocumentShape {
  readonly type: "document";
}

export interface ListShape {
  readonly type: "list";
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly type: "map";
  readonly key: StringShape;
  readonly value: Shape;
  readonly sensitive?: boolean;
}

export interface StructureShape {
  readonly type: "structure";
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

export type Shape =
  | StringShape
  | IntegerShape
  | BooleanShape
  | DocumentShape
  | ListShape
  | MapShape
  | StructureShape;

type Simplify<T> = { [K in keyof T]: T[K] };

/** The TypeScript type of a value of the shape. */
export type ValueOf<S> = S extends { type: "string"; enum: readonly (infer E)[] }
  ? E
  : S extends { type: "string" }
    ? string
    : S extends { type: "integer" }
      ? number
      : S extends { type: "boolean" }
        ? boolean
        : S extends { type: "document" }
          ? unknown
          : S extends { type: "list"; member: infer M }
            ? readonly ValueOf<M>[]
            : S extends { type: "map"; value: infer V }
              ? ReadonlyMap<string, ValueOf<V>>
              : S extends { type: "structure"; members: infer M; required: readonly (infer R)[] }
                ? Simplify<
                    { readonly [K in keyof M as K extends R ? K : never]: ValueOf<M[K]> } & {
                      readonly [K in keyof M as K extends R ? never : K]?: ValueOf<M[K]>;
                    }
                  >
                : never;

type Constraints<S, Own extends keyof S> = Omit<S, "type" | Own>;

export const string = <const C extends Constraints<StringShape, never>>(
  constraints: C,
): { type: "string" } & C => ({
  type: "string",
  ...constraints,
});

export const integer = (constraints: Constraints<IntegerShape, never> = {}): IntegerShape => ({
  type: "integer",
  ...constraints,
});

export const boolean: BooleanShape = { type: "boolean" };

export const document: DocumentShape = { type: "document" };

export const list = <M extends Shape>(
  member: M,
  constraints: Constraints<ListShape, "member"> = {},
): ListShape & { member: M } => ({ type: "list", member, ...constraints });

export const map = <V extends Shape>(
  key: StringShape,
  value: V,
  constraints: Constraints<MapShape, "key" | "value"> = {},
): MapShape & { value: V } => ({ type: "map", key, value, ...constraints });

export const structure = <M extends Record<string, Shape>, const R extends readonly (keyof M & string)[]>(
  members: M,
  required: R,
): { type: "structure"; members: M; required: R } => ({ type: "structure", members, required });

const at = (path: string, name: string): string => {
  const lowered = name.charAt(0).toLowerCase() + name.slice(1);
  return path === "" ? lowered : `${path}.${lowered}`;
};

/**
 * A message for each constraint that `value` violates, worded as AWS does; empty when it is valid. The types of its
 * members are right already: the protocols refuse a request whose types are wrong.
 */
export function problemsOf(shape: Shape, value: unknown, path = ""): string[] {
  switch (shape.type) {
    case "string":
      return typeof value === "string" ? stringProblems(shape, value, path) : [];
    case "integer":
      return typeof value === "number" ? integerProblems(shape, value, path) : [];
    case "boolean":
    case "document":
      return [];
    case "list":
      return Array.isArray(value) ? listProblems(shape, value, path) : [];
    case "map":
      return value instanceof Map ? mapProblems(shape, value, path) : [];
    case "structure":
      return Object.entries(shape.members).flatMap(([name, member]) => {
        const item = memberOf(value, name);
        if (item !== undefined) return problemsOf(member, item, at(path, name));
        return shape.required.includes(name)
          ? [problem(member, "null", at(path, name), "Member must not be null")]
          : [];
      });
  }
}

export function isValid<S extends Shape>(shape: S, value: unknown): value is ValueOf<S> {
  return problemsOf(shape, value).length === 0;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function stringProblems(shape: StringShape, value: string, path: string): string[] {
  const length = [...value].length;
  const { min, max, pattern } = shape;
  const found: string[] = [];
  if (min !== undefined && length < min)
    found.push(`Member must have length greater than or equal to ${min}`);
  if (max !== undefined && length > max) found.push(`Member must have length less than or equal to ${max}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value)) {
    found.push(`Member must satisfy regular expression pattern: ${pattern}`);
  }
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    found.push(`Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  }
  return found.map((constraint) => problem(shape, `'${value}'`, path, constraint));
}

function integerProblems(shape: IntegerShape, value: number, path: string): string[] {
  const { min, max } = shape;
  const found: string[] = [];
  if (min !== undefined && value < min) found.push(`Member must have value greater than or equal to ${min}`);
  if (max !== undefined && value > max) found.push(`Member must have value less than or equal to ${max}`);
  return found.map((constraint) => problem(shape, `'${value}'`, path, constraint));
}

function listProblems(shape: ListShape, value: readonly unknown[], path: string): string[] {
  const found: string[] = [];
  const { min, max } = shape;
  if (min !== undefined && value.length < min)
    found.push(`Member must have length greater than or equal to ${min}`);
  if (max !== undefined && value.length > max)
    found.push(`Member must have length less than or equal to ${max}`);
  return [
    ...found.map((constraint) => problem({ sensitive: true }, "", path, constraint)),
    ...value.flatMap((item, index) => problemsOf(shape.member, item, `${path}.${index + 1}.member`)),
  ];
}

function mapProblems(shape: MapShape, value: ReadonlyMap<unknown, unknown>, path: string): string[] {
  return [...value].flatMap(([key, item]) => [
    ...problemsOf(shape.key, key, `${path}.key`),
    ...problemsOf(shape.value, item, `${path}.value`),
  ]);
}

function problem(shape: object, value: string, path: string, constraint: string): string {
  const shown =
    "sensitive" in shape && shape.sensitive === true && value !== "null" ? "Value" : `Value ${value}`;
  return `${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}
