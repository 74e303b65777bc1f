import * as pulumi from "@pulumi/pulumi";
import { inboxItem } from "../mailbox/address";
import { type MailboxRole, mailboxPolicy } from "../mailbox/policy";
import { hasType } from "../program/hasType";
import { keyPolicy, queuePolicy, topicPolicy } from "./policies";
import { APPROVAL_INBOX } from "./tokens";

/**
 * SQS's maximum. SQS counts receives and not understanding: a message is received again after every crash of a reader and
 * every failed write to the table, and must not be moved for that. What readers do not understand, they move themselves,
 * with the reason.
 */
const MAX_RECEIVE_COUNT = 1000;

/** Arguments of an {@link ApprovalInbox}. */
export interface ApprovalInboxArgs {
  /**
   * The ARN of an existing topic to use, instead of a new one. You keep its policy, since a topic has only one: it must
   * allow `iam.amazonaws.com` the action `SNS:Publish`. The key of an encrypted topic must allow it `kms:GenerateDataKey*`
   * and `kms:Decrypt`.
   */
  topic?: pulumi.Input<string>;
  /**
   * An existing queue to use, such as an `aws.sqs.Queue`, instead of a new one, and of no other inbox, since readers move the
   * messages of other topics to the dead letters. You keep its policy: it must allow
   * `sns.amazonaws.com` the action `sqs:SendMessage`, with the condition that `aws:SourceArn` is the topic. Its redrive
   * policy, if it has one, should take `maxReceiveCount` 1,000: SQS counts receives, and not understanding. Its retention
   * should be 14 days: an answer must not be deleted before the news, a week later, that its request has expired.
   */
  queue?: ExistingQueue;
  /**
   * An existing DynamoDB table to use, such as an `aws.dynamodb.Table`, instead of a new one: in the region of the `aws`
   * provider, with the partition key `pk`, a string, and no sort key, and of no other inbox. Its billing, its encryption
   * and its time to live are yours; without time to live on the attribute `expiresAt`, tokens stay there when they have
   * expired.
   */
  table?: ExistingTable;
  /**
   * The KMS key that encrypts the topic: a key's id or ARN, or an alias. Its policy must allow `iam.amazonaws.com`
   * the actions `kms:GenerateDataKey*` and `kms:Decrypt`. So it must be a customer managed key: the policy of
   * `alias/aws/sns` cannot be changed, and would stop every notification. Default: a new key, for which AWS bills about
   * 1 USD a month. `false`: no key, the topic has only SNS's own disk encryption.
   */
  kmsMasterKeyId?: pulumi.Input<string> | false;
  /**
   * The KMS key that encrypts the table: a key's ARN, and no alias. Who reads or writes the table must be allowed to use
   * it through DynamoDB. Default: the key that is made for the topic, and the one that AWS owns when none is made.
   */
  tableKmsKeyArn?: pulumi.Input<string>;
  /** Tags of the key, the topic, the queues and the table. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A queue that is managed elsewhere. */
export interface ExistingQueue {
  /** The ARN of the queue, which must not be FIFO. */
  arn: pulumi.Input<string>;
  /** The URL of the queue. */
  url: pulumi.Input<string>;
  /**
   * The queue for messages that readers do not understand: they move them there, with the reason. Default: such messages
   * stay in the queue.
   */
  deadLetterQueueUrl?: pulumi.Input<string>;
}

/** A table that is managed elsewhere. */
export interface ExistingTable {
  /** The ARN of the table. */
  arn: pulumi.Input<string>;
  /** Default: the one in the ARN. */
  name?: pulumi.Input<string>;
}

/** The keys of a queue or a table of your own, if their policies do not let the account use them. */
export interface InboxKeys {
  /** The ARN of the key that encrypts the table. */
  tableKmsKeyArn?: pulumi.Input<string> | undefined;
  /** The ARN of the key that encrypts the queues. */
  queueKmsKeyArn?: pulumi.Input<string> | undefined;
}

/** A key that the inbox has made. */
interface InboxKey {
  arn: pulumi.Output<string>;
  /** Before it is there, nobody can use the key. */
  policy: pulumi.Resource;
}

/** What no notification would arrive by, although AWS may take it. */
interface Refused {
  pattern: RegExp;
  message: string;
}

const AWS_KEY: Refused = {
  pattern: /(^|:)alias\/aws\/sns$/,
  message:
    "kmsMasterKeyId: must not be alias/aws/sns. Its key policy does not allow IAM to publish, so no notification would " +
    "arrive. Specify a customer managed key, specify false for no key, or omit it to have a key created",
};
const FIFO_TOPIC: Refused = {
  pattern: /\.fifo$/,
  message: "topic: must be a standard topic. IAM does not publish to FIFO topics",
};
const FIFO_QUEUE: Refused = {
  pattern: /\.fifo$/,
  message: "queue.arn: must be the ARN of a standard queue. A standard topic does not deliver to FIFO queues",
};

const NO_TABLE: Refused = {
  pattern: /^(?!arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+$)/,
  message: "table.arn: must be the ARN of a DynamoDB table",
};
const NO_KEY_ARN: Refused = {
  pattern: /^(?!arn:[\w-]+:kms:[\w-]+:\d{12}:key\/.)/,
  message: "tableKmsKeyArn: must be the ARN of a key. DynamoDB does not accept an alias",
};

const DAY_SECONDS = 24 * 60 * 60;
/**
 * SQS's maximum. An answered request expires after 7 days, and AWS tells that as well. Where only that news is left, nobody
 * seems to have answered, and `renewWhen` would ask the customer again.
 */
const MAX_RETENTION_DAYS = 14;

/**
 * Receives the notifications of delegation requests and keeps what they say: an encrypted topic that IAM may publish to,
 * an encrypted queue that is subscribed to it, and an encrypted table, the mailbox, that whoever reads the queue writes to:
 * `aws-approvals`, a refresh of requests with this `inbox`, or a Lambda function. One inbox serves any number of customers,
 * and any number of colleagues and pipelines who look into its table.
 *
 * The topic must be in the account that makes the requests, or in another that AWS has registered for you, and in a region
 * that is on by default.
 *
 * The table has an item for the state of each request, kept for 400 days, and one for its token, kept until it expires.
 * Deleting the inbox deletes them: the option `protect` keeps you from it.
 *
 * Consists of a `kms.Key` with its `kms.KeyPolicy`, a `sns.Topic` with its `sns.TopicPolicy`, two `sqs.Queue`s, a
 * `sqs.QueuePolicy`, a `sns.TopicSubscription`, and a `dynamodb.Table` with a `dynamodb.TableItem`, which says what inbox
 * the table is of, of `@pulumi/aws`.
 *
 * If nothing arrives although a customer has acted, try `kmsMasterKeyId: false`. AWS does not document how these topics
 * are to be encrypted; the key follows its general rule for topics that AWS services publish to.
 *
 * @example
 * import { ApprovalInbox, CustomerAccess } from "pulumi-aws-approvals";
 *
 * const inbox = new ApprovalInbox("approvals");
 * const request = {
 *   description: "Read the bucket list to set up backups",
 *   permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *   sessionDuration: 3600,
 * };
 * for (const [name, ownerAccountId] of Object.entries({ acme: "222222222222", globex: "333333333333" })) {
 *   new CustomerAccess(name, { inbox, request: { ...request, ownerAccountId } });
 * }
 */
export class ApprovalInbox extends pulumi.ComponentResource {
  /** The `notificationChannel` for delegation requests. */
  readonly topicArn: pulumi.Output<string>;
  /** The ARN of the queue that notifications arrive in. */
  readonly queueArn: pulumi.Output<string>;
  /** The URL of that queue. */
  readonly queueUrl: pulumi.Output<string>;
  /** Keeps messages that were not understood for 14 days. Undefined when the queue is yours and you name none. */
  readonly deadLetterQueueUrl: pulumi.Output<string | undefined>;
  /** The table that keeps what the notifications say. */
  readonly tableArn: pulumi.Output<string>;
  /** The name of that table. */
  readonly tableName: pulumi.Output<string>;
  private readonly tableKmsKeyArn: pulumi.Input<string> | undefined;
  private readonly hasDeadLetters: boolean;

