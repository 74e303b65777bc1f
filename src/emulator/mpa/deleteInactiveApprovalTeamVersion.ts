import { operation } from "../operation";
import { string, structure } from "../shapes";
import { approvalTeamArn, discardDraft } from "./approvalTeam";
import { conflict, notFound } from "./errors";

/** Deletes a team that is not ACTIVE, or a draft that has failed. */
export const deleteInactiveApprovalTeamVersion = operation(
  {
    name: "DeleteInactiveApprovalTeamVersion",
    route: { method: "DELETE", path: "/approval-teams/{Arn}/{VersionId}" },
    input: structure({ Arn: approvalTeamArn, VersionId: string({ max: 1000 }) }, ["Arn", "VersionId"]),
  },
  (given, { caller, cloud }) => {
    const team = cloud.mpa.findTeam(given.Arn, caller);
    if (given.VersionId === team.draft?.versionId) {
      if (team.draft.status !== "INACTIVE") throw conflict(`The draft is ${team.draft.statusCode}`);
      discardDraft(team);
      return {};
    }
    if (given.VersionId !== team.versionId) throw notFound(`${given.Arn}/${given.VersionId}`);
    if (team.status === "ACTIVE" || team.status === "DELETING" || team.statusCode === "VALIDATING")
      throw conflict(`The approval team is ${team.statusCode ?? team.status}`);
    cloud.mpa.approvalTeams.delete(team.arn);
    return {};
  },
);
