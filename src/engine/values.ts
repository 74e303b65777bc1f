import { runtime } from "@pulumi/pulumi";
import { Struct } from "../sdk";

/**
 * A property value in the encoding of Pulumi's protocol: JSON in which an unknown value is a fixed string, and secrets,
 * resource references and output values are objects with a signature.
 */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
/** Property values by name. */
export interface PropertyMap {
  [key: string]: PropertyValue;
}

export const UNKNOWN: string = runtime.unknownValue;
export const SIGNATURE_KEY: string = runtime.specialSigKey;
export const SECRET_SIGNATURE: string = runtime.specialSecretSig;

export interface Secret extends PropertyMap {
  value: PropertyValue;
}

export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An ordinary object, not one of the protocol's objects with a signature. */
export function isPlainObject(value: PropertyValue | undefined): value is PropertyMap {
  return isObject(value) && value[SIGNATURE_KEY] === undefined;
}

export function isSecret(value: PropertyValue | undefined): value is Secret {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

export function makeSecret(value: PropertyValue): PropertyValue {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: unwrapSecrets(value) };
}

/** Rebuilds a value bottom-up; `visit` is called with every value after its children. */
export function rebuild(value: PropertyValue, visit: (value: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    return visit(value.map((element) => rebuild(element, visit)));
  }
  return visit(isObject(value) ? mapValues(value, (child) => rebuild(child, visit)) : value);
}

export function mapValues(map: PropertyMap, change: (value: PropertyValue) => PropertyValue): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function someValue(value: PropertyValue, test: (value: PropertyValue) => boolean): boolean {
  if (test(value)) {
    return true;
  }
  const children = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return children.some((child) => someValue(child, test));
}

export const containsSecrets = (value: PropertyValue): boolean => someValue(value, isSecret);
export const containsUnknowns = (value: PropertyValue): boolean => someValue(value, (v) => v === UNKNOWN);

export function unwrapSecrets(value: PropertyValue): PropertyValue {
  return rebuild(value, (v) => (isSecret(v) ? v.value : v));
}

/** Replaces secrets by their values and resource references by ids (or URNs, for components). */
export function plainForProvider(map: PropertyMap): PropertyMap {
  return mapValues(map, (value) =>
    rebuild(value, (v) => {
      if (isSecret(v)) {
        return v.value;
      }
      if (isObject(v) && v[SIGNATURE_KEY] === runtime.specialResourceSig) {
        return v["id"] === undefined ? (v["urn"] ?? null) : v["id"] || UNKNOWN;
      }
      return v;
    }),
  );
}

/**
 * Converts a program's values to those in the state: output values become plain, unknown or secret values, and resource
 * references always get a package version, as in Pulumi, even if it is empty.
 */
export function reduceOutputValues(map: PropertyMap): PropertyMap {
  return mapValues(map, (value) =>
    rebuild(value, (v) => {
      if (isObject(v) && v[SIGNATURE_KEY] === runtime.specialResourceSig) {
        return { packageVersion: "", ...v };
      }
      if (!isObject(v) || v[SIGNATURE_KEY] !== runtime.specialOutputValueSig) {
        return v;
      }
      const inner = v["value"] ?? (Object.hasOwn(v, "value") ? null : UNKNOWN);
      return v["secret"] === true ? makeSecret(inner) : inner;
    }),
  );
}

export function containsAssets(map: PropertyMap): boolean {
  const signatures: PropertyValue[] = [runtime.specialAssetSig, runtime.specialArchiveSig];
  return someValue(map, (v) => isObject(v) && signatures.includes(v[SIGNATURE_KEY] ?? null));
}

/**
 * Marks values in a provider's response as secret if the value of the same name in `ins` contains a secret. Objects are
 * compared key by key; an array becomes secret as a whole, because providers may reorder it.
 */
export function annotateSecrets(outs: PropertyMap, ins: PropertyMap): PropertyMap {
  const annotated: PropertyMap = { ...outs };
  for (const [key, input] of Object.entries(ins)) {
    const output = outs[key];
    if (output === undefined) {
      continue;
    }
    if (isPlainObject(output) && isPlainObject(input)) {
      annotated[key] = annotateSecrets(output, input);
    } else if (!isSecret(output) && containsSecrets(input)) {
      annotated[key] = makeSecret(output);
    }
  }
  return annotated;
}

export function deepEqual(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => deepEqual(element, b[index]));
  }
  return isObject(a) && isObject(b) && allKeys(a, b).every((key) => deepEqual(a[key], b[key]));
}

function allKeys(a: PropertyMap, b: PropertyMap): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

/** The top-level keys in which two property maps differ, sorted. Null equals absent, and a secret equals its value. */
export function changedKeys(olds: PropertyMap, news: PropertyMap): string[] {
  const plainOlds = mapValues(olds, unwrapSecrets);
  const plainNews = mapValues(news, unwrapSecrets);
  return allKeys(plainOlds, plainNews).filter((key) => differs(plainOlds[key], plainNews[key]));
}

function differs(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === undefined || a === null || b === undefined || b === null) {
    return (a ?? null) !== (b ?? null);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length !== b.length || a.some((element, index) => differs(element, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    return allKeys(a, b).some((key) => differs(a[key], b[key]));
  }
  return a !== b;
}

export function toStruct(map: PropertyMap) {
  return Struct.fromJavaScript(map);
}

export function fromStruct(struct: InstanceType<typeof Struct> | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}
