import { randomBytes } from "node:crypto";
import { AwsError } from "./errors";
import type { Signature } from "./signature";

/** The identity that makes a call. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** `root` has every permission in its account; `delegated` acts through a delegation request. */
  readonly kind: "root" | "assumed-role" | "delegated";
}

/** Temporary credentials that the emulator has issued. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly caller: Caller;
}

/** The account of every access key id that is neither an account id nor one the emulator issued. */
export const DEFAULT_ACCOUNT = "000000000000";

/**
 * The caller behind a signature: the credentials' own when the emulator issued them; the account itself when the access
 * key id is a 12-digit account id (LocalStack's and moto's convention); {@link DEFAULT_ACCOUNT} for any other.
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
    return session.caller;
  }
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
  return { account, arn: `arn:aws:iam::${account}:root`, userId: account, kind: "root" };
}

/** STS gives sessions that end on a whole second. */
const wholeSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1_000) * 1_000);

export function issueSession(caller: Caller, expiration: Date): Session {
  return {
    accessKeyId: `ASIA${base32(16)}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(192).toString("base64"),
    expiration: wholeSecond(expiration),
    caller,
  };
}

/** Random characters of the alphabet of AWS's access key ids and unique ids. */
export function base32(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
