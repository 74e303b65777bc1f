import { existsSync } from "node:fs";
import { basename } from "node:path";
import { EngineError, UnsupportedFeatureError } from "./errors";
import { readYaml } from "./yaml";

/** Configuration as options give it. A key without a namespace gets the project's name as its namespace. */
export type GivenConfig = Record<string, string | SecretConfigValue>;

/** A value that the state keeps encrypted. */
export interface SecretConfigValue {
  /** The value; JSON for objects and arrays. */
  value: string;
  /** Tells it from a plain text. */
  secret: true;
}

/** The configuration of an operation, by keys with their namespaces, as text, which is JSON for objects and arrays. */
export interface StackConfig {
  config: Record<string, string>;
  secretKeys: string[];
}

export interface ConfigType {
  type: "string" | "integer" | "boolean" | "array" | "object";
  items?: ConfigType | undefined;
}

/** What Pulumi.yaml says of one key of the configuration. */
export interface ConfigDeclaration extends Partial<ConfigType> {
  secret?: boolean | undefined;
  default?: unknown;
  value?: unknown;
}

/** Where a project keeps configuration. */
export interface ConfigSources {
  name: string;
  /** By keys with their namespaces. */
  config: Map<string, ConfigDeclaration>;
  /** The path of Pulumi.<stack>.yaml. */
  stackFile(stack: string): string;
}

interface ConfigValue {
  text: string;
  secret: boolean;
  /** Before it became text. Absent if an option gave it. */
  content?: unknown;
}

type Values = Map<string, ConfigValue>;

/** Keys with which Pulumi's own engine is configured. */
const ENGINE_KEYS = ["pulumi:autonaming", "pulumi:disable-default-providers"];

/** The configuration that options give. */
export function givenConfig(given: GivenConfig, project: string): StackConfig {
  return toStackConfig(givenValues(given, project));
}

/**
 * The configuration of a project's stack. What options give comes before what Pulumi.<stack>.yaml says, and that before what
 * Pulumi.yaml says.
 *
 * @param validated whether keys without a value, and values of other types than declared, are errors: they are where the
 * program runs
 * @throws EngineError
 */
export function projectConfig(
  given: GivenConfig,
  sources: ConfigSources,
  stack: string,
  validated: boolean,
): StackConfig {
  const values = givenValues(given, sources.name);
  addStackFile(values, sources.stackFile(stack), sources.name);
  for (const [key, declared] of sources.config) {
    const value = declared.value ?? declared.default;
    if (!values.has(key) && value != null) values.set(key, toConfigValue(key, value, "Pulumi.yaml"));
  }
  if (validated) {
    validate(values, sources, stack);
  }
  return toStackConfig(values);
}

function givenValues(given: GivenConfig, project: string): Values {
  const entries = Object.entries(given).map(([key, value]): [string, ConfigValue] => {
    const secret = typeof value !== "string";
    return [fullConfigKey(key, project), { text: secret ? value.value : value, secret }];
  });
  return new Map(entries);
}

function toStackConfig(values: Values): StackConfig {
  for (const key of ENGINE_KEYS) {
    if (values.has(key)) throw new UnsupportedFeatureError(`${key} (in the configuration)`);
  }
  return {
    config: Object.fromEntries([...values].map(([key, { text }]) => [key, text])),
    secretKeys: [...values].filter(([, { secret }]) => secret).map(([key]) => key),
  };
}

/** @throws EngineError if it cannot be a key */
export function fullConfigKey(key: string, project: string): string {
  const [, namespace = project, name] = /^(?:([^:]*):(?:config:)?)?([^:]*)$/.exec(key) ?? [];
  if (name === undefined) throw new EngineError(`config: ${key} is not of the form name or namespace:name`);
  return `${namespace}:${name}`;
}

function addStackFile(values: Values, path: string, project: string): void {
  if (!existsSync(path)) return;
  const name = basename(path);
  const file = readYaml(path) ?? {};
  if (!isMap(file) || !isMap(file["config"] ?? {}))
    throw new EngineError(`${path}: it or its config is not a map`);
  if (file["environment"] != null) {
    throw new UnsupportedFeatureError(
      `environment (of ${name})`,
      "use another stack name, and specify the environment's values in config",
    );
  }
  for (const [given, value] of Object.entries(file["config"] ?? {})) {
    const key = fullConfigKey(given, project);
    if (!values.has(key)) values.set(key, toConfigValue(key, value, name));
  }
}

function toConfigValue(key: string, content: unknown, file: string): ConfigValue {
  const flaw = flawOf(content);
  if (flaw !== undefined) throw new EngineError(`${key} of ${file} ${flaw}`);
  const text = typeof content === "string" ? content : content === null ? "" : JSON.stringify(content);
  return { text, secret: false, content: typeof content === "object" ? content : text };
}

/** Why a value cannot be read, with the remedy. */
function flawOf(value: unknown): string | undefined {
  if (value instanceof Date) return "is a date without quotes: put it in quotes";
  if (typeof value === "number" && !isRepresented(value))
    return "is a number that cannot be represented: put it in quotes";
  if (isMap(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1)
    return "is encrypted, and the offline engine cannot decrypt it: specify its value in config, which takes precedence";
  return typeof value === "object" && value !== null
    ? Object.values(value)
        .map(flawOf)
        .find((flaw) => flaw !== undefined)
    : undefined;
}

/** JavaScript rounds whole numbers of more than 53 bits, and JSON has no infinity. */
const isRepresented = (value: number) =>
  Number.isFinite(value) && (Number.isSafeInteger(value) || value % 1 !== 0);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

function validate(values: Values, { name, config }: ConfigSources, stack: string): void {
  const missing = [...config.keys()].filter((key) => key.startsWith(`${name}:`) && !values.has(key)).sort();
  if (missing.length > 0) {
    throw new EngineError(
      `stack ${stack} has no value for ${missing.join(", ")}, which Pulumi.yaml declares`,
    );
  }
  for (const [key, { type, items, secret = false }] of config) {
    const value = values.get(key);
    if (type === undefined || value === undefined) continue;
    if (secret && !value.secret) {
      throw new EngineError(
        `${key} must be a secret, as Pulumi.yaml declares. Specify it in config as { value, secret: true }`,
      );
    }
    const content = "content" in value ? value.content : fromText(value.text, type);
    if (!isOfType({ type, items }, content)) {
      throw new EngineError(
        `${key} must be of type ${type}${items ? ` of ${items.type}` : ""}, as Pulumi.yaml declares`,
      );
    }
  }
}

/** Options give objects and arrays as JSON. */
function fromText(text: string, type: ConfigType["type"]): unknown {
  if (type !== "array" && type !== "object") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Numbers and booleans may be text, as the configuration of a stack is. */
export function isOfType({ type, items }: ConfigType, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "string" ? /^[-+]?\d+$/.test(value) : Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isMap(value);
    case "array":
      return Array.isArray(value) && items !== undefined && value.every((item) => isOfType(items, item));
  }
}
