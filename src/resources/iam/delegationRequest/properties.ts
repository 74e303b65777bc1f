import { OBSERVED_STATES, type ObservedState } from "../../../aws/delegationRequestState";
import type { Properties, Property, ResourceDeclaration } from "../../../declaration/properties";

// The character sets of the IAM API model.
const latin1 = {
  pattern: /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/,
  patternMessage: "may hold only Latin-1 letters, digits, punctuation, tabs and line ends",
} as const;
const ascii = { pattern: /^[ -~]*$/, patternMessage: "may hold only printable ASCII characters" } as const;

/** What may have become of a request for another one to be made, if the program wants it. */
export const RENEWABLE = [
  "EXPIRED",
  "REJECTED",
  "LAPSED",
  "VANISHED",
] as const satisfies readonly ObservedState[];

/** What reading an inbox needs. */
export const MAILBOX_ACTIONS = [
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:SendMessage",
  "dynamodb:UpdateItem",
  "dynamodb:BatchGetItem",
] as const;

/** A value for a placeholder of the policy template. */
export const policyParameter = {
  /** 5 to 256 printable ASCII characters. */
  name: { type: "string", minLength: 5, maxLength: 256, ...ascii },
  /** `string` for one value, `stringList` for any number. */
  type: { type: "string", enum: ["string", "stringList"] },
  /** Printable ASCII, none empty; exactly one for the type `string`. */
  values: { type: "array", items: { type: "string", minLength: 1, ...ascii } },
} as const satisfies Properties;

/** A policy template and the values for its placeholders. */
export const permissions = {
  /** The ARN of a policy template that AWS has registered for you; 20 to 2,048 characters. */
  policyTemplateArn: {
    type: "string",
    minLength: 20,
    maxLength: 2048,
    pattern: /^arn:[\w-]+:iam::[^:]*:delegation-template\/./,
    patternMessage:
      "must be the ARN of a policy template, such as arn:aws:iam:::delegation-template/example/backup",
  },
  /** At most 50. */
  parameters: {
    type: "array",
    items: { type: "object", properties: policyParameter },
    maxItems: 50,
    optional: true,
    default: [],
  },
} as const satisfies Properties;

const STANDARD_TOPIC = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/;

const QUEUE_URL = {
  type: "string",
  pattern: /^https?:\/\/\S+$/,
  patternMessage: "must be the URL of an SQS queue",
} as const satisfies Property;

/** Where the notifications of requests are kept, such as an `ApprovalInbox`: its outputs have these names. */
export const inbox = {
  /** The ARN of the DynamoDB table. */
  tableArn: {
    type: "string",
    pattern: /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}$/,
    patternMessage: "must be the ARN of a DynamoDB table",
  },
  /** The URL of the SQS queue before it. */
  queueUrl: QUEUE_URL,
  /** The topic whose messages count: the requests' `notificationChannel`. Omit it only with raw message delivery. */
  topicArn: {
    type: "string",
    pattern: STANDARD_TOPIC,
    patternMessage: "must be the ARN of a standard SNS topic",
    optional: true,
  },
  /** The queue for messages that are not notifications. Without it, they remain in the first queue. */
  deadLetterQueueUrl: { ...QUEUE_URL, optional: true },
} as const satisfies Properties;

