import type { Caller } from "../caller";
import { AwsError } from "../errors";
import { accessDenied, notFound } from "./errors";
import { type CreateResult, type IdentitySource, transitionIfDue } from "./identitySource";

/** The state of Multi-party approval. */
export class MpaStore {
  /** By account: an account has at most one. */
  readonly identitySources = new Map<string, IdentitySource>();
  /** By account and ClientToken. */
  readonly createResults = new Map<string, CreateResult>();

  /** The identity source of the caller's account that an ARN names; undefined when there is none. */
  lookUpIdentitySource(arn: string, caller: Caller): IdentitySource | undefined {
    const [, account] = /^arn:aws:mpa:us-east-1:(\d{12}):identity-source\/[\w-]+$/.exec(arn) ?? [];
    if (account === undefined)
      throw new AwsError("ValidationException", 400, `Invalid identity source ARN: ${arn}`);
    if (account !== caller.account) throw accessDenied(caller, arn);
    const source = this.identitySources.get(account);
    return source?.arn === arn ? source : undefined;
  }

  findIdentitySource(arn: string, caller: Caller): IdentitySource {
    const source = this.lookUpIdentitySource(arn, caller);
    if (source === undefined) throw notFound(arn);
    return source;
  }

  /** Ends the creations and deletions that are due. */
  applyDueTransitions(now: Date): void {
    for (const [account, source] of this.identitySources) {
      if (transitionIfDue(source, now) === "GONE") this.identitySources.delete(account);
    }
  }
}
