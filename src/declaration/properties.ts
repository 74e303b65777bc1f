/**
 * The declaration of a property, as plain data. A resource declares each argument and output once, in its `properties.ts`.
 * The types that programs see, the checks of a preview, the keys of a diff, the parameters of AWS calls, `schema.json` and
 * the reference pages are all derived from it. Terms are those of JSON Schema where it has one.
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
  /** Must be anchored to match the whole text. */
  pattern?: RegExp;
  /** The message for a text that does not match; follows "NAME: ". */
  patternMessage?: string;
  /** The allowed values. */
  enum?: readonly string[];
  /** A duration in Go's notation, as in Pulumi's `customTimeouts`: `90s`, `10m`, `1h30m`. */
  format?: "duration";
}

/** A whole number within inclusive bounds. */
export interface IntegerType {
  type: "integer";
  minimum: number;
  maximum: number;
  /** For messages: "300 to 43200 seconds". */
  unit: string;
}

/** A number or a string. */
export interface ScalarType {
  type: "scalar";
}

export interface BooleanType {
  type: "boolean";
}

export interface ArrayType {
  type: "array";
  items: Property;
  minItems?: number;
  maxItems?: number;
  /** A set: the order of the entries does not matter, and none may occur twice. */
  uniqueItems?: true;
}

/** Free keys, with values of one type. */
export interface MapType {
  type: "map";
  keys: StringType;
  values: Property;
  maxProperties?: number;
}

/** An object with these properties and no others. */
export interface ObjectType {
  type: "object";
  properties: Properties;
}

export interface Attributes {
  /** The program may leave the argument out, or AWS may not return the output. */
  optional?: true;
  /** The value of an omitted argument. Spelling it out is not a change. */
  default?: boolean | string | readonly unknown[];
  /** The effect of a change of the argument. */
  onChange?: "replace" | "update";
  /** An omitted argument is filled in by us or by AWS. */
  computed?: true;
  /** Removing the argument from the program is not a change. */
  keptWhenOmitted?: true;
  /** The argument is not sent to AWS. */
  local?: true;
  /** AWS's name, where it is not the property's with a capital. */
  wireName?: string;
  /** The output contains the value of the named argument, and is secret when that is. */
  secretWith?: string;
  /** The value may give access: it is secret whatever the program says. */
  secret?: true;
  /**
   * People vote on a change of the argument. Until they have decided, neither its output nor those outputs that are marked
   * alike can be known.
   */
  voted?: true;
  /** The output is also kept as an input, so that a refresh and a preview show how it changes. */
  tracked?: true;
}

/** The declaration of a resource type. */
export interface ResourceDeclaration {
  /** Pulumi's type token, such as `aws-approvals:iam:DelegationRequest`. It is in states and must never change. */
  token: `aws-approvals:${string}:${string}`;
  inputs: Properties;
  /** The outputs. Every input is an output too, and is not repeated here. */
  outputs: Properties;
  /** The default timeouts of waits for AWS. Left out when the resource waits for nothing. */
  timeouts?: { create: string; delete: string };
  /** What to do in place of the option `import`, which does not work with dynamic resources. */
  insteadOfImport: string;
  /** The IAM actions that the provider calls. */
  actions: readonly string[];
}

/** The declaration of a function that a program can call. */
export interface FunctionDeclaration {
  /** Pulumi's token, such as `aws-approvals:sts:getDelegatedAccessToken`. It is in programs and must never change. */
  token: `aws-approvals:${string}:${string}`;
  inputs: Properties;
  outputs: Properties;
}

/** The class's name: the last part of the token. */
export const className = ({ token }: { token: string }): string => token.slice(token.lastIndexOf(":") + 1);

/** The service of the resource, such as `iam`: the middle of the token. */
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
                ? // Written out, so that editors and the reference show the members in place of an alias of the declaration.
                  ValuesOf<Nested> extends infer Members
                  ? { [Name in keyof Members]: Members[Name] }
                  : never
                : never;

type OptionalKeys<D> = { [Name in keyof D]: D[Name] extends { optional: true } ? Name : never }[keyof D];
export type OptionalPart<D> = Pick<D, OptionalKeys<D>>;
export type RequiredPart<D> = Omit<D, OptionalKeys<D>>;

/** The type of an object with the declared properties, with their doc comments. */
export type ValuesOf<D> = { -readonly [Name in keyof RequiredPart<D>]: ValueOf<D[Name & keyof D]> } & {
  -readonly [Name in keyof OptionalPart<D>]?: ValueOf<D[Name & keyof D]>;
};

/** The names of the declared properties that satisfy the predicate. */
export const namesWhere = <D extends Properties>(
  properties: D,
  predicate: (property: Property) => unknown,
): (keyof D & string)[] => Object.keys(properties).filter((name) => predicate(properties[name] as Property));

/** Whether a value may give access: the property is secret, or one inside it. */
export function holdsSecret(property: Property): boolean {
  const nested: Properties = property.type === "object" ? property.properties : {};
  return property.secret === true || Object.values(nested).some(holdsSecret);
}

/** The property of what is inside a value. */
export function propertyOf(property: Property, key: PropertyKey): Property | undefined {
  if (property.type === "object") return property.properties[String(key)];
  if (property.type === "map") return property.values;
  return property.type === "array" ? property.items : undefined;
}
