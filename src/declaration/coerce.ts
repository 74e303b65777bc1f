import type { Properties, Property } from "./properties";

/**
 * The value in its declared type where only the notation is another: `pulumi config set --path` and YAML take texts that
 * look like numbers or booleans for such, an account id among them.
 */
export function coerce(property: Property, value: unknown): unknown {
  switch (property.type) {
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    case "boolean":
      return value === "true" ? true : value === "false" ? false : value;
    case "integer":
      return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    case "array":
      return Array.isArray(value) ? value.map((item) => coerce(property.items, item)) : value;
    case "map":
      return mapObject(value, () => property.values);
    case "object":
      return mapObject(value, (name) => property.properties[name]);
    default:
      return value;
  }
}

/** Coerces the values of declared properties. */
export const coerceProperties = (properties: Properties, values: object): Record<string, unknown> =>
  mapObject(values, (name) => properties[name]) as Record<string, unknown>;

function mapObject(value: unknown, propertyOf: (name: string) => Property | undefined): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const property = propertyOf(name);
      return [name, property ? coerce(property, inner) : inner];
    }),
  );
}
