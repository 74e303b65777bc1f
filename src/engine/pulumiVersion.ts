import { sdkRequire } from "../sdk";
import { EngineError } from "./errors";

/** The version of Pulumi's engine that this one follows. */
export const PULUMI_VERSION = "3.274.1";

type Operator = "<" | "<=" | ">" | ">=" | "==" | "!=";

/**
 * Checks a range as `requiredPulumiVersion` gives it, such as `>=3.5.0 !3.7.7 || <3.0.0`, against the version that this engine
 * follows. Wildcards such as `3.x`, which Pulumi also reads, are refused.
 *
 * @throws EngineError if the version is not within the range
 */
export function checkPulumiVersion(range: string): void {
  const { cmp, valid } = sdkRequire("semver") as {
    cmp(version: string, operator: Operator, other: string): boolean;
    valid(version: string): string | null;
  };
  const isWithin = (comparator: string) => {
    const [, operator = "", version = ""] = /^(<=|>=|<|>|==|=|!=|!|)(.*)$/.exec(comparator) ?? [];
    if (valid(version) === null) {
      throw new EngineError(
        `the offline engine cannot read the version range "${range}": use comparisons such as >=3.5.0`,
      );
    }
    return cmp(PULUMI_VERSION, OPERATORS[operator] ?? (operator as Operator), version);
  };
  const alternatives = range.split("||").map((all) =>
    all
      .replace(/([<>=!])\s+/g, "$1")
      .trim()
      .split(/\s+/),
  );
  if (!alternatives.some((comparators) => comparators.every(isWithin))) {
    throw new EngineError(
      `version ${PULUMI_VERSION}, which the offline engine follows, is not within "${range}"`,
    );
  }
}

const OPERATORS: Record<string, Operator> = { "": "==", "=": "==", "!": "!=" };
