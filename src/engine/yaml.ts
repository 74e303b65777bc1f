import { readFileSync } from "node:fs";
import { sdkRequire } from "../sdk";
import { EngineError } from "./errors";

/** What the engine uses of js-yaml, which comes with the SDK without its types. */
interface JsYaml {
  Type: new (
    tag: string,
    options: {
      kind: "scalar" | "sequence" | "mapping";
      resolve?: (text: string | null) => boolean;
      construct?: (text: string) => unknown;
    },
  ) => object;
  Schema: new (definition: { implicit: object[]; explicit: object[] }) => object;
  load(text: string, options: { schema: object }): unknown;
}

/** What js-yaml throws. Its message quotes the file, which may hold secrets. */
interface YamlError {
  reason?: string;
  mark?: { line: number };
}

/**
 * Reads a YAML file with the scalars of the Go library that the Pulumi CLI uses: `yes` and `1:30` are text, `0777` is octal.
 * Dates become `Date`s, and whole numbers of more than 53 bits lose digits.
 *
 * @throws EngineError if it is not valid
 */
export function readYaml(path: string): unknown {
  try {
    return parseYaml(readFileSync(path, "utf8"));
  } catch (error) {
    const { reason, mark } = error as YamlError;
    if (reason === undefined) throw error;
    throw new EngineError(`${path}${mark ? `, line ${mark.line + 1}` : ""}: ${reason}`);
  }
}

function parseYaml(text: string): unknown {
  const { Schema, Type, load } = sdkRequire("js-yaml") as JsYaml;
  const tag = (name: string) => `tag:yaml.org,2002:${name}`;
  const plain = (name: string, isOne: (text: string) => boolean, construct: (text: string) => unknown) =>
    new Type(tag(name), { kind: "scalar", resolve: (scalar) => isOne(scalar ?? ""), construct });
  const implicit = [
    plain(
      "null",
      (scalar) => ["", "~", "null", "Null", "NULL"].includes(scalar),
      () => null,
    ),
    plain(
      "bool",
      (scalar) => /^(true|True|TRUE|false|False|FALSE)$/.test(scalar),
      (scalar) => /^t/i.test(scalar),
    ),
    plain(
      "timestamp",
      (scalar) => DATE.test(scalar),
      (scalar) => new Date(scalar),
    ),
    plain("float", (scalar) => parseNumber(scalar) !== undefined, parseNumber),
    plain(
      "merge",
      (scalar) => scalar === "<<",
      () => "<<",
    ),
  ];
  const explicit = [
    new Type(tag("str"), { kind: "scalar", construct: (scalar) => scalar ?? "" }),
    new Type(tag("seq"), { kind: "sequence" }),
    new Type(tag("map"), { kind: "mapping" }),
  ];
  return load(text, { schema: new Schema({ implicit, explicit }) });
}

const DATE = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;
const INTEGER = /^(0x[\da-f]+|0b[01]+|0o?[0-7]+|[1-9]\d*|0)$/i;
const FLOAT = /^(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;

function parseNumber(text: string): number | undefined {
  if (/^[-+]?\.inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^\.nan$/i.test(text)) return Number.NaN;
  const [, sign, digits = ""] = /^([-+]?)([.\d].*)$/s.exec(text.replace(/(?<=.)_/gs, "")) ?? [];
  if (!INTEGER.test(digits) && !FLOAT.test(digits)) return undefined;
  const value = Number(INTEGER.test(digits) ? digits.replace(/^0(?=[0-7])/, "0o") : digits);
  return sign === "-" ? -value : value;
}
