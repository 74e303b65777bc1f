import { z } from "zod";
import { DELEGATION_REQUEST_STATES } from "../aws/delegationRequestState";
import type { DelegationNotification } from "./messages";
import { Secret } from "./secret";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** AWS's documentation shows `PENDING APPROVAL` and `Pending Approval` as well as `PENDING_APPROVAL`. */
const state = z
  .string()
  .transform((text) => text.toUpperCase().replace(/[ -]/g, "_"))
  .pipe(z.enum(DELEGATION_REQUEST_STATES));

const request = z.object({
  RequestId: z.string().min(1),
  RequestorWorkflowId: z.string().min(1),
  State: state,
  OwnerAccountId: z
    .string()
    .regex(/^(\d{12})?$/)
    .nullish(),
  UpdatedAt: instant,
});

/** IAM's message, as a {@link DelegationNotification}. Unknown members are ignored. */
export const notification = z
  .discriminatedUnion("Type", [
    request.extend({ Type: z.literal("StateChange") }),
    request.extend({
      Type: z.literal("ExchangeToken"),
      ExchangeToken: z
        .string()
        .min(1)
        .transform((text) => new Secret(text)),
      ExpiresAt: instant,
    }),
  ])
  .transform((message): DelegationNotification => {
    const common = {
      requestId: message.RequestId,
      requestorWorkflowId: message.RequestorWorkflowId,
      state: message.State,
      ...(message.OwnerAccountId && { ownerAccountId: message.OwnerAccountId }),
      updatedAt: message.UpdatedAt,
    };
    return message.Type === "StateChange"
      ? { type: message.Type, ...common }
      : {
          type: message.Type,
          ...common,
          exchangeToken: message.ExchangeToken,
          expiresAt: message.ExpiresAt,
        };
  });

/** The envelope of a message that SNS sends to SQS or Lambda. */
export const envelope = z.object({
  Type: z.literal("Notification"),
  TopicArn: z.string(),
  Message: z.string(),
});

/** A message that SNS posts to an HTTPS endpoint. Loose, since the signature may cover members that are not named here. */
export const signedMessage = z.looseObject({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.url(),
  SubscribeURL: z.url().optional(),
});

const sqsRecord = z.object({ eventSource: z.literal("aws:sqs"), messageId: z.string(), body: z.string() });

export const sqsEvent = z.object({ Records: z.array(sqsRecord) });

export const lambdaEvent = z.object({
  Records: z.array(
    z.union([
      sqsRecord,
      z.object({ EventSource: z.literal("aws:sns"), Sns: z.looseObject({ MessageId: z.string() }) }),
    ]),
  ),
});

/** The issues, by property and without the values. */
export const explain = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => [...path, message].join(": ")).join("; ");
