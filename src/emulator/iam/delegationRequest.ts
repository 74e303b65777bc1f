import type { Caller } from "../caller";
import type { Cloud } from "../cloud";
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { notifyStateChange } from "./notification";

export type DelegationRequestState =
  | "UNASSIGNED"
  | "ASSIGNED"
  | "PENDING_APPROVAL"
  | "ACCEPTED"
  | "FINALIZED"
  | "REJECTED"
  | "EXPIRED";

export interface PolicyParameter {
  readonly Name?: string;
  readonly Values?: readonly string[];
  readonly Type?: "string" | "stringList";
}

/** That a request came into a state. */
export interface Transition {
  readonly state: DelegationRequestState;
  readonly at: Date;
  /** ARN of who brought it there; undefined when it lapsed by itself. */
  readonly by: string | undefined;
}

export interface DelegationRequest {
  readonly id: string;
  readonly requestorId: string;
  readonly requestorWorkflowId: string;
  readonly description: string;
  readonly permissions: {
    readonly PolicyTemplateArn?: string;
    readonly Parameters?: readonly PolicyParameter[];
  };
  readonly requestMessage: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly notificationChannel: string;
  /** Seconds. */
  readonly sessionDuration: number;
  readonly onlySendByOwner: boolean;
  readonly createDate: Date;
  /**
   * Accounts that may read the request once it is owned. In AWS the owner grants that by IAM policies, which are not
   * emulated: tests add to this instead.
   */
  readonly readableBy: Set<string>;
  /** Oldest first: its creation, and every change of its state. */
  readonly history: Transition[];
  state: DelegationRequestState;
  /** Since when it is in this state. */
  stateSince: Date;
  updatedTime: Date;
  ownerAccountId?: string;
  /** ARN of the identity that associated the request with itself. */
  ownerId?: string;
  /** The identity that accepted it: the partner will act as this principal. */
  approver?: Caller;
  notes?: string;
  rejectionReason?: string;
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
export const EXPIRED_KEPT_MS = DAY_MS;

/** When the request expires; for an expired one, when it did. */
export function expirationTime(request: DelegationRequest): Date {
  const { state, stateSince } = request;
  return state === "EXPIRED" ? stateSince : new Date(stateSince.getTime() + LIFETIME_MS[state]);
}

/** Expires and deletes the requests whose time has come. */
export function settleDelegationRequests(cloud: Cloud): void {
  const now = cloud.clock.now();
  for (const request of cloud.delegationRequests.values()) {
    if (request.state !== "EXPIRED" && now >= expirationTime(request)) {
      transition(request, "EXPIRED", undefined, expirationTime(request), cloud);
    }
    if (request.state === "EXPIRED" && now.getTime() >= request.stateSince.getTime() + EXPIRED_KEPT_MS) {
      cloud.delegationRequests.delete(request.id);
    }
  }
}

/** Changes the state and tells the partner's notification channel. */
export function transition(
  request: DelegationRequest,
  state: DelegationRequestState,
  by: Caller | undefined,
  at: Date,
  cloud: Cloud,
): void {
  request.history.push({ state, at, by: by?.arn });
  request.state = state;
  request.stateSince = at;
  request.updatedTime = at;
  notifyStateChange(request, cloud);
}

export function find(id: string, { cloud }: Invocation): DelegationRequest {
  const request = cloud.delegationRequests.get(id);
  if (request === undefined) {
    throw new AwsError("NoSuchEntity", 404, `The delegation request with id ${id} cannot be found.`);
  }
  return request;
}

/** Refuses unless the request is in one of the states. */
export function expectState(request: DelegationRequest, ...allowed: DelegationRequestState[]): void {
  if (allowed.includes(request.state)) return;
  throw new AwsError(
    "InvalidInput",
    400,
    `The delegation request ${request.id} is in state ${request.state}; this operation needs ${allowed.join(" or ")}.`,
  );
}

/**
 * Without owner and owner account anyone may read a request; with an owner account only its identities; once owned, the
 * owner, whoever may act on it, and whom it was granted to.
 */
export function mayRead(request: DelegationRequest, caller: Caller): boolean {
  if (request.ownerId === undefined) return mayAssociate(request, caller);
  return mayAct(request, caller) || request.readableBy.has(caller.account);
}

export const mayAssociate = (request: DelegationRequest, caller: Caller): boolean =>
  request.ownerAccountId === undefined || request.ownerAccountId === caller.account;

/** The owner, and the root user of its account: the emulator evaluates no IAM policies that could grant it to others. */
export const mayAct = (request: DelegationRequest, caller: Caller): boolean =>
  isOwner(request, caller) || (caller.kind === "root" && caller.account === request.ownerAccountId);

export const isOwner = (request: DelegationRequest, caller: Caller): boolean =>
  caller.kind !== "delegated" && caller.arn === request.ownerId;

export const delegationRequestArn = (request: DelegationRequest): string =>
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

/** A policy that shows what is asked for. AWS renders the registered template, which the emulator does not have. */
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

/** What GetDelegationRequest and ListDelegationRequests tell of a request. */
export function describe(request: DelegationRequest) {
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
