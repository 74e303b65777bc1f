// Values as Pulumi's protocol encodes them: JSON in which an unknown value is one of some fixed strings, and a secret an
// object with a signature. https://www.pulumi.com/docs/iac/guides/building-extending/providers/
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "../../sdk";
import { isUnknown, type Path, UNKNOWN } from "../unknown";
import { mapLeaves, type Values } from "../values";

/** Values as lifecycles take them, and where the secrets among them are. */
export interface Decoded {
  values: Values;
  secrets: Path[];
}

// Loading the SDK's runtime for these would take longer than everything else.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What stands for an unknown text, truth value, number, list and object. */
const UNKNOWNS = [
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

export function decode(struct: StructMessage | undefined): Decoded {
  const secrets: Path[] = [];
  const visit = (value: unknown, path: Path): unknown => {
    if (UNKNOWNS.includes(value as string)) return UNKNOWN;
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== "object") return value;
    const object = value as Values;
    if (object[SIGNATURE] === SECRET) {
      secrets.push(path);
      return visit(object["value"], path);
    }
    // For Pulumi, null is the same as left out.
    const entries = Object.entries(object).map(
      ([key, inner]) => [key, visit(inner, [...path, key])] as const,
    );
    return Object.fromEntries(entries.filter(([, inner]) => inner !== null));
  };
  return { values: visit(struct?.toJavaScript() ?? {}, []) as Values, secrets };
}

/** @param secrets where secrets are, if there is a value */
export function encode(values: object, secrets: readonly Path[] = []): StructMessage {
  const plain = mapLeaves(values, (leaf) =>
    isUnknown(leaf) ? UNKNOWN_TEXT : leaf instanceof Date ? leaf.toISOString() : leaf,
  );
  const isSecret = new Set(secrets.map(String));
  const visit = (value: unknown, path: Path): unknown => {
    if (isSecret.has(String(path))) return { [SIGNATURE]: SECRET, value };
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]),
    );
  };
  return Struct.fromJavaScript(visit(plain, []) as Parameters<typeof Struct.fromJavaScript>[0]);
}
