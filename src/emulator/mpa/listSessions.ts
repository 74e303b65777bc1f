import { operation } from "../operation";
import { pageOf } from "../page";
import { list, string, structure, type ValueOf } from "../shapes";
import { approvalTeamArn } from "./approvalTeam";
import { PAGE } from "./page";
import { flattenSessionSummary, type Session } from "./session";

const filter = structure(
  {
    FieldName: string({
      enum: ["ActionName", "ApprovalTeamName", "VotingTime", "Vote", "SessionStatus", "InitiationTime"],
    }),
    Operator: string({
      enum: ["EQ", "NE", "GT", "LT", "GTE", "LTE", "CONTAINS", "NOT_CONTAINS", "BETWEEN"],
    }),
    Value: string({ max: 1000 }),
  },
  [],
);

/** The newest first. */
export const listSessions = operation(
  {
    name: "ListSessions",
    route: { method: "POST", path: "/approval-teams/{ApprovalTeamArn}/sessions/", flag: "List" },
    input: structure({ ApprovalTeamArn: approvalTeamArn, ...PAGE, Filters: list(filter, { max: 10 }) }, [
      "ApprovalTeamArn",
    ]),
  },
  (given, { caller, cloud }) => {
    const team = cloud.mpa.findTeam(given.ApprovalTeamArn, caller);
    const sessions = [...cloud.mpa.sessions.values()]
      .filter(
        (session) => session.team === team && (given.Filters ?? []).every((one) => passes(session, one)),
      )
      .reverse();
    const { items, nextToken } = pageOf(sessions, given);
    return { NextToken: nextToken, Sessions: items.map(flattenSessionSummary) };
  },
);

type Filter = ValueOf<typeof filter>;

function passes(session: Session, { FieldName, Operator = "EQ", Value = "" }: Filter): boolean {
  if (FieldName === undefined) return true;
  const values = VALUES[FieldName](session);
  if (Operator === "NE" || Operator === "NOT_CONTAINS") {
    return !values.some((value) => COMPARISONS[Operator === "NE" ? "EQ" : "CONTAINS"](value, Value));
  }
  return values.some((value) => COMPARISONS[Operator](value, Value));
}

/** Times as ISO 8601, which sorts as text. */
const VALUES: Readonly<Record<NonNullable<Filter["FieldName"]>, (session: Session) => string[]>> = {
  ActionName: ({ actionName }) => [actionName],
  ApprovalTeamName: ({ team }) => [team.name],
  SessionStatus: ({ status }) => [status],
  InitiationTime: ({ initiationTime }) => [initiationTime.toISOString()],
  Vote: ({ votes }) => votes.map(({ response }) => response),
  VotingTime: ({ votes }) => votes.flatMap(({ responseTime }) => responseTime?.toISOString() ?? []),
};

const COMPARISONS: Readonly<
  Record<Exclude<NonNullable<Filter["Operator"]>, "NE" | "NOT_CONTAINS">, (a: string, b: string) => boolean>
> = {
  EQ: (a, b) => a === b,
  GT: (a, b) => a > b,
  LT: (a, b) => a < b,
  GTE: (a, b) => a >= b,
  LTE: (a, b) => a <= b,
  CONTAINS: (a, b) => a.includes(b),
  BETWEEN(a, b) {
    const [from = "", to = from] = b.split(",");
    return a >= from && a <= to;
  },
};
