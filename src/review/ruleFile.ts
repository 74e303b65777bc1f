import { z } from "zod";
import { parseRule, type Rule, RuleError } from "./rules";

const ruleFile = z.strictObject({ failOn: z.array(z.string()) });

/**
 * Reads `{ "failOn": ["renewal", "session-longer-than=4"] }`.
 * @throws RuleError
 */
export function parseRuleFile(text: string): Rule[] {
  const parsed = ruleFile.safeParse(parseJson(text));
  if (!parsed.success) throw new RuleError('the file must be JSON of the form { "failOn": ["renewal", …] }.');
  return parsed.data.failOn.map(parseRule);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
