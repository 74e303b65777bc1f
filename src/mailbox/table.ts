import { setTimeout as sleep } from "node:timers/promises";
import type { AttributeValue, DynamoDBClient, KeysAndAttributes } from "@aws-sdk/client-dynamodb";
import { regionOf } from "../aws/arn";
import type { AwsClients } from "../aws/clients";
import { callWithin } from "../aws/deadline";
import { type Remedies, remedyFor } from "../aws/errors";
import { INBOX_KEY, type MailboxAddress } from "./address";
import type { DelegationNotification, ExchangeTokenNotification } from "./messages";
import { type NotifiedStatus, type RequestFacts, STAGE, type Step, stateOf } from "./order";
import { Secret } from "./secret";

/** What the mailbox holds of a request. `tokenExpiresAt` is there once its token is. */
export interface RequestRecord extends NotifiedStatus {
  requestId: string;
  requestorWorkflowId: string;
}

/** The token of a request. */
export interface TokenRecord {
  token: Secret;
  /** When the delegated access ends, and the token expires. It may be over: AWS's time decides, and finally STS. */
  accessEndsAt: Date;
  ownerAccountId?: string;
}

export interface CallOptions {
  /** Ends the calls. Each of them has a deadline, too. */
  abortSignal?: AbortSignal | undefined;
}

export interface FindOptions extends CallOptions {
  /** See every write that was answered before. Costs twice as much as a read that may be some milliseconds behind. */
  consistentRead?: boolean;
}

type Item = Readonly<Record<string, AttributeValue>>;

const stateKey = (requestId: string) => `state#${requestId}`;
const tokenKey = (requestId: string) => `token#${requestId}`;

/** For as long a state is kept: longer than anybody asks about a request, which lives for days. */
const STATE_RETENTION_MS = 400 * 86_400_000;

/**
 * The table that keeps what customers decided. An item a request for its state and one for its token, so that a policy can
 * let somebody read states and not tokens (`dynamodb:LeadingKeys`).
 *
 * Every write says what it supersedes, so notifications may be saved in any order, by several at once, and any number of
 * times. The time at which access ends is written to the state after the token, so that who sees it finds the token.
 */
export class MailboxTable {
  /** @param tableArn its region is the client's */
  constructor(
    private readonly client: DynamoDBClient,
    readonly tableArn: string,
  ) {}

  static async open(clients: AwsClients, tableArn: string): Promise<MailboxTable> {
    return new MailboxTable(await clients.dynamodb(regionOf(tableArn)), tableArn);
  }

  /** Saves what a notification tells, unless the table holds something newer already. */
  async save(notification: DelegationNotification, options: CallOptions = {}): Promise<void> {
    if (notification.type === "ExchangeToken") await this.saveToken(notification, options);
    await this.saveState(notification, options);
    if (notification.type === "ExchangeToken") await this.saveAccessEnd(notification, options);
  }