  /**
   * @param name names the component and its resources
   * @param args see {@link ApprovalInboxArgs}
   * @param opts the `aws` provider among `providers` must be of the account that makes the requests
   * @throws ResourceError when `kmsMasterKeyId` is given together with `topic` or is `alias/aws/sns`, when `topic` or
   * `queue` is FIFO, when `tableKmsKeyArn` is given together with `table`, and when either is not an ARN of its kind
   */
  constructor(name: string, args: ApprovalInboxArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(APPROVAL_INBOX, name, {}, opts);
    if (args.topic !== undefined && args.kmsMasterKeyId !== undefined) {
      throw new pulumi.ResourceError(
        "kmsMasterKeyId: applies only to a new topic. Omit it when topic is specified",
        this,
        true,
      );
    }
    if (args.table !== undefined && args.tableKmsKeyArn !== undefined) {
      throw new pulumi.ResourceError(
        "tableKmsKeyArn: applies only to a new table. Omit it when table is specified",
        this,
        true,
      );
    }
    this.tableKmsKeyArn = args.tableKmsKeyArn;
    this.hasDeadLetters = args.queue === undefined || args.queue.deadLetterQueueUrl !== undefined;
    const topic = args.topic && this.refuse(FIFO_TOPIC, args.topic);
    const key =
      topic === undefined && args.kmsMasterKeyId === undefined ? this.createKey(name, args) : undefined;
    this.topicArn = pulumi.output(topic ?? this.createTopic(name, args, key));
    const queue: ExistingQueue = args.queue ?? this.createQueue(name, args);
    this.queueArn = pulumi.output(this.refuse(FIFO_QUEUE, queue.arn));
    this.queueUrl = pulumi.output(queue.url);
    this.deadLetterQueueUrl = pulumi.output(queue.deadLetterQueueUrl);
    const table: ExistingTable = args.table ?? this.createTable(name, args, key);
    // One of ours is not checked: mocks of a program's tests may give it no ARN.
    this.tableArn = pulumi.output(args.table ? this.refuse(NO_TABLE, args.table.arn) : table.arn);
    this.tableName = pulumi.output(table.name ?? this.tableArn.apply((arn) => arn.replace(/^.*\//, "")));
    this.writeAddress(name);
    const { TopicSubscription } = sns();
    new TopicSubscription(
      name,
      { topic: this.topicArn, protocol: "sqs", endpoint: this.queueArn },
      { parent: this },
    );
    this.registerOutputs({
      topicArn: this.topicArn,
      queueArn: this.queueArn,
      queueUrl: this.queueUrl,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      tableArn: this.tableArn,
      tableName: this.tableName,
    });
  }

  /** Whether `value` is an ApprovalInbox, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is ApprovalInbox {
    return hasType(value, APPROVAL_INBOX);
  }

  /**
   * What somebody needs to be allowed who does this with the inbox: a JSON document for an `aws.iam.Policy` and the like.
   *
   * @param roles see {@link MailboxRole}
   * @param keys the keys of a queue or a table of your own; the `tableKmsKeyArn` of the inbox is known
   * @throws ResourceError for `redrive` when the inbox has no dead-letter queue
   * @example
   * import * as aws from "@pulumi/aws";
   * import { ApprovalInbox } from "pulumi-aws-approvals";
   *
   * const inbox = new ApprovalInbox("approvals");
   * new aws.iam.RolePolicy("support", { role: "support", policy: inbox.policyFor("readStates") });
   */
  policyFor(
    roles: MailboxRole | readonly MailboxRole[],
    { tableKmsKeyArn = this.tableKmsKeyArn, queueKmsKeyArn }: InboxKeys = {},
  ): pulumi.Output<string> {
    if ([roles].flat().includes("redrive") && !this.hasDeadLetters) {
      const message =
        "policyFor: redrive requires a dead-letter queue. Specify queue.deadLetterQueueUrl for the inbox";
      throw new pulumi.ResourceError(message, this, true);
    }
    const { tableArn, queueArn, deadLetterQueueUrl } = this;
    return pulumi
      .all([tableArn, queueArn, deadLetterQueueUrl, tableKmsKeyArn, queueKmsKeyArn])
      .apply(([table, queue, deadLetters, tableKey, queueKey]) =>
        JSON.stringify(
          mailboxPolicy(roles, {
            tableArn: table,
            queueArn: queue,
            // A queue and its dead-letter queue are of one account and region.
            deadLetterQueueArn: deadLetters && queue.replace(/[^:]+$/, deadLetters.replace(/^.*\//, "")),
            tableKmsKeyArn: tableKey,
            queueKmsKeyArn: queueKey,
          }),
        ),
      );
  }

  /** The value, unless it cannot work. */
  private refuse({ pattern, message }: Refused, value: pulumi.Input<string>): pulumi.Input<string> {
    if (typeof value === "string") {
      if (pattern.test(value)) throw new pulumi.ResourceError(message, this, true);
      return value;
    }
    return pulumi.output(value).apply((text) => {
      // What is thrown here would leave an inline program waiting for ever; a logged error fails the operation, too.
      if (pattern.test(text)) void pulumi.log.error(message, this);
      return text;
    });
  }

  private createTopic(
    name: string,
    { kmsMasterKeyId: given, tags }: ApprovalInboxArgs,
    key: InboxKey | undefined,
  ): pulumi.Output<string> {
    const { Topic, TopicPolicy } = sns();
    const kmsMasterKeyId = given ? this.refuse(AWS_KEY, given) : key?.arn;
    // Version 2 signs what is delivered over HTTPS with SHA-256; AWS's default is SHA-1.
    const topic = new Topic(name, { kmsMasterKeyId, signatureVersion: 2, tags }, { parent: this });
    new TopicPolicy(name, { arn: topic.arn, policy: topic.arn.apply(topicPolicy) }, { parent: this });
    return topic.arn;
  }

  private createKey(name: string, { table, tableKmsKeyArn, tags }: ApprovalInboxArgs): InboxKey {
    const { Key, KeyPolicy } = require("@pulumi/aws/kms") as typeof import("@pulumi/aws/kms");
    const description = `Encrypts notifications of delegation requests of the inbox ${name}`;
    const { arn, keyId } = new Key(name, { description, enableKeyRotation: true, tags }, { parent: this });
    const encryptsTable = table === undefined && tableKmsKeyArn === undefined;
    const document = arn.apply((keyArn) => keyPolicy(keyArn, { encryptsTable }));
    return { arn, policy: new KeyPolicy(name, { keyId, policy: document }, { parent: this }) };
  }

  private createTable(
    name: string,
    { tableKmsKeyArn: given, tags }: ApprovalInboxArgs,
    key: InboxKey | undefined,
  ): ExistingTable {
    const kmsKeyArn = given === undefined ? key?.arn : this.refuse(NO_KEY_ARN, given);
    const { Table } = dynamodb();
    return new Table(
      name,
      {
        hashKey: "pk",
        attributes: [{ name: "pk", type: "S" }],
        billingMode: "PAY_PER_REQUEST",
        ttl: { attributeName: "expiresAt", enabled: true },
        ...(kmsKeyArn !== undefined && { serverSideEncryption: { enabled: true, kmsKeyArn } }),
        tags,
      },
      { parent: this, ...(key && { dependsOn: key.policy }) },
    );
  }

  /** Has the table say what inbox it is of, so that its ARN is all that a colleague needs. */
  private writeAddress(name: string): void {
    const { queueUrl, topicArn, deadLetterQueueUrl } = this;
    const item = pulumi
      .output({ queueUrl, topicArn, deadLetterQueueUrl })
      .apply((address) => JSON.stringify(inboxItem(address)));
    const { TableItem } = dynamodb();
    new TableItem(name, { tableName: this.tableName, hashKey: "pk", item }, { parent: this });
  }

  private createQueue(name: string, { tags }: ApprovalInboxArgs): ExistingQueue {
    const { Queue, QueuePolicy } = require("@pulumi/aws/sqs") as typeof import("@pulumi/aws/sqs");
    const common = {
      // SQS's own encryption, with which SNS needs no permission for a key.
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: MAX_RETENTION_DAYS * DAY_SECONDS,
      tags,
    };
    const deadLetters = new Queue(`${name}-dead-letters`, common, { parent: this });
    const queue = new Queue(
      name,
      {
        ...common,
        receiveWaitTimeSeconds: 20,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.arn,
          maxReceiveCount: MAX_RECEIVE_COUNT,
        }),
      },
      { parent: this },
    );
    const policy = pulumi.all([queue.arn, this.topicArn]).apply(([arn, topic]) => queuePolicy(arn, topic));
    new QueuePolicy(name, { queueUrl: queue.url, policy }, { parent: this });
    return { arn: queue.arn, url: queue.url, deadLetterQueueUrl: deadLetters.url };
  }
}

// Loaded on first use, since importing the package must not load `@pulumi/aws`.
const dynamodb = () => require("@pulumi/aws/dynamodb") as typeof import("@pulumi/aws/dynamodb");
const sns = () => require("@pulumi/aws/sns") as typeof import("@pulumi/aws/sns");
