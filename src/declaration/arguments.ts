import { namesWhere, type Properties, type Property, type ResourceDeclaration } from "./properties";
import { pick, type Values } from "./values";

type Declaration = Pick<ResourceDeclaration, "inputs" | "outputs">;

/** The outputs that are kept as inputs too. */
export const trackedNames = ({ outputs }: Declaration): string[] =>
  namesWhere<Properties>(outputs, ({ tracked }) => tracked);

/** The arguments, and the outputs that are kept as inputs too. */
export const inputNames = (declaration: Declaration): string[] => [
  ...Object.keys(declaration.inputs),
  ...trackedNames(declaration),
];

/** The arguments that the program left out and that we or AWS fill in. */
export const computedIn = ({ inputs }: Declaration, given: object): string[] =>
  namesWhere<Properties>(inputs, ({ computed }) => computed).filter(
    (name) => (given as Values)[name] === undefined,
  );

/**
 * The inputs that correspond to a state.
 * @param computed the arguments that the program left out; they are missing, unless `news` gives them
 */
export function inputsOf(
  declaration: Declaration,
  state: object,
  computed: readonly string[],
  news: object = {},
): Values {
  const names = inputNames(declaration).filter(
    (name) => !computed.includes(name) || (news as Values)[name] !== undefined,
  );
  const values = pick(state as Values, names);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, declaredPart(declaration.inputs[name], value)]),
  );
}

/** Without the properties that only an output has, and not the argument of the same name. */
function declaredPart(property: Property | undefined, value: unknown): unknown {
  if (property?.type === "array" && Array.isArray(value))
    return value.map((item) => declaredPart(property.items, item));
  if (property?.type !== "object" || value === null || typeof value !== "object") return value;
  const known = Object.entries(value).filter(([name]) => name in property.properties);
  return Object.fromEntries(
    known.map(([name, inner]) => [name, declaredPart(property.properties[name], inner)]),
  );
}
