import { randomBytes } from "node:crypto";
import { AwsError } from "./errors";
import type { DelegationRequest } from "./iam/delegationRequest";
import type { Signature } from "./signature";

/** The identity that makes a call. */
export interface Caller {
  /** The account, 12 digits. */
  readonly account: string;
  /** The ARN, as `sts:GetCallerIdentity` answers it. */
  readonly arn: string;
  /** The unique id, as `sts:GetCallerIdentity` answers it. */
  readonly userId: string;
  /** `root` and `administrator` have every permission in their account; `delegated` acts through a delegation request. */
  readonly kind: "root" | "administrator" | "assumed-role" | "delegated";
}

/** Temporary credentials that the emulator has issued. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly caller: Caller;
  /** The delegation request whose access it is, if it is a delegated one. */
  readonly request?: DelegationRequest;
}

/** The account of every access key id that is neither an account id nor one the emulator issued. */
export const DEFAULT_ACCOUNT = "000000000000";

/**
 * The caller behind a signature: the credentials' own when the emulator issued them; the account's root user when the
 * access key id is a 12-digit account id (LocalStack's and moto's convention), and its {@link administratorOf} when
 * `Administrator` follows; the root user of {@link DEFAULT_ACCOUNT} for any other.
 */
export function identify(signature: Signature, sessions: ReadonlyMap<string, Session>, now: Date): Caller {
  const { accessKeyId, sessionToken } = signature;
  if (accessKeyId.startsWith("ASIA")) {
    const session = sessions.get(accessKeyId);
    if (session === undefined || session.sessionToken !== sessionToken) {
      throw new AwsError(
        "InvalidClientTokenId",
        403,
        "The security token included in the request is invalid.",
      );
    }
    if (now >= session.expiration) {
      throw new AwsError("ExpiredToken", 403, "The security token included in the request is expired");
    }
    if (session.request?.revocation !== undefined) {
      throw new AwsError(
        "AccessDenied",
        403,
        `User: ${session.caller.arn} is not authorized: the delegated access was revoked`,
      );
    }
    return session.caller;
  }
  const [, account = DEFAULT_ACCOUNT, role] = ACCOUNT_KEY.exec(accessKeyId) ?? [];
  return role === undefined ? rootOf(account) : administratorOf(account);
}

const ACCOUNT_KEY = /^(\d{12})(Administrator)?$/;

const rootOf = (account: string): Caller => ({
  account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
  kind: "root",
});

/** A role that may do everything in its account, which people use in the console as AWS advises, rather than root. */
export const administratorOf = (account: string): Caller => ({
  account,
  arn: `arn:aws:sts::${account}:assumed-role/Administrator/console`,
  userId: "AROAADMINISTRATOR2222:console",
  kind: "administrator",
});

/** The access key id of {@link administratorOf}. */
export const administratorKey = (account: string): string => `${account}Administrator`;

/** Whether the caller has every permission in the account. */
export const administers = ({ kind, account }: Caller, owner: string | undefined): boolean =>
  (kind === "root" || kind === "administrator") && account === owner;

/** STS gives sessions that end on a whole second. */
const wholeSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1_000) * 1_000);

export function issueSession(caller: Caller, expiration: Date, request?: DelegationRequest): Session {
  return {
    accessKeyId: `ASIA${base32(16)}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(192).toString("base64"),
    expiration: wholeSecond(expiration),
    caller,
    ...(request && { request }),
  };
}

/** Random characters of the alphabet of AWS's access key ids and unique ids. */
export function base32(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
