import { regionOf } from "../aws/arn";
import { INBOX_KEY } from "./address";

/**
 * What somebody does with a mailbox. `drain`: saves the queue's messages in the table, as every reader does first, and can see
 * the tokens in them.
 * `readStates`: sees what customers decided, and no token. `takeTokens`: that, and takes a token to trade it in. `redrive`:
 * looks at the messages that nobody understood, and sends them again.
 */
export type MailboxRole = "drain" | "readStates" | "takeTokens" | "redrive";

/** The ARNs of what a mailbox consists of, as far as policies name them. */
export interface MailboxResources {
  /** The DynamoDB table. */
  tableArn: string;
  /** The SQS queue before it. */
  queueArn: string;
  /** The queue for messages that are no notifications. `redrive` needs it. */
  deadLetterQueueArn?: string | undefined;
  /** The key of the table, unless its own policy lets the account use it through DynamoDB, as that of an `ApprovalInbox` does. */
  tableKmsKeyArn?: string | undefined;
  /** The key of both queues, unless it is SQS's own. */
  queueKmsKeyArn?: string | undefined;
}

/** A statement of an IAM policy. */
export interface PolicyStatement {
  /** The statement's name in the policy. */
  Sid: string;
  /** It allows. */
  Effect: "Allow";
  /** The IAM actions. */
  Action: string[];
  /** The ARN of the resource, or `*`. */
  Resource: string;
  /** By operator and key: the values that are allowed. */
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM policy. */
export interface PolicyDocument {
  /** The version of the policy language. */
  Version: "2012-10-17";
  /** The statements. */
  Statement: PolicyStatement[];
}

/**
 * The least that somebody with these roles needs to be allowed: a policy for users and roles of the mailbox's account.
 * `dynamodb:LeadingKeys` tells states and tokens apart by the keys of their items. That condition holds for a call that names
 * no key, too, so `dynamodb:Query`, `dynamodb:Scan` and PartiQL must not be allowed by another policy to who may not see
 * tokens.
 *
 * @throws TypeError without a role, and when `redrive` has no dead-letter queue
 */
export function mailboxPolicy(
  roles: MailboxRole | readonly MailboxRole[],
  resources: MailboxResources,
): PolicyDocument {
  const wanted = new Set([roles].flat());
  if (wanted.size === 0) throw new TypeError("mailboxPolicy: specify at least one role");
  const statements = [
    ...(wanted.has("drain") ? drainStatements(resources) : []),
    ...readStatements(wanted, resources),
    ...(wanted.has("redrive") ? redriveStatements(resources) : []),
    ...keyStatements(wanted, resources),
  ];
  return { Version: "2012-10-17", Statement: statements };
}

function drainStatements({ tableArn, queueArn, deadLetterQueueArn }: MailboxResources): PolicyStatement[] {
  return [
    // A Lambda function's event source mapping asks for the queue's attributes.
    allow("ReceiveNotifications", queueArn, RECEIVE),
    ...(deadLetterQueueArn === undefined
      ? []
      : [allow("SetAsideUnrecognized", deadLetterQueueArn, ["sqs:SendMessage"])]),
    allow("SaveNotifications", tableArn, ["dynamodb:UpdateItem"], {
      ...leadingKeys("state#*", "token#*"),
      // An update could answer with the item that it changes.
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
    }),
  ];
}

function readStatements(roles: ReadonlySet<MailboxRole>, { tableArn }: MailboxResources): PolicyStatement[] {
  const read = ["dynamodb:GetItem", "dynamodb:BatchGetItem"];
  if (roles.has("takeTokens")) {
    return [
      allow("ReadStatesAndTokens", tableArn, read, leadingKeys(INBOX_KEY, "state#*", "token#*")),
      allow("TradeTokensIn", "*", ["sts:GetDelegatedAccessToken"]),
    ];
  }
  // A table's ARN is enough to find its inbox, for who drains it too.
  const keys = roles.has("readStates") ? [INBOX_KEY, "state#*"] : [INBOX_KEY];
  return [allow("ReadStates", tableArn, read, leadingKeys(...keys))];
}

function redriveStatements({ queueArn, deadLetterQueueArn }: MailboxResources): PolicyStatement[] {
  if (deadLetterQueueArn === undefined)
    throw new TypeError("mailboxPolicy: redrive requires deadLetterQueueArn");
  return [
    allow("LookAtDeadLetters", deadLetterQueueArn, [...RECEIVE, "sqs:ChangeMessageVisibility"]),
    allow("SendAgain", queueArn, ["sqs:SendMessage", "sqs:GetQueueAttributes"]),
  ];
}

function keyStatements(
  roles: ReadonlySet<MailboxRole>,
  { tableArn, tableKmsKeyArn, queueArn, queueKmsKeyArn }: MailboxResources,
): PolicyStatement[] {
  const usesQueues = roles.has("drain") || roles.has("redrive");
  return [
    ...(tableKmsKeyArn !== undefined
      ? [allow("UseKeyOfTable", tableKmsKeyArn, ["kms:Decrypt"], through("dynamodb", tableArn))]
      : []),
    ...(queueKmsKeyArn !== undefined && usesQueues
      ? [
          allow(
            "UseKeyOfQueues",
            queueKmsKeyArn,
            ["kms:Decrypt", "kms:GenerateDataKey"],
            through("sqs", queueArn),
          ),
        ]
      : []),
  ];
}

const RECEIVE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

const allow = (
  Sid: string,
  Resource: string,
  Action: string[],
  Condition?: NonNullable<PolicyStatement["Condition"]>,
): PolicyStatement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });

const leadingKeys = (...keys: string[]) => ({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys } });

/** Only when the service asks for it, on behalf of the caller. */
const through = (service: "dynamodb" | "sqs", arn: string) => ({
  StringEquals: { "kms:ViaService": `${service}.${regionOf(arn)}.amazonaws.com` },
});
