import type { Clock } from "../clock";
import type { Cloud } from "../cloud";
import { approvalPortalUrl } from "../console/links";
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { map, string } from "../shapes";

export type IdentitySourceStatus = "CREATING" | "ACTIVE" | "DELETING" | "ERROR";
export type IdentitySourceStatusCode =
  | "ACCESS_DENIED"
  | "DELETION_FAILED"
  | "IDC_INSTANCE_NOT_FOUND"
  | "IDC_INSTANCE_NOT_VALID";

/** A failure in which a creation or a deletion ends: the source is left in ERROR. */
export interface IdentitySourceFailure {
  readonly statusCode: IdentitySourceStatusCode;
  readonly statusMessage: string;
}

/** How CREATING ends. */
export interface IdentitySourceCreation {
  /** How long it takes on the emulator's clock, in milliseconds; default 500. 0 makes the first read say how it ended. */
  readonly delayMs?: number;
  /** Default `"ACTIVE"`. */
  readonly outcome?: "ACTIVE" | IdentitySourceFailure;
}

/** How DELETING ends. */
export interface IdentitySourceDeletion {
  /** How long it takes on the emulator's clock, in milliseconds; default 500. */
  readonly delayMs?: number;
  /** Default `"GONE"`. */
  readonly outcome?: "GONE" | IdentitySourceFailure;
}

export interface IdentitySource {
  readonly account: string;
  readonly arn: string;
  readonly instanceArn: string;
  readonly instanceRegion: string;
  readonly creationTime: Date;
  readonly tags: Map<string, string>;
  /** ARNs of approval teams that use the source; it can't be deleted while there are any. Tests may add to it. */
  readonly usedByTeams: Set<string>;
  status: IdentitySourceStatus;
  statusCode?: IdentitySourceStatusCode;
  statusMessage?: string;
  /** What the running creation or deletion will make of it, and when. */
  pending?: { readonly at: Date; readonly outcome: "ACTIVE" | "GONE" | IdentitySourceFailure };
}

/** A create call that has been answered; its ClientToken answers the same for ever. */
export interface AnsweredCreate {
  readonly fingerprint: string;
  readonly source: IdentitySource;
}

const DEFAULT_DELAY_MS = 500;

export function pendingCreation(settings: IdentitySourceCreation, now: Date): IdentitySource["pending"] {
  return { at: later(now, settings.delayMs), outcome: settings.outcome ?? "ACTIVE" };
}

export function pendingDeletion(settings: IdentitySourceDeletion, now: Date): IdentitySource["pending"] {
  return { at: later(now, settings.delayMs), outcome: settings.outcome ?? "GONE" };
}

const later = (now: Date, delayMs = DEFAULT_DELAY_MS): Date => new Date(now.getTime() + delayMs);

/** Ends the creations and deletions whose time has come. */
export function settleIdentitySources(sources: Map<string, IdentitySource>, clock: Clock): void {
  for (const [account, source] of sources) {
    if (source.pending === undefined || clock.now() < source.pending.at) continue;
    const { outcome } = source.pending;
    delete source.pending;
    if (outcome === "GONE") {
      sources.delete(account);
    } else if (outcome === "ACTIVE") {
      source.status = "ACTIVE";
    } else {
      source.status = "ERROR";
      source.statusCode = outcome.statusCode;
      source.statusMessage = outcome.statusMessage;
    }
  }
}

/** An account has one identity source, so its ARN is known before it exists. */
export const identitySourceArn = (account: string): string =>
  `arn:aws:mpa:us-east-1:${account}:identity-source/IamIdentityCenter`;

/** The source that an ARN of the caller's account names; undefined when there is none. */
export function lookUp(arn: string, { caller, cloud }: Invocation): IdentitySource | undefined {
  const [, account] = /^arn:aws:mpa:us-east-1:(\d{12}):identity-source\/[\w-]+$/.exec(arn) ?? [];
  if (account === undefined)
    throw new AwsError("ValidationException", 400, `Invalid identity source ARN: ${arn}`);
  if (account !== caller.account) {
    throw new AwsError(
      "AccessDeniedException",
      403,
      `User: ${caller.arn} is not authorized to access ${arn}`,
    );
  }
  const source = cloud.identitySources.get(account);
  return source?.arn === arn ? source : undefined;
}

export function find(arn: string, invocation: Invocation): IdentitySource {
  const source = lookUp(arn, invocation);
  if (source === undefined)
    throw new AwsError("ResourceNotFoundException", 404, `Resource not found: ${arn}`);
  return source;
}

const MAX_TAGS = 50;

export const tagKey = string({ min: 1, max: 128, sensitive: true });
export const tags = map(tagKey, string({ min: 0, max: 256, sensitive: true }), { sensitive: true });

export function refuseReservedTags(keys: Iterable<string>): void {
  for (const key of keys) {
    if (key.toLowerCase().startsWith("aws:")) {
      throw new AwsError("ValidationException", 400, "Tag keys that start with aws: are reserved for AWS");
    }
  }
}

export const tooManyTags = (count: number): boolean => count > MAX_TAGS;

/** What GetIdentitySource and ListIdentitySources tell of a source. */
export function describe(source: IdentitySource, cloud: Cloud) {
  return {
    IdentitySourceType: "IAM_IDENTITY_CENTER",
    IdentitySourceParameters: {
      IamIdentityCenter: {
        InstanceArn: source.instanceArn,
        Region: source.instanceRegion,
        ApprovalPortalUrl: approvalPortalUrl(source.account, cloud),
      },
    },
    IdentitySourceArn: source.arn,
    CreationTime: source.creationTime,
    Status: source.status,
    StatusCode: source.statusCode,
    StatusMessage: source.statusMessage,
  };
}
