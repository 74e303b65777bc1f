import { nextActionOf } from "../../binding/nextAction";
import type { NextAction, VisibleOutputs } from "../../nextAction";

/** Who has to act on the team of a vault. */
export const nextAction = ({
  latestMpaApprovalTeamUpdate: vote,
  refusedMpaApprovalTeamArn: refused,
}: VisibleOutputs): NextAction => nextActionOf(vote, refused, "vault");
