import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, structure } from "../shapes";
import { approvalTeamArn, clearCode, discardDraft, later, WINDOW_MS } from "./approvalTeam";
import { conflict } from "./errors";
import { aboutTeam } from "./session";

const DAY_MS = 86_400_000;

/** A session of the team decides about it. Then the pending window passes, and the team is gone. */
export const startActiveApprovalTeamDeletion = operation(
  {
    name: "StartActiveApprovalTeamDeletion",
    route: { method: "POST", path: "/approval-teams/{Arn}", flag: "Delete" },
    input: structure({ Arn: approvalTeamArn, PendingWindowDays: integer() }, ["Arn"]),
  },
  (given, { caller, region, now, cloud }) => {
    const days = given.PendingWindowDays ?? cloud.settings.approvalTeamDeletion.windowDays ?? 0;
    if (days < 0) throw new AwsError("ValidationException", 400, "PendingWindowDays must not be negative");
    const team = cloud.mpa.findTeam(given.Arn, caller);
    if (team.status !== "ACTIVE") throw conflict(`The approval team is ${team.status}, not ACTIVE`);
    if (/_PENDING_/.test(team.statusCode ?? "")) throw conflict(`The approval team is ${team.statusCode}`);
    discardDraft(team);
    team.session = cloud.mpa.openSession(
      {
        ...aboutTeam(team, caller, region),
        actionName: "mpa:StartActiveApprovalTeamDeletion",
        description: `Delete the approval team ${team.name}`,
        cancellable: true,
        onEnd({ status, statusCode }, at) {
          clearCode(team);
          if (status === "APPROVED") {
            team.status = "DELETING";
            team.due = { at: later(at, days * DAY_MS), event: "deleted" };
          } else if (status === "FAILED") {
            team.statusCode = "DELETE_FAILED_APPROVAL";
            team.statusMessage = `The session ended: ${statusCode}`;
          }
        },
      },
      now,
    );
    team.statusCode = "DELETE_PENDING_APPROVAL";
    return { DeletionStartTime: now, DeletionCompletionTime: later(now, WINDOW_MS + days * DAY_MS) };
  },
);
