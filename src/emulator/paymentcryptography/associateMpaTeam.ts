import { AwsError } from "../errors";
import { approvalTeamArn } from "../mpa/approvalTeam";
import { operation } from "../operation";
import { structure } from "../shapes";
import { action, associate, change, comment, flatten, lookUp } from "./association";

/** The first team is associated at once; about another one in its place, the present team decides. */
export const associateMpaTeam = operation(
  {
    name: "AssociateMpaTeam",
    input: structure({ Action: action, MpaTeamArn: approvalTeamArn, RequesterComment: comment }, [
      "Action",
      "MpaTeamArn",
    ]),
  },
  ({ Action, MpaTeamArn, RequesterComment }, invocation) => {
    const team = invocation.cloud.mpa.approvalTeams.get(MpaTeamArn);
    if (team === undefined)
      throw new AwsError("ResourceNotFoundException", 400, `There is no approval team ${MpaTeamArn}`);
    if (team.status !== "ACTIVE")
      throw new AwsError("ValidationException", 400, "The approval team is not ACTIVE");
    const present = lookUp(invocation, Action);
    if (present === undefined) return flatten(associate(invocation, Action, team));
    if (present.team !== team) {
      const apply = () => {
        present.team = team;
      };
      const operationName = "AssociateMpaTeam";
      change(present, "UPDATE_PENDING", { operation: operationName, apply, RequesterComment }, invocation);
    }
    return flatten(present);
  },
);
