import type { Binding } from "../resources/binding/lifecycle";
import { describeReplacement, isOpen, mayAdopt, type ResourceChange } from "./change";
import type { Asked, Detail, Sentence } from "./model";
import type { Reviewed } from "./reviewer";
import { code, known, REFUSED, RETAINED, show } from "./wording";

/** Which team votes about what it protects, and who votes about that. */
export const bindingReviewer =
  ({ noun, names }: Binding) =>
  (change: ResourceChange): Reviewed => {
    const { op, news, state, changed } = change;
    const protectedBy = (values: Record<string, unknown>): Sentence =>
      `${noun} ${show(values[names.target])}`;
    const wanted = show(news[names.team]);
    const present = show(state[names.team]);
    const asked = (
      values: Record<string, unknown>,
      isCertain: boolean,
      team = known(values[names.team]),
    ): Asked => ({
      ...{ who: "members", isCertain, team, of: `the ${noun}` },
      subject: known(values[names.target]),
    });
    const pending = known(state[names.pendingTeam]);
    /** Who decides about a change, which is another team once a vote that the state does not know of has ended. */
    const deciders = (isCertain: boolean): Asked[] => [
      asked(state, isCertain && pending === undefined),
      ...(pending === undefined ? [] : [asked(state, false, pending)]),
    ];
    const underWay: Detail[] =
      pending === undefined
        ? []
        : [
            {
              text: `A vote on team ${code(pending)} is in progress. If the team has been approved since the last refresh, the members of that team decide.`,
            },
          ];
    const binds = `From now on, team ${wanted} decides about ${protectedBy(news)}.`;
    // The team of a new binding is not the one that votes.
    const adopted = mayAdopt(change) ? [asked({ [names.target]: news[names.target] }, false)] : [];
    const adoption: Detail[] =
      adopted.length > 0
        ? [{ text: `If the ${noun} has another team, the members of that team vote on it.` }]
        : [];
    if (op === "create") return { votes: { text: binds, details: adoption, asks: adopted } };
    // What a preview does not show may turn out to be the same: then it is no replacement, but may be another team.
    const isOther = op !== "replace" || !isOpen(change, change.replaceKeys);
    const otherwise: Detail[] = isOther
      ? []
      : [
          {
            text: `If the ${noun} turns out to be the same, the members of its team may have to vote on another team.`,
          },
        ];
    if (op === "replace" && change.old?.isRetained)
      return {
        votes: {
          text: binds,
          details: [...adoption, { text: RETAINED }, ...otherwise],
          asks: [...(isOther ? [] : deciders(false)), ...adopted],
        },
      };
    if (op === "replace" || op === "delete") {
      const lost = `the members of team ${present} ${isOther ? "vote" : "may have to vote"} on removing the team from ${protectedBy(state)}`;
      const first = op === "replace" ? `${binds} ${capitalized(describeReplacement(change))}: ` : "";
      return {
        votes: {
          text: `${first}${first ? lost : capitalized(lost)}.`,
          details: [...underWay, ...(op === "replace" ? adoption : []), ...otherwise],
          asks: [...deciders(isOther), ...(op === "replace" ? adopted : [])],
        },
        destroyed: {
          text: `${capitalized(protectedBy(state))} ${isOther ? "loses" : "may lose"} its team once the members approve.`,
        },
      };
    }
    const differs = state[names.team] !== news[names.team];
    if (!changed.has(names.team) && !(differs && changed.has("generation"))) {
      const text = `Nobody is asked, unless somebody has changed the team of the ${noun} since the last refresh: then the members of its current team vote.`;
      return { quiet: { text, asks: deciders(false) } };
    }
    const isCertain = !isOpen(change, [names.team]);
    const isRefused = state[names.refusedTeam] !== undefined && state[names.refusedTeam] === news[names.team];
    const isSameGeneration =
      !isOpen(change, ["generation"]) && String(state["generation"]) === String(news["generation"]);
    if (isCertain && isRefused && isSameGeneration)
      return { quiet: { text: `Nobody is asked about ${protectedBy(news)}: ${REFUSED}` } };
    const again = changed.has("generation") ? `, again (${code("generation")})` : "";
    const text = `The members of team ${present} ${isCertain ? "vote" : "may have to vote"} on another team for ${protectedBy(news)}${again}: ${wanted}.`;
    const notes = change.notes.map((note) => ({ text: capitalized(code(note).slice(1, -1)) }));
    return {
      votes: { text, details: [...comment(change), ...underWay, ...notes], asks: deciders(isCertain) },
    };
  };

const capitalized = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

/** What the members read. */
export const comment = ({ news: { requesterComment } }: ResourceChange): Detail[] =>
  requesterComment === undefined ? [] : [{ text: `Comment for the members: ${show(requesterComment)}` }];