  /** The records of the requests that notifications have arrived of. */
  async findStates(
    requestIds: Iterable<string>,
    options: FindOptions = {},
  ): Promise<Map<string, RequestRecord>> {
    const keys = [...new Set(requestIds)].map(stateKey);
    const chunks = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, i) =>
      keys.slice(i * BATCH, (i + 1) * BATCH),
    );
    const found: Item[] = [];
    const getNext = async () => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift())
        found.push(...(await this.batchGet(chunk, options)));
    };
    await Promise.all(Array.from({ length: CONCURRENT_BATCHES }, getNext));
    const records = found.flatMap((item) => readState(item) ?? []);
    return new Map(records.map((record) => [record.requestId, record]));
  }

  async findToken(requestId: string, options: CallOptions = {}): Promise<TokenRecord | undefined> {
    const item = await this.get(tokenKey(requestId), options);
    return item && readToken(item);
  }

  /** The inbox that the table belongs to, as `ApprovalInbox` has written it there. */
  async findInbox(options: CallOptions = {}): Promise<MailboxAddress | undefined> {
    const item = await this.get(INBOX_KEY, options);
    const queueUrl = item?.["queueUrl"]?.S;
    if (!item || !queueUrl) return undefined;
    const { topicArn, deadLetterQueueUrl } = item;
    return {
      ...{ tableArn: this.tableArn, queueUrl },
      ...(topicArn?.S && { topicArn: topicArn.S }),
      ...(deadLetterQueueUrl?.S && { deadLetterQueueUrl: deadLetterQueueUrl.S }),
    };
  }

  private saveToken(notification: ExchangeTokenNotification, options: CallOptions): Promise<void> {
    const { requestId, exchangeToken, expiresAt, ownerAccountId, updatedAt } = notification;
    return this.update(
      tokenKey(requestId),
      {
        token: { S: exchangeToken.reveal() },
        accessEndsAt: time(expiresAt),
        updatedAt: time(updatedAt),
        expiresAt: seconds(expiresAt),
        ...(ownerAccountId && { ownerAccountId: { S: ownerAccountId } }),
      },
      NEWER.accessEndsAt,
      options,
    );
  }

  private saveState(notification: DelegationNotification, options: CallOptions): Promise<void> {
    const { requestId, requestorWorkflowId, state, ownerAccountId, updatedAt } = notification;
    const common = {
      requestorWorkflowId: { S: requestorWorkflowId },
      expiresAt: seconds(new Date(updatedAt.getTime() + STATE_RETENTION_MS)),
      ...(ownerAccountId && { ownerAccountId: { S: ownerAccountId } }),
    };
    if (state === "EXPIRED") {
      const attributes = { ...common, expiredAt: time(updatedAt) };
      // A step's time counts for how long the item is kept, whichever of the two comes first.
      return this.update(stateKey(requestId), attributes, NEWER.expiredAt, options, ["expiresAt"]);
    }
    const stage = { N: String(STAGE[state]) };
    const attributes = { ...common, state: { S: state }, stage, updatedAt: time(updatedAt) };
    return this.update(stateKey(requestId), attributes, NEWER.state, options);
  }

  private saveAccessEnd(
    { requestId, expiresAt }: ExchangeTokenNotification,
    options: CallOptions,
  ): Promise<void> {
    return this.update(stateKey(requestId), { accessEndsAt: time(expiresAt) }, NEWER.accessEndsAt, options);
  }

  /** @param defaults the attributes to set only where the item does not have them */
  private async update(
    pk: string,
    attributes: Item,
    condition: string,
    options: CallOptions,
    defaults: readonly string[] = [],
  ): Promise<void> {
    const { UpdateItemCommand } = await loadSdk();
    const entries = Object.entries(attributes);
    const assignments = entries.map(([name]) =>
      defaults.includes(name) ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`,
    );
    const command = new UpdateItemCommand({
      TableName: this.tableArn,
      Key: { pk: { S: pk } },
      UpdateExpression: `SET ${assignments.join(", ")}`,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
    });
    await this.call("UpdateItem", options, (within) =>
      this.client.send(command, within).catch((error: Error) => {
        if (error.name !== "ConditionalCheckFailedException") throw error;
      }),
    );
  }

  private async get(pk: string, options: CallOptions): Promise<Item | undefined> {
    const { GetItemCommand } = await loadSdk();
    const command = new GetItemCommand({
      TableName: this.tableArn,
      Key: { pk: { S: pk } },
      ConsistentRead: true,
    });
    const answer = await this.call("GetItem", options, (within) => this.client.send(command, within));
    return answer.Item;
  }

  /** Up to 100 items. DynamoDB leaves some for another call when it is busy, or the answer would be too large. */
  private async batchGet(keys: readonly string[], options: FindOptions): Promise<Item[]> {
    const { BatchGetItemCommand } = await loadSdk();
    const { abortSignal, consistentRead: ConsistentRead } = options;
    let left: KeysAndAttributes[] = [{ Keys: keys.map((pk) => ({ pk: { S: pk } })), ConsistentRead }];
    const items: Item[] = [];
    for (let delay = INITIAL_DELAY_MS; ; delay = Math.min(2 * delay, MAX_DELAY_MS)) {
      const RequestItems = Object.fromEntries(left.map((of) => [this.tableArn, of]));
      const command = new BatchGetItemCommand({ RequestItems });
      const answer = await this.call("BatchGetItem", options, (within) => this.client.send(command, within));
      items.push(...Object.values(answer.Responses ?? {}).flat());
      left = Object.values(answer.UnprocessedKeys ?? {});
      if (left.length === 0) return items;
      await sleep(Math.random() * delay, undefined, { ...(abortSignal && { signal: abortSignal }) });
    }
  }

  private call<Answer>(
    operation: string,
    { abortSignal }: CallOptions,
    send: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    const options = { abortSignal, remedies: REMEDIES };
    return callWithin(`dynamodb:${operation}`, this.tableArn, options, send);
  }
}

let sdk: Promise<typeof import("@aws-sdk/client-dynamodb")> | undefined;
/** Kept, since each import of it copies the hundreds of names that it exports. */
const loadSdk = () => {
  sdk ??= import("@aws-sdk/client-dynamodb");
  return sdk;
};

/** What DynamoDB takes in a call. */
const BATCH = 100;
const CONCURRENT_BATCHES = 8;
const INITIAL_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** The conditions of the writes: nothing is there yet, or something older. */
const NEWER = {
  state: "attribute_not_exists(#stage) OR #stage < :stage OR (#stage = :stage AND #updatedAt < :updatedAt)",
  expiredAt: "attribute_not_exists(#expiredAt) OR #expiredAt < :expiredAt",
  accessEndsAt: "attribute_not_exists(#accessEndsAt) OR #accessEndsAt < :accessEndsAt",
};

const time = (date: Date): AttributeValue.NMember => ({ N: String(date.getTime()) });

/** As DynamoDB's time to live wants it. */
const seconds = (date: Date): AttributeValue.NMember => ({ N: String(Math.ceil(date.getTime() / 1000)) });

const readTime = (value: AttributeValue | undefined): Date | undefined =>
  value?.N === undefined ? undefined : new Date(Number(value.N));

function readState(item: Item): RequestRecord | undefined {
  const updatedAt = readTime(item["updatedAt"]);
  const expiredAt = readTime(item["expiredAt"]);
  const tokenExpiresAt = readTime(item["accessEndsAt"]);
  const state = item["state"]?.S;
  const facts: RequestFacts = {
    ...(isStep(state) && updatedAt && { furthest: { state, updatedAt } }),
    ...(expiredAt && { expiredAt }),
  };
  const status = stateOf(facts);
  const ownerAccountId = item["ownerAccountId"]?.S;
  return (
    status && {
      requestId: item["pk"]?.S?.slice(stateKey("").length) ?? "",
      requestorWorkflowId: item["requestorWorkflowId"]?.S ?? "",
      ...status,
      ...(tokenExpiresAt && { tokenExpiresAt }),
      ...(ownerAccountId && { ownerAccountId }),
    }
  );
}

const isStep = (state: string | undefined): state is Step =>
  state !== undefined && Object.hasOwn(STAGE, state);

function readToken(item: Item): TokenRecord | undefined {
  const token = item["token"]?.S;
  const accessEndsAt = readTime(item["accessEndsAt"]);
  const ownerAccountId = item["ownerAccountId"]?.S;
  if (token === undefined || accessEndsAt === undefined) return undefined;
  return { token: new Secret(token), accessEndsAt, ...(ownerAccountId && { ownerAccountId }) };
}

const REMEDIES: Remedies = {
  ResourceNotFound:
    "The table does not exist in the account and region of its ARN. Check the ARN, and that the stack of the inbox is deployed.",
  AccessDenied:
    "The credentials must belong to the table's account and have that permission for the items that are read or written (dynamodb:LeadingKeys). If the table is encrypted with a customer managed key, they also need kms:Decrypt for that key.",
  ...remedyFor(
    ["KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "InaccessibleEncryptionCredentials"],
    "The key that encrypts the table cannot be used. It must be enabled, and its policy or the caller's must allow kms:Decrypt.",
  ),
  ...remedyFor(
    ["ProvisionedThroughputExceeded", "Throttling", "RequestLimitExceeded"],
    "DynamoDB throttled the call, and retries did not help. Run again later; a table that is not on demand may need more capacity.",
  ),
};
