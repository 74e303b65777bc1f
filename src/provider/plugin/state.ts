import type { ResourceDeclaration } from "../properties";
import { pick, type Values } from "../values";

/** A resource's state, without what another front has left in it. */
export const stateOf = ({ inputs, outputs }: ResourceDeclaration, properties: Values): Values =>
  pick(properties, [...Object.keys(inputs), ...Object.keys(outputs)]);
