import {
  holdsSecret,
  namesWhere,
  type Properties,
  type Property,
  propertyOf,
  type ResourceDeclaration,
} from "../../declaration/properties";
import type { Path } from "../../declaration/unknown";

/**
 * Where the secrets of a state are: where those of its inputs are, and in the outputs that contain a secret argument. AWS
 * may return a set in another order, so all of one with a secret is secret.
 */
export function secretsOfState(
  { inputs, outputs }: ResourceDeclaration,
  inputSecrets: readonly Path[],
): Path[] {
  const secretArguments = inputSecrets.map(([name]) => name);
  const containing = namesWhere<Properties>(
    outputs,
    ({ secretWith }) => secretWith !== undefined && secretArguments.includes(secretWith),
  );
  const ofInputs = inputSecrets.map((path) => upToSet({ type: "object", properties: inputs }, path));
  return [...ofInputs, ...containing.map((name) => [name])];
}

/** The path, or that of the outermost set on it. */
function upToSet(property: Property | undefined, path: Path): Path {
  const [key, ...rest] = path;
  if (key === undefined || (property?.type === "array" && property.uniqueItems)) return [];
  return [key, ...upToSet(property && propertyOf(property, key), rest)];
}

/** Where the properties are that are secret whatever the program says. */
export const declaredSecrets = (properties: Properties): Path[] =>
  namesWhere(properties, holdsSecret).map((name) => [name]);
