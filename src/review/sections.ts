import type { Asked, Entry, Review, Sentence } from "./model";
import { code, counted, listed } from "./wording";

export interface Section {
  title: string;
  entries: Entry[];
}

/** What a reviewer reads first comes first. */
export const sectionsOf = ({ access, votes, expiring, destroyed }: Review): Section[] =>
  [
    { title: "Asked for access", entries: access },
    { title: "Votes", entries: votes },
    { title: "Expires soon", entries: expiring },
    { title: "Destroyed and not recoverable", entries: destroyed },
  ].filter(({ entries }) => entries.length > 0);

export const titleOf = ({ stack }: Review, show = (one: string) => one): Sentence =>
  `Who is asked by this change${stack === undefined ? "" : ` to ${show(stack)}`}`;

const NAMED = 5;

/** Everybody who is asked, in one sentence. */
export function headline({ access, votes, quiet }: Review): Sentence {
  const asks = [...access, ...votes, ...quiet].flatMap((entry) => entry.asks);
  const certain = unique(asks.filter(({ isCertain }) => isCertain).map(nameOf));
  const possible = unique(asks.filter(({ isCertain }) => !isCertain).map(nameOf)).filter(
    (name) => !certain.includes(name),
  );
  const sentences = [
    ...(certain.length > 0 ? [`Asks ${summed(certain)}.`] : []),
    ...(possible.length > 0 ? [`May ask ${summed(possible)}.`] : []),
  ];
  return sentences.join(" ") || "Asks nobody.";
}

const unique = (names: string[]): string[] => [...new Set(names)];

const summed = (names: Sentence[]): Sentence =>
  listed(names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} more`] : names);

function nameOf(asked: Asked): Sentence {
  if (asked.who === "anyone") return "anyone who has the link";
  if (asked.who === "customer")
    return asked.account === undefined
      ? "an account that the preview does not show"
      : `account ${code(asked.account)}`;
  if (asked.who === "members") {
    if (asked.team !== undefined)
      return `the members of team ${code(asked.teamName ?? lastPart(asked.team))}`;
    return asked.subject === undefined
      ? "the members of a team that is not known yet"
      : `the members of the team of ${asked.of} ${code(lastPart(asked.subject))}`;
  }
  return asked.people === undefined ? "future members" : listed(asked.people.map(code));
}

/** The name in an ARN. */
const lastPart = (arn: string): string => arn.replace(/^arn:.*[:/]/, "");

/** What is in no section, in one line. */
export function everythingElse({ quiet, others }: Review, limit = quiet.length): Sentence | undefined {
  const parts = quiet.slice(0, limit).map(({ name, text }) => `${code(name)}: ${text}`);
  if (quiet.length > limit) parts.push(`And ${quiet.length - limit} more.`);
  const rest = Object.entries(others).map(([op, count]) => `${count} to ${op}`);
  const total = Object.values(others).reduce((sum, count) => sum + count, 0);
  if (total > 0) parts.push(`${counted(total, "resource")} of other kinds: ${listed(rest)}.`);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

export const failure = ({ errors }: Review): Sentence | undefined =>
  errors.length > 0 ? "The preview failed. This is the part of the change that it processed." : undefined;
