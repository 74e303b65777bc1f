import { computedIn, inputsOf } from "../../declaration/arguments";
import { namesWhere, type Properties, type ResourceDeclaration } from "../../declaration/properties";
import { pick, type Values } from "../../declaration/values";

/** A resource's state, without what another front has left in it. */
export const stateOf = ({ inputs, outputs }: ResourceDeclaration, properties: Values): Values =>
  pick(properties, [...Object.keys(inputs), ...Object.keys(outputs)]);

/** The inputs that correspond to a state: what AWS has, not what the last deployment asked for. */
export const knownInputs = (
  declaration: ResourceDeclaration,
  state: Values,
  { oldInputs, news }: { oldInputs: Values; news?: Values },
): Values => inputsOf(declaration, state, computedIn(declaration, oldInputs), news);

/** The outputs that may have more properties than the argument of the same name, such as what members have answered. */
export const richerOutputs = ({ inputs, outputs }: ResourceDeclaration): string[] =>
  namesWhere<Properties>(outputs, ({ type }) => type === "array" || type === "object").filter(
    (name) => name in inputs,
  );
