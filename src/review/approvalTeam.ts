import { isRefused, updatable } from "../resources/mpa/approvalTeam/state";
import {
  changesIn,
  describeChanges,
  describeReplacement,
  isOpen,
  mayAdopt,
  quotedNames,
  type ResourceChange,
} from "./change";
import type { Asked, Detail, Sentence } from "./model";
import type { Reviewed } from "./reviewer";
import { code, known, listed, REFUSED, RETAINED, show, valueAt } from "./wording";

const UPDATABLE = Object.keys(updatable);

/** Whose votes a step of a team changes, and whom it asks about that. */
export function reviewApprovalTeam(change: ResourceChange): Reviewed {
  switch (change.op) {
    case "create":
      return { votes: created(change) };
    case "replace":
      return replaced(change);
    case "delete":
      return {
        votes: { text: deletion(change), asks: deletionVotes(change) },
        destroyed: {
          text: ending(change, "Without it, nobody can approve the operations that it protects."),
        },
      };
    default:
      return updated(change);
  }
}

function created(change: ResourceChange) {
  const { news } = change;
  const adoption = adoptionOf(change);
  return {
    text: `${peopleOf(news["approvers"])} ${areIs(news["approvers"])} invited to team ${teamName(news)}. ${decides(news)}`,
    details: [...policyDetails(news), ...adoption.details],
    asks: [invited(news["approvers"]), ...adoption.asks],
  };
}

/** What a new team asks in place of that when it turns out to be there already. */
function adoptionOf(change: ResourceChange): { asks: Asked[]; details: Detail[] } {
  const { name, news } = change;
  if (!mayAdopt(change)) return { asks: [], details: [] };
  const text =
    "If a team with this name already exists, it is adopted. Its members vote if it differs, and are not invited again.";
  const named = known(news["name"]);
  const unnamed = isOpen(change, ["name"])
    ? { of: "a name that is not shown" }
    : { of: "the generated name of", subject: name };
  const team = named === undefined ? unnamed : { team: named };
  return { asks: [{ who: "members", ...team, isCertain: false }], details: [{ text }] };
}

function replaced(change: ResourceChange): Reviewed {
  const { news, state, replaceKeys, old } = change;
  const isCertain = !isOpen(change, replaceKeys);
  const adoption = adoptionOf(change);
  const changes = `${quotedNames(replaceKeys)} ${replaceKeys.length > 1 ? "change" : "changes"}`;
  const why = changesIn(change, replaceKeys).length > 0 ? changes : describeReplacement(change);
  const who = peopleOf(news["approvers"]);
  const text = isCertain
    ? `Another team replaces ${teamName(state)} (${why}): ${who} ${areIs(news["approvers"])} invited.`
    : `Another team may replace ${teamName(state)} (if ${why}): then ${who} ${areIs(news["approvers"])} invited.`;
  const otherwise = "If it is not replaced, its members may have to vote on a change of it.";
  const condition = isCertain ? "" : "If it is replaced: ";
  const isRetained = old?.isRetained ?? false;
  const votes = {
    text: `${text} ${decides(news)}`,
    details: [
      ...policyDetails(news),
      ...beforeDetails(change),
      ...adoption.details,
      { text: isRetained ? RETAINED : `${condition}${deletion(change)}` },
      ...(isCertain ? [] : [{ text: otherwise }]),
    ],
    asks: [
      invited(news["approvers"], isCertain),
      ...adoption.asks,
      ...(isCertain ? (isRetained ? [] : deletionVotes(change)) : [members(state, false)]),
    ],
  };
  if (isRetained) return { votes };
  return { votes, destroyed: { text: `${condition}${ending(change, "Another team replaces it.")}` } };
}

