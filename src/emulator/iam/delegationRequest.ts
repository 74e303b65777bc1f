import { administers, type Caller } from "../caller";
import { AwsError } from "../errors";

/** The states of a delegation request that the emulator has. Source: `iam:GetDelegationRequest`. */
export type DelegationRequestState =
  | "UNASSIGNED"
  | "ASSIGNED"
  | "PENDING_APPROVAL"
  | "ACCEPTED"
  | "FINALIZED"
  | "REJECTED"
  | "EXPIRED";

/** A parameter of a policy template, as AWS spells it. Source: `iam:CreateDelegationRequest`. */
export interface PolicyParameter {
  /** The name, as the policy template has it. */
  readonly Name?: string;
  /** The values: one for the type `string`. */
  readonly Values?: readonly string[];
  /** Whether the template takes one value or a list. */
  readonly Type?: "string" | "stringList";
}

/** A change of state, or the creation. */
export interface Transition {
  /** The state that began. */
  readonly state: DelegationRequestState;
  /** When, on the emulator's clock. */
  readonly at: Date;
  /** ARN of the caller; undefined when the request expired. */
  readonly by: string | undefined;
}

/** A delegation request, as `iam:GetDelegationRequest` shows it, and what the emulator knows beyond that. */
export interface DelegationRequest {
  /** AWS's id of the request, a UUID. */
  readonly id: string;
  /** The account that asked, 12 digits. */
  readonly requestorId: string;
  /** The id that the partner gave; unique among the partner's requests. */
  readonly requestorWorkflowId: string;
  /** What the customer reads: why the partner asks. */
  readonly description: string;
  /** What is asked for: a policy template and its parameters. */
  readonly permissions: {
    /** The ARN of the policy template. */
    readonly PolicyTemplateArn?: string;
    /** The template's parameters. */
    readonly Parameters?: readonly PolicyParameter[];
  };
  /** A further message to the customer. */
  readonly requestMessage: string | undefined;
  /** Where the customer's browser goes when they have decided. */
  readonly redirectUrl: string | undefined;
  /** The ARN of the SNS topic that hears of changes of state. */
  readonly notificationChannel: string;
  /** Seconds. */
  readonly sessionDuration: number;
  /** Whether nobody but the owner of the request may send the token. */
  readonly onlySendByOwner: boolean;
  /** When it was made, on the emulator's clock. */
  readonly createDate: Date;
  /**
   * Accounts that may read the request once it has an owner. In AWS the owner grants that with IAM policies, which are
   * not emulated: tests add to this set instead.
   */
  readonly readableBy: Set<string>;
  /** The creation and every change of state, oldest first. */
  readonly history: Transition[];
  /** The state. `history` has the earlier ones. */
  state: DelegationRequestState;
  /** When the current state began. */
  stateSince: Date;
  /** When it was last changed in any way. */
  updatedTime: Date;
  /** The customer's account: the one that was asked, or that claimed the request. */
  ownerAccountId?: string;
  /** ARN of the identity that associated the request with itself. */
  ownerId?: string;
  /** The identity that accepted it: the partner will act as this principal. */
  approver?: Caller;
  /** What the customer wrote on the request. */
  notes?: string;
  /** Why the customer said no, in their words. */
  rejectionReason?: string;
  /** The end of the access by the customer, if they have revoked it. */
  revocation?: {
    /** When, on the emulator's clock. */
    readonly at: Date;
    /** The ARN of who did. */
    readonly by: string;
  };
}

/** An exchange token that was sent to a partner. */
export interface TradeInToken {
  readonly token: string;
  readonly request: DelegationRequest;
  readonly expiration: Date;
}

const DAY_MS = 86_400_000;

/** How long a request may stay in a state before it expires. */
const LIFETIME_MS: Readonly<Record<Exclude<DelegationRequestState, "EXPIRED">, number>> = {
  UNASSIGNED: DAY_MS,
  ASSIGNED: 7 * DAY_MS,
  PENDING_APPROVAL: 7 * DAY_MS,
  ACCEPTED: 7 * DAY_MS,
  FINALIZED: 7 * DAY_MS,
  REJECTED: 7 * DAY_MS,
};

/** How long an EXPIRED request can still be read. AWS says "some time"; the emulator takes a day. */
const EXPIRED_KEPT_MS = DAY_MS;

