import type { DelegationRequest, Emulator } from "../emulator";
import { callQuery, elementIn, type Sender } from "./wire";

/** The account of the customer when nothing names another. */
export const CUSTOMER_ACCOUNT = "222222222222";

/** The embedded AWS would take what is no account id for the vendor. @throws RangeError when it is none */
export function checkAccount(account: string): string {
  if (/^\d{12}$/.test(account)) return account;
  throw new RangeError(`account: must be an account id of 12 digits, is ${account}`);
}

/**
 * A customer that somebody asks for access: what its people do in the AWS console, here by the calls that the console
 * makes. Each fails as it does in AWS: with an error whose `name` is AWS's code.
 */
export class Customer {
  private readonly sender: Sender;

  constructor(
    private readonly emulator: Pick<Emulator, "endpoint" | "store">,
    /** Its AWS account. The calls are made as its root user. */
    readonly account: string,
  ) {
    this.sender = { endpoint: emulator.endpoint, account: checkAccount(account), region: "us-east-1" };
  }

  /** Makes a request its own, as opening its link does (`iam:AssociateDelegationRequest`). */
  claim(delegationRequestId: string): Promise<void> {
    return this.act("AssociateDelegationRequest", delegationRequestId);
  }

  /** Says yes, so that the token can be sent. Claims the request first, if nobody has. */
  async accept(delegationRequestId: string): Promise<void> {
    await this.own(delegationRequestId);
    await this.act("AcceptDelegationRequest", delegationRequestId);
  }

  /** Sends the vendor the token of an accepted request; the access begins to run out. */
  sendToken(delegationRequestId: string): Promise<void> {
    return this.act("SendDelegationToken", delegationRequestId);
  }

  /** Goes all the way to access: claims, accepts and sends the token, as far as that has not been done. */
  async approve(delegationRequestId: string): Promise<void> {
    if ((await this.own(delegationRequestId)) !== "ACCEPTED") {
      await this.act("AcceptDelegationRequest", delegationRequestId);
    }
    await this.sendToken(delegationRequestId);
  }

  /** Says no, with a note to the vendor. Claims the request first, if nobody has. */
  async reject(delegationRequestId: string, notes?: string): Promise<void> {
    await this.own(delegationRequestId);
    await this.act("RejectDelegationRequest", delegationRequestId, notes);
  }

  /** Passes the request on to somebody with more permissions. Claims it first, if nobody has. */
  async forward(delegationRequestId: string, notes?: string): Promise<void> {
    await this.own(delegationRequestId);
    await this.act("UpdateDelegationRequest", delegationRequestId, notes);
  }

  /**
   * Lets the vendor read a request of the customer's own, as an IAM policy of theirs would: without, a refresh keeps
   * the last known state.
   * @throws RangeError when there is no such request
   */
  letVendorRead(delegationRequestId: string): void {
    const request: DelegationRequest | undefined =
      this.emulator.store.delegationRequests.get(delegationRequestId);
    if (request === undefined) throw new RangeError(`there is no delegation request ${delegationRequestId}`);
    request.readableBy.add(request.requestorId);
  }

  /** Claims what nobody has claimed. Answers the state that the request was in, or came to. */
  private async own(delegationRequestId: string): Promise<string | undefined> {
    const answer = await this.call("GetDelegationRequest", { DelegationRequestId: delegationRequestId });
    const state = elementIn(answer, "State");
    if (state !== "UNASSIGNED") return state;
    await this.claim(delegationRequestId);
    return "ASSIGNED";
  }

  private async act(operation: string, delegationRequestId: string, notes?: string): Promise<void> {
    await this.call(operation, {
      DelegationRequestId: delegationRequestId,
      ...(notes !== undefined && { Notes: notes }),
    });
  }

  private call(operation: string, parameters: Record<string, string>): Promise<string> {
    return callQuery({ service: "iam", operation, version: "2010-05-08" }, parameters, this.sender);
  }
}
