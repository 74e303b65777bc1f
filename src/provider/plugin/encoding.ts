// Values as Pulumi's protocol encodes them: JSON in which an unknown value is one of some fixed strings, and a secret an
// object with a signature.
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_STRING, UNKNOWN_VALUES } from "../../declaration/markers";
import { isUnknown, type Path, UNKNOWN } from "../../declaration/unknown";
import { mapLeaves, type Values } from "../../declaration/values";
import { Struct } from "../../sdk";

/** Values as lifecycles take them, and where the secrets among them are. */
export interface Decoded {
  values: Values;
  secrets: Path[];
}

export function decode(struct: StructMessage | undefined): Decoded {
  const secrets: Path[] = [];
  const visit = (value: unknown, path: Path): unknown => {
    if (UNKNOWN_VALUES.has(value)) return UNKNOWN;
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== "object") return value;
    const object = value as Values;
    if (object[SIGNATURE_KEY] === SECRET_SIGNATURE) {
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
    isUnknown(leaf) ? UNKNOWN_STRING : leaf instanceof Date ? leaf.toISOString() : leaf,
  );
  const isSecret = new Set(secrets.map(String));
  const visit = (value: unknown, path: Path): unknown => {
    if (isSecret.has(String(path))) return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]),
    );
  };
  return Struct.fromJavaScript(visit(plain, []) as Parameters<typeof Struct.fromJavaScript>[0]);
}
