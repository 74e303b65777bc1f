import { formatDuration } from "../duration";
import { threshold } from "./approvalTeam";
import { isOpen, mayAdopt, type ResourceChange } from "./change";
import { mayBeRenewed } from "./delegationRequest";
import { type Finding, RULES, type RuleName, type Sentence } from "./model";
import { code, plain, show } from "./wording";

/** A rule that a deployment must keep. Only `session-longer-than` has a limit, in hours. */
export interface Rule {
  name: RuleName;
  hours?: number;
}

export class RuleError extends Error {
  override readonly name = "RuleError";
}

/**
 * Reads `renewal,session-longer-than=4`.
 * @throws RuleError
 */
export function parseRules(text: string): Rule[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) throw new RuleError("there is no rule in it.");
  return parts.map(parseRule);
}

export function parseRule(text: string): Rule {
  const [name = "", ...limits] = text.split("=");
  const limit = limits.length > 0 ? limits.join("=") : undefined;
  if (!Object.hasOwn(RULES, name))
    throw new RuleError(`there is no rule of that name. The rules are ${Object.keys(RULES).join(", ")}.`);
  if (name !== "session-longer-than") {
    if (limit !== undefined) throw new RuleError(`${name} has no limit.`);
    return { name: name as RuleName };
  }
  const hours = Number(limit);
  if (limit === undefined || !(hours > 0))
    throw new RuleError("session-longer-than needs a number of hours: session-longer-than=4.");
  return { name, hours };
}

/** The rules that a change goes against. */
export function findingsOf(change: ResourceChange, rules: readonly Rule[]): Finding[] {
  return rules.flatMap((rule) => {
    const message = CHECKS[rule.name](change, rule);
    return message === undefined
      ? []
      : [{ rule: rule.name, urn: change.urn, name: plain(change.name), message }];
  });
}

type Check = (change: ResourceChange, rule: Rule) => Sentence | undefined;

const isAsked = (change: ResourceChange): boolean =>
  change.resource === "delegationRequest" &&
  (change.op === "create" || change.op === "replace" || mayBeRenewed(change));

const CHECKS: Readonly<Record<RuleName, Check>> = {
  renewal: (change) => {
    const others = change.replaceKeys.filter((name) => name !== "state");
    const isRenewal =
      change.replaceKeys.length > others.length && others.every((name) => isOpen(change, [name]));
    if (!isAsked(change) || !(isRenewal || mayBeRenewed(change))) return undefined;
    return `The customer ${isRenewal ? "is" : "may be"} asked again, because the previous request is ${show(change.state["state"])}.`;
  },
  "session-longer-than": (change, { hours = 0 }) => {
    const { sessionDuration } = change.news;
    if (!isAsked(change) || (typeof sessionDuration === "number" && sessionDuration <= hours * 3600))
      return undefined;
    const lasts =
      typeof sessionDuration === "number"
        ? `is ${formatDuration(sessionDuration * 1000)}`
        : `is ${show(sessionDuration)}`;
    return `${code("sessionDuration")} ${lasts}; at most ${formatDuration(hours * 3_600_000)} is allowed.`;
  },
  "missing-owner": (change) =>
    isAsked(change) && change.news["ownerAccountId"] === undefined
      ? `${code("ownerAccountId")} is missing: anyone who has the link can claim the request.`
      : undefined,
  "threshold-lowered": ({ resource, op, olds, news }) => {
    if (resource !== "approvalTeam" || (op !== "update" && op !== "replace")) return undefined;
    const [before, after] = [minimum(olds), minimum(news)];
    if (before !== undefined && after !== undefined && after >= before) return undefined;
    const isKnown = before !== undefined && after !== undefined;
    return `Fewer members ${isKnown ? "must" : "may have to"} approve: from ${threshold(olds)} to ${threshold(news)}.`;
  },
  "unprotected-replacement": ({ resource, op, old }) =>
    resource === "approvalTeam" && op === "replace" && !old?.isProtected
      ? `The team is replaced. The option ${code("protect")} would prevent that.`
      : undefined,
  adoption: (change) => {
    const { op } = change;
    if (op === "import") return "An existing resource is imported.";
    const adopts = (op === "create" || op === "replace") && mayAdopt(change);
    return adopts ? `An existing resource is, or may be, adopted (${code("adopt")}).` : undefined;
  },
};

function minimum({ approvalStrategy }: Record<string, unknown>): number | undefined {
  const { minApprovalsRequired } = Object(Object(approvalStrategy).mOfN);
  return typeof minApprovalsRequired === "number" ? minApprovalsRequired : undefined;
}
