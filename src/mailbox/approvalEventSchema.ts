import { z } from "zod";
import type { ApprovalEvent } from "./approvalEvent";

/** `[identityStoreArn/userId1],[identityStoreArn/userId2]`, with or without the brackets. */
const people = z
  .string()
  .nullish()
  .transform((text) =>
    (text ?? "")
      .split(",")
      .map((person) => person.trim().replace(/^\[|\]$/g, ""))
      .filter((person) => person !== ""),
  );

const common = {
  eventName: z.string().min(1),
  eventTime: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  eventType: z.literal("AwsServiceEvent"),
  eventSource: z.enum(["mpa.amazonaws.com", "multi-party-approval.amazonaws.com"]),
};

/** The only resource of an event. */
const resource = (kind: string) =>
  z
    .array(z.object({ ARN: z.string().regex(new RegExp(`^arn:[^:]+:mpa:[^:]*:\\d{12}:${kind}/`)) }))
    .min(1)
    .transform(([first]) => first?.ARN ?? "");

const code = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const team = z
  .object({
    ...common,
    resources: resource("approval-team"),
    serviceEventDetails: z.object({
      teamStatus: z.string(),
      teamStatusCode: code,
      updateSessionId: code,
    }),
  })
  .transform(({ eventName, eventTime, resources, serviceEventDetails: details }): ApprovalEvent => {
    const { teamStatus: status, teamStatusCode: statusCode, updateSessionId: sessionId } = details;
    return {
      ...{ kind: "team", eventName, time: eventTime, teamArn: resources, status },
      ...(statusCode && { statusCode }),
      ...(sessionId && { sessionId }),
    };
  });

const session = z
  .object({
    ...common,
    resources: resource("session"),
    serviceEventDetails: z.object({
      sessionStatus: z.string(),
      sessionStatusCode: code,
      approvedBy: people,
      rejectedBy: people,
      noParticipationBy: people,
    }),
  })
  .transform(({ eventName, eventTime, resources, serviceEventDetails: details }): ApprovalEvent => {
    const { sessionStatus: status, sessionStatusCode: statusCode, ...votes } = details;
    return {
      ...{ kind: "session", eventName, time: eventTime, sessionArn: resources, status },
      ...(statusCode && { statusCode }),
      ...votes,
    };
  });

/** EventBridge's envelope. */
export const approvalEvent = z
  .object({ source: z.literal("aws.multi-party-approval"), detail: z.union([team, session]) })
  .transform(({ detail }) => detail);
