import type { PropertyMap, PropertyValue } from "../../engine";

/** What SNS and SQS call a property. */
export type AttributeNames = Readonly<Record<string, string>>;

/** The attributes of those of the properties that are set. */
export function attributesOf(names: AttributeNames, properties: PropertyMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([property, name]) => {
      const value = properties[property];
      return value === undefined || value === null ? [] : [[name, textOf(value)]];
    }),
  );
}

/** The attributes that change when the properties do; one that is no longer set gets its default, or becomes empty. */
export function changedAttributes(
  names: AttributeNames,
  olds: PropertyMap,
  news: PropertyMap,
  defaults: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [before, after] = [attributesOf(names, olds), attributesOf(names, news)];
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => before[name] !== after[name])
      .map((name) => [name, after[name] ?? defaults[name] ?? ""]),
  );
}

/** The properties as they are in AWS: those that are set, in the form that they were set in, as far as AWS returns them. */
export function propertiesNow(
  names: AttributeNames,
  properties: PropertyMap,
  attributes: Readonly<Record<string, string>>,
): PropertyMap {
  const now = Object.entries(names).flatMap(([property, name]) => {
    const [known, text] = [properties[property], attributes[name]];
    const isKnown = known !== undefined && known !== null && text !== undefined;
    return isKnown ? [[property, likeBefore(known, text)] as const] : [];
  });
  return { ...properties, ...Object.fromEntries(now) };
}

const textOf = (value: PropertyValue): string => (typeof value === "string" ? value : JSON.stringify(value));

function likeBefore(known: PropertyValue, text: string): PropertyValue {
  if (typeof known === "boolean") return text === "true";
  if (typeof known === "number") return Number(text);
  return sameJson(textOf(known), text) ? known : text;
}

/** AWS gives a policy back in a spelling of its own. */
function sameJson(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
