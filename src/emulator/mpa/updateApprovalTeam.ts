import { randomUUID } from "node:crypto";
import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import {
  approvalTeamArn,
  approveDraft,
  approversOf,
  discardDraft,
  failDraft,
  minApprovalsOf,
  type TeamDraft,
  teamMembers,
} from "./approvalTeam";
import { conflict } from "./errors";
import { aboutTeam } from "./session";

/** The change becomes a draft, and a session of the team decides about it. A draft that has failed makes room. */
export const updateApprovalTeam = operation(
  {
    name: "UpdateApprovalTeam",
    route: { method: "PATCH", path: "/approval-teams/{Arn}" },
    input: structure(
      {
        Arn: approvalTeamArn,
        ...teamMembers,
        UpdateActions: list(string({ enum: ["SYNCHRONIZE_MFA_DEVICES"] }), { max: 100 }),
      },
      ["Arn"],
    ),
  },
  (given, { caller, region, now, cloud }) => {
    const { mpa } = cloud;
    const team = mpa.findTeam(given.Arn, caller);
    if (team.status !== "ACTIVE") throw conflict(`The approval team is ${team.status}, not ACTIVE`);
    if (/_PENDING_/.test(team.statusCode ?? "")) throw conflict(`The approval team is ${team.statusCode}`);
    const approvers = given.Approvers
      ? approversOf(given.Approvers, team.approvers, randomUUID)
      : team.approvers;
    const strategy = given.ApprovalStrategy ?? { MofN: { MinApprovalsRequired: team.minApprovals } };
    const draft: TeamDraft = {
      versionId: mpa.newVersionId(now),
      description: given.Description ?? team.description,
      minApprovals: minApprovalsOf(strategy, approvers.length),
      approvers,
      initiationTime: now,
      status: "PENDING",
      statusCode: "UPDATE_PENDING_APPROVAL",
    };
    discardDraft(team);
    const synchronizes = given.UpdateActions?.includes("SYNCHRONIZE_MFA_DEVICES");
    team.session = mpa.openSession(
      {
        ...aboutTeam(team, caller, region),
        actionName: "mpa:UpdateApprovalTeam",
        description: `Update the approval team ${team.name}`,
        cancellable: true,
        onEnd({ status, statusCode }, at) {
          if (status === "CANCELLED") discardDraft(team);
          else if (status === "FAILED")
            failDraft(team, "UPDATE_FAILED_APPROVAL", `The session ended: ${statusCode}`);
          else {
            if (synchronizes) for (const approver of team.approvers) approver.mfa = "IN_SYNC";
            approveDraft(team, at);
          }
        },
      },
      now,
    );
    Object.assign(team, { draft, statusCode: draft.statusCode });
    return { VersionId: draft.versionId };
  },
);