const inputs = {
  /**
   * The customer's account, 12 digits. Without it, any account that opens `consoleDeepLink` can claim the
   * request.
   */
  ownerAccountId: {
    type: "string",
    pattern: /^\d{12}$/,
    patternMessage: "must be an account id of 12 digits",
    optional: true,
    computed: true,
    onChange: "replace",
  },
  /** What the access is for, as the customer reads it. At most 1,000 characters of Latin-1. */
  description: { type: "string", maxLength: 1000, ...latin1, onChange: "replace" },
  /** The permissions asked for: a policy template, and the values for its placeholders. */
  permissions: { type: "object", properties: permissions, onChange: "replace" },
  /**
   * A message to the person who decides; good ones name the workspace, the account or a ticket. At most 200
   * characters of Latin-1.
   */
  requestMessage: { type: "string", maxLength: 200, ...latin1, optional: true, onChange: "replace" },
  /**
   * Your own name for the request, 5 to 400 characters of Latin-1. AWS rejects the id of an existing request and does
   * not return that request's link again; AWS does not document whether an id can be used again after its request was
   * deleted. Default: a new id is generated for each request, from organization, project, stack and resource.
   */
  requestorWorkflowId: {
    type: "string",
    minLength: 5,
    maxLength: 400,
    ...latin1,
    optional: true,
    computed: true,
    onChange: "replace",
  },
  /** Where the console sends the customer afterwards: an `http` or `https` URL of at most 255 characters. */
  redirectUrl: {
    type: "string",
    minLength: 1,
    maxLength: 255,
    pattern: /^https?:\/\/[a-zA-Z0-9._/-]*(\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$/,
    patternMessage:
      "must be an http or https URL of letters, digits and ._/- with a plain query and fragment (no port, no %)",
    optional: true,
    onChange: "replace",
  },
  /**
   * The ARN of an SNS topic of yours, in an account that AWS has registered for you and a region that is on by default.
   * The account that makes the request is such an account. The topic's policy must allow `iam.amazonaws.com` the action
   * `SNS:Publish`, or no notification and no token will arrive.
   */
  notificationChannel: {
    type: "string",
    minLength: 2,
    maxLength: 400,
    pattern: STANDARD_TOPIC,
    patternMessage:
      "must be the ARN of a standard SNS topic (no FIFO topic), such as arn:aws:sns:us-east-1:111122223333:approvals",
    onChange: "replace",
  },
  /**
   * How long the access lasts once the customer sends the token: 300 to 43,200 seconds. A root user of the customer's
   * account can approve at most 14,400 (four hours).
   */
  sessionDuration: {
    type: "integer",
    minimum: 300,
    maximum: 43_200,
    unit: "seconds",
    onChange: "replace",
  },
  /** Whether only the owner of the request, and nobody they forwarded it to, may send the token. AWS's default: false. */
  onlySendByOwner: { type: "boolean", optional: true, default: false, onChange: "replace" },
  /**
   * The states in which `pulumi up` asks the customer again, with a new request. Default: none, so that people are not
   * asked twice by accident. `pulumi refresh` reads the current state.
   *
   * `EXPIRED`: the request expired without an answer. `REJECTED`: the customer rejected it. `LAPSED`: the customer
   * accepted it, but it expired before a token was seen. `VANISHED`: AWS has deleted it, some time after it expired,
   * and Pulumi never saw an answer, although there may have been one.
   *
   * AWS does not let the requestor read a request of a named account: without an `inbox`, `VANISHED` is the only such
   * state that Pulumi can see. Change `generation` to ask that customer again.
   */
  renewWhen: {
    type: "array",
    items: { type: "string", enum: RENEWABLE },
    optional: true,
    onChange: "update",
    local: true,
  },
  /**
   * Where the request's notifications are kept. `pulumi refresh` then takes its state from there, and calls AWS only
   * while no account owns the request. It first moves waiting messages from the queue to the table, once in a run and
   * for a few seconds at most; `preview` and `up` do not. `CustomerAccess` sets its own inbox.
   */
  inbox: { type: "object", properties: inbox, optional: true, onChange: "update", local: true },
  /** Change this value to create a new request, for example a number that you increase, or a date. */
  generation: { type: "scalar", optional: true, onChange: "replace", local: true },
} as const satisfies Properties;

const outputs = {
  /** AWS's id of the request; also the resource's id. */
  delegationRequestId: { type: "string" },
  /**
   * The page of the AWS console on which the customer decides. Not secret by default, because you send it to the
   * customer. Without `ownerAccountId` keep it secret: `additionalSecretOutputs: ["consoleDeepLink"]`.
   */
  consoleDeepLink: { type: "string" },
  /** The id that identifies the request in notifications: the given or the generated one. */
  requestorWorkflowId: { type: "string" },
  /**
   * The state when it was last read, from AWS or its inbox; `UNASSIGNED` until then. An answered request that expires
   * keeps its answer. `LAPSED` means that the request was accepted, but expired before a token was seen. `VANISHED`
   * means that AWS has deleted the request, and no answer was seen.
   */
  state: { type: "string", enum: OBSERVED_STATES, tracked: true },
  /**
   * When the request expires if nobody acts on it, ISO 8601. Until AWS lets us read the request, this is computed as 1
   * day after it was created.
   */
  expirationTime: { type: "string" },
  /** The customer's account: the given one, or the one that claimed the request. */
  ownerAccountId: { type: "string", optional: true },
  /** The ARN of the identity that owns the request in the customer's account. Secret when `ownerAccountId` is. */
  ownerId: { type: "string", optional: true, secretWith: "ownerAccountId" },
  /** The ARN of the identity that approved it. Secret when `ownerAccountId` is. */
  approverId: { type: "string", optional: true, secretWith: "ownerAccountId" },
  /** Why it was rejected, in the customer's words. */
  rejectionReason: { type: "string", optional: true },
  /** Notes of people in the customer's account. */
  notes: { type: "string", optional: true },
  /** The account that made the request. */
  requestorId: { type: "string", optional: true },
  /** The name of that account, as AWS shows it to the customer. */
  requestorName: { type: "string", optional: true },
  /** When the request was made, ISO 8601. */
  createDate: { type: "string", optional: true },
  /** When it last changed state, ISO 8601. */
  updatedTime: { type: "string", optional: true },
  /** The rendered policy of the template and its parameters, JSON text. Secret when `permissions` contains a secret. */
  permissionPolicy: { type: "string", optional: true, secretWith: "permissions" },
  /** ARNs of policies that limit the roles that are created with the delegated access; empty when there are none. */
  rolePermissionRestrictionArns: { type: "array", items: { type: "string" }, optional: true },
} as const satisfies Properties;

/** The declaration of an IAM delegation request. */
export const delegationRequest = {
  token: "aws-approvals:iam:DelegationRequest",
  inputs,
  outputs,
  insteadOfImport:
    "A request cannot be imported, because AWS does not return its link again: create a new one.",
  actions: ["iam:CreateDelegationRequest", "iam:GetDelegationRequest", ...MAILBOX_ACTIONS],
} as const satisfies ResourceDeclaration;
