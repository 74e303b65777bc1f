import { nextActionOf } from "../../binding/nextAction";
import type { NextAction, VisibleOutputs } from "../../nextAction";

/** Who has to act on the team of an operation of AWS Payment Cryptography. */
export const nextAction = ({ mpaStatus, refusedMpaTeamArn }: VisibleOutputs): NextAction =>
  nextActionOf(mpaStatus, refusedMpaTeamArn, "operation");
