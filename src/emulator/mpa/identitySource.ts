import { approvalPortalUrl } from "../console/links";

/** Whether an identity source works. Source: `mpa:GetIdentitySource`. */
export type IdentitySourceStatus = "CREATING" | "ACTIVE" | "DELETING" | "ERROR";
/** Why a creation or deletion failed. Source: `mpa:GetIdentitySource`. */
export type IdentitySourceStatusCode =
  | "ACCESS_DENIED"
  | "DELETION_FAILED"
  | "IDC_INSTANCE_NOT_FOUND"
  | "IDC_INSTANCE_NOT_VALID";

/** Why a creation or deletion failed. The source is then in status ERROR. */
export interface IdentitySourceFailure {
  /** The reason. */
  readonly statusCode: IdentitySourceStatusCode;
  /** The reason in words. */
  readonly statusMessage: string;
}

/** How the creation of an identity source ends. */
export interface IdentitySourceCreation {
  /** How long it takes on the emulator's clock, in milliseconds; default 500. With 0 the first read shows the outcome. */
  readonly delayMs?: number;
  /** Default `"ACTIVE"`. */
  readonly outcome?: "ACTIVE" | IdentitySourceFailure;
}

/** How the deletion of an identity source ends. */
export interface IdentitySourceDeletion {
  /** How long it takes on the emulator's clock, in milliseconds; default 500. */
  readonly delayMs?: number;
  /** Default `"GONE"`. */
  readonly outcome?: "GONE" | IdentitySourceFailure;
}

/** An identity source, as `mpa:GetIdentitySource` shows it. */
export interface IdentitySource {
  /** The account that has the source, 12 digits. */
  readonly account: string;
  /** The ARN, made of the account alone. */
  readonly arn: string;
  /** The ARN of the instance of IAM Identity Center. */
  readonly instanceArn: string;
  /** The region of that instance. */
  readonly instanceRegion: string;
  /** When it was made, on the emulator's clock. */
  readonly creationTime: Date;
  /** The tags, by key. */
  readonly tags: Map<string, string>;
  /** Whether the source works. */
  status: IdentitySourceStatus;
  /** Why the creation or deletion failed. */
  statusCode?: IdentitySourceStatusCode;
  /** The reason in words. */
  statusMessage?: string;
  /** The creation or deletion that is under way. */
  pending?: {
    /** When it ends, on the emulator's clock. */
    readonly at: Date;
    /** How it ends. */
    readonly outcome: "ACTIVE" | "GONE" | IdentitySourceFailure;
  };
}

const DEFAULT_DELAY_MS = 500;

export function pendingCreation(settings: IdentitySourceCreation, now: Date): IdentitySource["pending"] {
  return { at: later(now, settings.delayMs), outcome: settings.outcome ?? "ACTIVE" };
}

export function pendingDeletion(settings: IdentitySourceDeletion, now: Date): IdentitySource["pending"] {
  return { at: later(now, settings.delayMs), outcome: settings.outcome ?? "GONE" };
}

const later = (now: Date, delayMs = DEFAULT_DELAY_MS): Date => new Date(now.getTime() + delayMs);

/** Ends the creation or deletion if it is due, and answers its outcome. */
export function transitionIfDue(
  source: IdentitySource,
  now: Date,
): "ACTIVE" | "GONE" | IdentitySourceFailure | undefined {
  if (source.pending === undefined || now < source.pending.at) return undefined;
  const { outcome } = source.pending;
  delete source.pending;
  if (outcome === "ACTIVE") {
    source.status = "ACTIVE";
  } else if (outcome !== "GONE") {
    source.status = "ERROR";
    source.statusCode = outcome.statusCode;
    source.statusMessage = outcome.statusMessage;
  }
  return outcome;
}

/** An account has at most one identity source, and its ARN is made of the account alone. */
export const identitySourceArn = (account: string): string =>
  `arn:aws:mpa:us-east-1:${account}:identity-source/IamIdentityCenter`;

/** The source as GetIdentitySource and ListIdentitySources answer it. */
export function flatten(source: IdentitySource, endpoint: string) {
  return {
    IdentitySourceType: "IAM_IDENTITY_CENTER",
    IdentitySourceParameters: {
      IamIdentityCenter: {
        InstanceArn: source.instanceArn,
        Region: source.instanceRegion,
        ApprovalPortalUrl: approvalPortalUrl(source.account, endpoint),
      },
    },
    IdentitySourceArn: source.arn,
    CreationTime: source.creationTime,
    Status: source.status,
    StatusCode: source.statusCode,
    StatusMessage: source.statusMessage,
  };
}
