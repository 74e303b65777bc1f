import { namesWhere, type Properties, type ResourceDeclaration } from "./properties";
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
  return pick(state as Values, names);
}
