import type { DelegationRequest, Emulator, EmulatorStore } from "../emulator";
import { AwsError } from "../emulator/errors";
import { AwsCallError, type Caller, callQuery, xmlElement } from "./emulatorClient";

/** The default account of the customer. */
export const CUSTOMER_ACCOUNT = "222222222222";

/** @throws RangeError when it is not an account id: the embedded AWS would treat it as the vendor */
export function checkAccount(account: string): string {
  if (/^\d{12}$/.test(account)) return account;
  throw new RangeError(`account: must be an account id of 12 digits, is ${account}`);
}

/** Options of a {@link Customer}. */
export interface CustomerOptions {
  /**
   * Whether they sign in as the root user, who can approve access of at most four hours, which then cannot be revoked.
   * Default: false; they use a role that may do everything in the account, as AWS advises.
   */
  readonly root?: boolean;
}

/**
 * A customer who is asked for access. The methods do what people do in the AWS console, with the calls that the console
 * makes. Each fails as in AWS, with an error whose `name` is AWS's code.
 */
export class Customer {
  private readonly caller: Caller;

  constructor(
    private readonly emulator: Pick<Emulator, "endpoint" | "revokeAccess"> & {
      readonly store: Pick<EmulatorStore, "delegationRequests">;
    },
    /** The customer's AWS account. */
    readonly account: string,
    { root = false }: CustomerOptions = {},
  ) {
    const { endpoint } = emulator;
    const caller = { endpoint, account: checkAccount(account), region: "us-east-1" };
    this.caller = root ? caller : { ...caller, role: "Administrator" };
  }

  /** Claims a request, as opening its link does (`iam:AssociateDelegationRequest`). */
  claim(delegationRequestId: string): Promise<void> {
    return this.callWithRequest("AssociateDelegationRequest", delegationRequestId);
  }

  /** Accepts a request, so that the token can be sent. Claims it first, if nobody has. */
  async accept(delegationRequestId: string): Promise<void> {
    await this.claimIfUnassigned(delegationRequestId);
    await this.callWithRequest("AcceptDelegationRequest", delegationRequestId);
  }

  /** Sends the token of an accepted request to the vendor, which starts the access. */
  sendToken(delegationRequestId: string): Promise<void> {
    return this.callWithRequest("SendDelegationToken", delegationRequestId);
  }

  /** Grants access: claims, accepts and sends the token, each unless it has been done. */
  async approve(delegationRequestId: string): Promise<void> {
    if ((await this.claimIfUnassigned(delegationRequestId)) !== "ACCEPTED") {
      await this.callWithRequest("AcceptDelegationRequest", delegationRequestId);
    }
    await this.sendToken(delegationRequestId);
  }

  /** Rejects a request, with a note to the vendor. Claims it first, if nobody has. */
  async reject(delegationRequestId: string, notes?: string): Promise<void> {
    await this.claimIfUnassigned(delegationRequestId);
    await this.callWithRequest("RejectDelegationRequest", delegationRequestId, notes);
  }

  /** Forwards a request to somebody with more permissions. Claims it first, if nobody has. */
  async forward(delegationRequestId: string, notes?: string): Promise<void> {
    await this.claimIfUnassigned(delegationRequestId);
    await this.callWithRequest("UpdateDelegationRequest", delegationRequestId, notes);
  }

  /**
   * Ends the access that was given, at once, as "Revoke access" in the console does: from then on AWS refuses the vendor's
   * credentials and token. AWS documents no API for it, so no call is recorded; the request stays FINALIZED, and nothing is
   * notified.
   */
  async revoke(delegationRequestId: string): Promise<void> {
    try {
      this.emulator.revokeAccess(delegationRequestId, this.account);
    } catch (error) {
      throw error instanceof AwsError ? new AwsCallError(error.code, error.status, error.message) : error;
    }
  }

  /**
   * Lets the vendor read a request that the customer owns, as an IAM policy of the customer would. Without it, a refresh
   * keeps the last known state.
   * @throws RangeError when there is no such request
   */
  letVendorRead(delegationRequestId: string): void {
    const request: DelegationRequest | undefined =
      this.emulator.store.delegationRequests.get(delegationRequestId);
    if (request === undefined) throw new RangeError(`there is no delegation request ${delegationRequestId}`);
    request.readableBy.add(request.requestorId);
  }

  /** @returns the state that the request is in then */
  private async claimIfUnassigned(delegationRequestId: string): Promise<string | undefined> {
    const answer = await this.call("GetDelegationRequest", { DelegationRequestId: delegationRequestId });
    const state = xmlElement(answer, "State");
    if (state !== "UNASSIGNED") return state;
    await this.claim(delegationRequestId);
    return "ASSIGNED";
  }

  private async callWithRequest(
    operation: string,
    delegationRequestId: string,
    notes?: string,
  ): Promise<void> {
    await this.call(operation, {
      DelegationRequestId: delegationRequestId,
      ...(notes !== undefined && { Notes: notes }),
    });
  }

  private call(operation: string, parameters: Record<string, string>): Promise<string> {
    return callQuery({ service: "iam", operation, version: "2010-05-08" }, parameters, this.caller);
  }
}
