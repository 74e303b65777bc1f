/**
 * What the properties of a resource are, as plain data. A resource declares each argument and output once, in its
 * `properties.ts`; the types that programs see, the checks of a preview, the keys of a diff, what is sent to AWS and read
 * from its answers, `schema.json` and the reference pages are all derived from that. The words are JSON Schema's where it
 * has one.
 */
export type Property = (
  | StringType
  | IntegerType
  | ScalarType
  | BooleanType
  | ArrayType
  | MapType
  | ObjectType
) &
  Attributes;

export type Properties = { readonly [name: string]: Property };

export interface StringType {
  type: "string";
  /** In characters. */
  minLength?: number;
  maxLength?: number;
  /** For the whole text. */
  pattern?: RegExp;
  /** What the pattern allows, in words: completes "NAME: …". */
  patternMessage?: string;
  /** The only values there are. */
  enum?: readonly string[];
  /** A span of time in Go's notation, as Pulumi's `customTimeouts` has it: `90s`, `10m`, `1h30m`. */
  format?: "duration";
}

/** A whole number within inclusive bounds. */
export interface IntegerType {
  type: "integer";
  minimum: number;
  maximum: number;
  /** Completes the message: "300 to 43200 seconds". */
  unit: string;
}

/** A number or a string, of which only a change matters. */
export interface ScalarType {
  type: "scalar";
}

export interface BooleanType {
  type: "boolean";
}

export interface ArrayType {
  type: "array";
  items: Property;
  maxItems?: number;
}

/** Keys of the program's own, with values of one type. */
export interface MapType {
  type: "map";
  keys: StringType;
  values: Property;
  maxProperties?: number;
}

/** These properties and no others. */
export interface ObjectType {
  type: "object";
  properties: Properties;
}

export interface Attributes {
  /** The program may leave it out, or AWS may not tell it. */
  optional?: true;
  /** What stands for it when it is left out; spelling it out is no change. */
  default?: boolean | readonly unknown[];
  /** What a change of an argument does. */
  onChange?: "replace" | "update";
  /** An argument that we or AWS fill in when the program leaves it out. */
  computed?: true;
  /** Taking the argument out of the program changes nothing. */
  keptWhenOmitted?: true;
  /** An argument that AWS never sees. */
  local?: true;
  /** An output that shows what the named argument holds, and is secret when that is. */
  secretWith?: string;
  /** An output that also travels as an input, so that a refresh and a preview show how it changes. */
  tracked?: true;
}

/** All that is declared of a kind of resource. */
export interface ResourceDeclaration {
  /** Pulumi's type token, for ever: `aws-approvals:iam:DelegationRequest`. */
  token: `aws-approvals:${string}:${string}`;
  inputs: Properties;
  /** What is known beside the inputs, which are outputs as well. */
  outputs: Properties;
  /** How long to wait for AWS unless the program says otherwise. Left out: there is nothing to wait for. */
  timeouts?: { create: string; delete: string };
  /** The permissions that the provider's calls need. */
  actions: readonly string[];
}

/** The class's name: the last part of the token. */
export const className = ({ token }: Pick<ResourceDeclaration, "token">): string =>
  token.slice(token.lastIndexOf(":") + 1);

/** The service that the resource is of, such as `iam`: the middle of the token. */
export const serviceOf = ({ token }: Pick<ResourceDeclaration, "token">): string => token.split(":")[1] ?? "";

/** The type of a property's values. */
export type ValueOf<P> = P extends { enum: readonly (infer Value)[] }
  ? Value
  : P extends { type: "string" }
    ? string
    : P extends { type: "integer" }
      ? number
      : P extends { type: "scalar" }
        ? number | string
        : P extends { type: "boolean" }
          ? boolean
          : P extends { type: "array"; items: infer Item }
            ? ValueOf<Item>[]
            : P extends { type: "map"; values: infer Value }
              ? Record<string, ValueOf<Value>>
              : P extends { type: "object"; properties: infer Nested }
                ? ValuesOf<Nested>
                : never;

type OptionalKeys<D> = { [Name in keyof D]: D[Name] extends { optional: true } ? Name : never }[keyof D];
export type OptionalPart<D> = Pick<D, OptionalKeys<D>>;
export type RequiredPart<D> = Omit<D, OptionalKeys<D>>;

/** The type of an object with the declared properties. Doc comments come along. */
export type ValuesOf<D> = { -readonly [Name in keyof RequiredPart<D>]: ValueOf<D[Name & keyof D]> } & {
  -readonly [Name in keyof OptionalPart<D>]?: ValueOf<D[Name & keyof D]>;
};

/** The names of the declared properties that an attribute holds for. */
export const namesWhere = <D extends Properties>(
  properties: D,
  holds: (property: Property) => unknown,
): (keyof D & string)[] => Object.keys(properties).filter((name) => holds(properties[name] as Property));
