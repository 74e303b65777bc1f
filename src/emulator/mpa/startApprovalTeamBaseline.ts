import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import { approvalTeamArn } from "./approvalTeam";
import { aboutTeam, endSession } from "./session";

/** Asks approvers to show that they can still be reached: each must answer a session of its own. */
export const startApprovalTeamBaseline = operation(
  {
    name: "StartApprovalTeamBaseline",
    route: { method: "POST", path: "/approval-teams/{Arn}/baseline" },
    input: structure({ Arn: approvalTeamArn, ApproverIds: list(string({ min: 1, max: 100 }), { max: 20 }) }, [
      "Arn",
    ]),
  },
  (given, { caller, region, now, cloud }) => {
    const team = cloud.mpa.findTeam(given.Arn, caller);
    const wanted = given.ApproverIds ?? [];
    const asked = team.approvers.filter(
      ({ id, pendingBaselineSessionArn }) =>
        pendingBaselineSessionArn === undefined && (wanted.length === 0 || wanted.includes(id)),
    );
    const session = cloud.mpa.openSession(
      {
        ...aboutTeam(team, caller, region),
        actionName: "mpa:StartApprovalTeamBaseline",
        description: `Baseline of the approval team ${team.name}`,
        cancellable: false,
        approvers: asked,
        minApprovals: asked.length,
        onEnd({ votes }) {
          for (const approver of asked) {
            delete approver.pendingBaselineSessionArn;
            const vote = votes.find(({ approverId }) => approverId === approver.id);
            if (vote?.response === "APPROVED") approver.lastActivity = "BASELINED";
          }
        },
      },
      now,
    );
    for (const approver of asked) approver.pendingBaselineSessionArn = session.arn;
    if (asked.length === 0) endSession(session, "FAILED", now, "ALL_APPROVERS_IN_SESSION");
    return { BaselineSessionArn: session.arn };
  },
);
