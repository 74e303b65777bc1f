import { hasUnknowns } from "../declaration/unknown";
import type { Values } from "../declaration/values";

/**
 * Which of the properties that differ make a change, in words. It is certain once one of them is known: a value that is not
 * known yet may turn out to be the old one.
 */
export function reasonOf(names: readonly string[], inputs: object): { isCertain: boolean; reason: string } {
  const known = names.filter((name) => !hasUnknowns((inputs as Values)[name]));
  const isCertain = known.length > 0;
  const reason = isCertain ? `changed: ${known.join(", ")}` : `not known yet: ${names.join(", ")}`;
  return { isCertain, reason };
}
