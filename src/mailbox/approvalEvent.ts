import type { UnrecognizedMessage } from "./messages";
import { parseJson } from "./notification";
import { approvalEventSchema } from "./schemas";

/** What became of an approval team. */
export interface TeamEvent {
  /** Tells the kinds of events apart. */
  kind: "team";
  /** AWS's name of the event, such as `TeamCreationActivationSuccess` or `TeamDeletionApprovalFailure`. */
  eventName: string;
  /** When it happened, by AWS's clock. */
  time: Date;
  /** The ARN of the team. */
  teamArn: string;
  /** `ACTIVE`, `INACTIVE`, `PENDING`, `DELETED`. */
  status: string;
  /** What is under way, or how it failed: `UPDATE_PENDING_APPROVAL`, `DELETE_FAILED_APPROVAL`, … */
  statusCode?: string;
  /** The id of the session that the event is of. */
  sessionId?: string;
}

/** What became of a session in which an approval team votes. */
export interface SessionEvent {
  /** Tells the kinds of events apart. */
  kind: "session";
  /** AWS's name of the event. Its guide shows `SessionApproved` for a rejection, too: go by `status`. */
  eventName: string;
  /** When it happened, by AWS's clock. */
  time: Date;
  /** The ARN of the session. */
  sessionArn: string;
  /** `PENDING`, `APPROVED`, `FAILED`, `CANCELLED`. */
  status: string;
  /** `REJECTED`, `EXPIRED`, `CANCELLED_BY_USER`, `CONFIGURATION_CHANGED`, `TEAM_DELETED`. */
  statusCode?: string;
  /** Those who approved, each as `identityStoreArn/userId`. */
  approvedBy: string[];
  /** Those who voted no, each as `identityStoreArn/userId`. */
  rejectedBy: string[];
  /** Those who did not vote, which counts as no. */
  noParticipationBy: string[];
}

/** An event of Multi-party approval, or why it is none. */
export type ApprovalEvent = TeamEvent | SessionEvent | UnrecognizedMessage;

/**
 * Reads an event of Multi-party approval, as EventBridge passes it on to a Lambda function or, as text, to a queue. Events of
 * API calls are unrecognized, since a program that makes calls knows of them. They arrive on a best-effort basis, may do so
 * twice and out of order: read the team or session for what holds now.
 *
 * Source: Multi-party approval User Guide, "Logging API calls using AWS CloudTrail", asynchronous events.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * export async function handler(event: unknown) {
 *   const parsed = mpa.parseEvent(event);
 *   if (parsed.kind === "session") console.log(`${parsed.sessionArn} is ${parsed.status}`);
 * }
 */
export function parseEvent(event: unknown): ApprovalEvent {
  const content = typeof event === "string" ? parseJson(event) : event;
  if (content === undefined) return { kind: "unrecognized", reason: "is not JSON" };
  const parsed = approvalEventSchema().approvalEvent.safeParse(content);
  if (parsed.success) return parsed.data;
  return { kind: "unrecognized", reason: "is not an event of an approval team or session" };
}