function updated(change: ResourceChange): Reviewed {
  const { news, olds, state } = change;
  const asked = UPDATABLE.filter((name) => change.changed.has(name));
  if (asked.length === 0) {
    const asks: Asked[] = [members(state, false)];
    return {
      quiet: {
        text: "Nobody is asked, unless somebody has changed the team outside of Pulumi since the last refresh: then its members vote on changing it back.",
        asks,
      },
    };
  }
  // A value that is not shown may be another one than was refused.
  const areShown = ![...UPDATABLE, "generation"].some((name) => isOpen(change, [name]));
  if (areShown && isRefused(state, news))
    return { quiet: { text: `Nobody is asked about team ${teamName(state)}: ${REFUSED}` } };
  const [before, after] = [people(olds["approvers"]), people(news["approvers"])];
  const joining = after?.filter((person) => !before?.includes(person));
  const leaving = before?.filter((person) => !after?.includes(person)) ?? [];
  const changes = [
    ...(joining === undefined && asked.includes("approvers")
      ? [`who is a member: ${show(news["approvers"])}`]
      : []),
    ...(joining?.length ? [`${quotedNames(joining)} ${joining.length > 1 ? "join" : "joins"}`] : []),
    ...(leaving.length && after
      ? [`${quotedNames(leaving)} ${leaving.length > 1 ? "leave" : "leaves"}`]
      : []),
    ...(changesIn(change, ["approvalStrategy"]).length > 0
      ? [`approvals needed from ${threshold(olds)} to ${threshold(news)}`]
      : []),
    ...(asked.includes("description") ? [describeChanges(change, ["description"])] : []),
  ];
  const isCertain = !isOpen(change, asked);
  const asks: Asked[] = [members(state, isCertain)];
  if (joining === undefined || joining.length > 0)
    asks.push({ who: "invited", people: joining, isCertain: false });
  const text = `The members of team ${teamName(state)} ${isCertain ? "vote" : "may have to vote"} on a change of it: ${changes.join("; ")}.`;
  const notes = change.notes.map((note) => ({ text: capitalized(note) }));
  const invitation = joining?.length
    ? [{ text: `If they agree, ${quotedNames(joining)} ${joining.length > 1 ? "are" : "is"} invited.` }]
    : [];
  return {
    votes: {
      text,
      details: [...invitation, { text: `Members now: ${peopleOf(state["approvers"])}.` }, ...notes],
      asks,
    },
  };
}

const capitalized = (text: string): Sentence =>
  code(text)
    .slice(1, -1)
    .replace(/^./, (first) => first.toUpperCase());

/** Members are asked about the deletion of a team that works, or that may work by now. */
function deletionVotes({ state }: ResourceChange): Asked[] {
  const { status } = state;
  if (status === "INACTIVE" || status === "DELETING") return [];
  return [members(state, status === "ACTIVE")];
}

function deletion({ state }: ResourceChange): Sentence {
  const team = `team ${teamName(state)}`;
  const who = `${peopleOf(state["approvers"])}`;
  switch (state["status"]) {
    case "INACTIVE":
      return `The deletion of ${team} asks nobody, because the team was never active.`;
    case "DELETING":
      return `The deletion of ${team} is in progress.`;
    case "ACTIVE":
      return state["statusCode"] === "DELETE_PENDING_APPROVAL"
        ? `The members of ${team} are already voting on its deletion: ${who}.`
        : `The members of ${team} vote on its deletion: ${who}.`;
    default:
      return `The deletion of ${team} asks nobody, unless all of ${who} have accepted since the last refresh: then they vote on it.`;
  }
}

const ending = ({ state }: ResourceChange, consequence: Sentence): Sentence =>
  `Team ${teamName(state)} is deleted${state["status"] === "ACTIVE" ? " once its members approve" : ""}. ${consequence}`;

const members = ({ arn, name }: Record<string, unknown>, isCertain: boolean): Asked => ({
  ...{ who: "members", isCertain },
  team: known(arn),
  teamName: known(name),
});

const invited = (approvers: unknown, isCertain = true): Asked => ({
  ...{ who: "invited", isCertain },
  people: people(approvers),
});

const teamName = ({ name }: Record<string, unknown>): Sentence =>
  name === undefined ? "with a generated name" : show(name);

/** The user ids of a team's members; undefined when the preview does not show all of them. */
function people(approvers: unknown): string[] | undefined {
  if (!Array.isArray(approvers)) return undefined;
  const ids = approvers.map((one) => known(valueAt(one, ["primaryIdentityId"])));
  return ids.includes(undefined) ? undefined : (ids as string[]);
}

const peopleOf = (approvers: unknown): Sentence => {
  if (!Array.isArray(approvers)) return `People (${show(approvers)})`;
  return listed(approvers.map((one) => show(valueAt(one, ["primaryIdentityId"]))));
};

const areIs = (approvers: unknown) => (Array.isArray(approvers) && approvers.length === 1 ? "is" : "are");

/** How many have to approve. */
export const threshold = ({ approvalStrategy }: Record<string, unknown>): Sentence =>
  show(valueAt(approvalStrategy, ["mOfN", "minApprovalsRequired"]));

const decides = (news: Record<string, unknown>): Sentence => {
  const { approvers } = news;
  const of = Array.isArray(approvers) ? ` of ${code(String(approvers.length))}` : "";
  return `${threshold(news)}${of} must approve.`;
};

function policyDetails({ policies }: Record<string, unknown>): Detail[] {
  const shown = Array.isArray(policies)
    ? listed(policies.map((one) => show(valueAt(one, ["policyArn"]))))
    : show(policies);
  return [{ text: `Decides about: ${shown}` }];
}

const beforeDetails = ({ changed, olds }: ResourceChange): Detail[] =>
  changed.has("policies") ? policyDetails(olds).map(({ text }) => ({ text: `Until now: ${text}` })) : [];