/** When the request expires, or expired. */
export function expirationTime(request: DelegationRequest): Date {
  const { state, stateSince } = request;
  return state === "EXPIRED" ? stateSince : new Date(stateSince.getTime() + LIFETIME_MS[state]);
}

/** When the access of a FINALIZED request ends, unless it is revoked. */
export const accessEnd = ({ stateSince, sessionDuration }: DelegationRequest): Date =>
  new Date(stateSince.getTime() + sessionDuration * 1_000);

/** Whether the request can still be read. */
export const isKept = ({ state, stateSince }: DelegationRequest, now: Date): boolean =>
  state !== "EXPIRED" || now.getTime() < stateSince.getTime() + EXPIRED_KEPT_MS;

/** Throws unless the request is in one of the states. */
export function expectState(request: DelegationRequest, ...allowed: DelegationRequestState[]): void {
  if (allowed.includes(request.state)) return;
  throw new AwsError(
    "InvalidInput",
    400,
    `The delegation request ${request.id} is in state ${request.state}; this operation needs ${allowed.join(" or ")}.`,
  );
}

/**
 * Without an owner, anyone may read the request, or the identities of its owner account if it has one. With an owner,
 * those who may act on it may read it, and the accounts that reading was granted to.
 */
export function mayRead(request: DelegationRequest, caller: Caller): boolean {
  if (request.ownerId === undefined) return mayAssociate(request, caller);
  return mayAct(request, caller) || request.readableBy.has(caller.account);
}

export const mayAssociate = (request: DelegationRequest, caller: Caller): boolean =>
  request.ownerAccountId === undefined || request.ownerAccountId === caller.account;

/**
 * The owner, and the root user and administrators of its account: the emulator evaluates no IAM policies that could grant
 * it to others.
 */
export const mayAct = (request: DelegationRequest, caller: Caller): boolean =>
  isOwner(request, caller) || administers(caller, request.ownerAccountId);

export const isOwner = (request: DelegationRequest, caller: Caller): boolean =>
  caller.kind !== "delegated" && caller.arn === request.ownerId;

const delegationRequestArn = (request: DelegationRequest): string =>
  `arn:aws:iam::${request.ownerAccountId ?? ""}:delegation-request/${request.id}`;

export function authorize(
  allowed: boolean,
  action: string,
  request: DelegationRequest,
  caller: Caller,
): void {
  if (allowed) return;
  throw new AwsError(
    "AccessDenied",
    403,
    `User: ${caller.arn} is not authorized to perform: iam:${action} on resource: ${delegationRequestArn(request)}`,
  );
}

/** A policy that shows template and parameters. AWS renders the registered template, which the emulator does not have. */
export function permissionPolicy({ permissions }: DelegationRequest): string {
  const parameters = (permissions.Parameters ?? []).map(
    ({ Name = "", Values = [], Type }) => [Name, Type === "stringList" ? Values : Values.join(",")] as const,
  );
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RenderedByTheEmulator",
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: {
          StringEquals: {
            "emulator:PolicyTemplateArn": permissions.PolicyTemplateArn,
            ...Object.fromEntries(parameters),
          },
        },
      },
    ],
  });
}

/** The request as GetDelegationRequest and ListDelegationRequests answer it. */
export function flatten(request: DelegationRequest) {
  return {
    DelegationRequestId: request.id,
    OwnerAccountId: request.ownerAccountId,
    Description: request.description,
    RequestMessage: request.requestMessage,
    Permissions: {
      PolicyTemplateArn: request.permissions.PolicyTemplateArn,
      Parameters: request.permissions.Parameters?.map(({ Name, Values, Type }) => ({ Name, Values, Type })),
    },
    PermissionPolicy: permissionPolicy(request),
    // Templates are not emulated, so there is none whose roles are restricted.
    RolePermissionRestrictionArns: [],
    OwnerId: request.ownerId,
    ApproverId: request.approver?.arn,
    State: request.state,
    ExpirationTime: expirationTime(request),
    RequestorId: request.requestorId,
    RequestorName: `Partner ${request.requestorId}`,
    CreateDate: request.createDate,
    SessionDuration: request.sessionDuration,
    RedirectUrl: request.redirectUrl,
    Notes: request.notes,
    RejectionReason: request.rejectionReason,
    OnlySendByOwner: request.onlySendByOwner,
    UpdatedTime: request.updatedTime,
  };
}
