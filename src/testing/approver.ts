import type { Emulator } from "../emulator";

/**
 * A person of an identity source, as a member of approval teams. The methods do what people do in the approval portal, for
 * which AWS has no API.
 */
export class Approver {
  constructor(
    private readonly emulator: Pick<Emulator, "answerInvitation" | "vote">,
    /** The id of the user in the identity store, as teams have it in `primaryIdentityId`. */
    readonly userId: string,
  ) {}

  /** Accepts the invitation to a team. @throws RangeError when there is none to answer */
  accept(teamArn: string): void {
    this.emulator.answerInvitation(teamArn, this.userId, "ACCEPTED");
  }

  /** Rejects the invitation to a team. @throws RangeError when there is none to answer */
  reject(teamArn: string): void {
    this.emulator.answerInvitation(teamArn, this.userId, "REJECTED");
  }

  /** Votes in a session, such as a team's `updateSessionArn`. @throws RangeError when there is no vote to give */
  vote(sessionArn: string, vote: "APPROVE" | "REJECT"): void {
    this.emulator.vote(sessionArn, this.userId, vote === "APPROVE" ? "APPROVED" : "REJECTED");
  }
}
