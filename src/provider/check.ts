import { trackedNames } from "../declaration/arguments";
import type { Properties } from "../declaration/properties";
import { type CheckFailure, validate } from "../declaration/validate";
import { omit, type Values } from "../declaration/values";
import type { Lifecycle } from "./lifecycle";
import { ignoredTagFailures, type TagSettings, withDefaultTags } from "./tags";

interface Check {
  /** The inputs of the last deployment; undefined for a new resource. */
  olds: Values | undefined;
  news: Values;
  /** What the configuration says of tags. */
  tags: TagSettings;
  /** What the program may give: the declared arguments, and those that a front adds. */
  accepted?: Properties;
}

/**
 * Checks inputs by the declaration, then by the lifecycle's own rules, which may add inputs. The default tags of the
 * configuration are added before.
 */
export function checkInputs<Inputs extends object, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  { olds, news, tags, accepted = lifecycle.declaration.inputs }: Check,
): { inputs: object; failures: CheckFailure[]; warnings?: string[] } {
  const { declaration } = lifecycle;
  const given = withDefaultTags(declaration.inputs, omit(news, trackedNames(declaration)), tags);
  const failures = [...validate(accepted, given), ...ignoredTagFailures(given, tags)];
  const ofFront = Object.keys(accepted).filter((name) => !(name in declaration.inputs));
  const inputs = omit(given, ofFront);
  if (failures.length > 0 || !lifecycle.check) return { inputs, failures };
  return lifecycle.check({ olds: olds as Inputs | undefined, inputs: inputs as Inputs });
}

/** The engine prints the value of the property that a failure names, even a secret one, but only the text of the reason. */
export const withoutProperty = ({ property, reason }: CheckFailure): CheckFailure => ({
  property: "",
  reason: `${property}: ${reason}`,
});
