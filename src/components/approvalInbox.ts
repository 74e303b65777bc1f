import * as pulumi from "@pulumi/pulumi";
import { hasType } from "../program/hasType";
import { keyPolicy, queuePolicy, topicPolicy } from "./policies";
import { APPROVAL_INBOX } from "./tokens";

/**
 * SQS's maximum. A reader that waits for one customer also receives the messages of the others and releases them. That
 * must not move a token to the dead-letter queue before its reader has taken it.
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
   * An existing queue to use, such as an `aws.sqs.Queue`, instead of a new one. You keep its policy: it must allow
   * `sns.amazonaws.com` the action `sqs:SendMessage`, with the condition that `aws:SourceArn` is the topic. Give it a
   * dead-letter queue for messages that your program does not understand.
   */
  queue?: ExistingQueue;
  /**
   * The KMS key that encrypts the topic: a key's id or ARN, or an alias. Its policy must allow `iam.amazonaws.com`
   * the actions `kms:GenerateDataKey*` and `kms:Decrypt`. So it must be a customer managed key: the policy of
   * `alias/aws/sns` cannot be changed, and would stop every notification. Default: a new key, for which AWS bills about
   * 1 USD a month. `false`: no key, the topic has only SNS's own disk encryption.
   */
  kmsMasterKeyId?: pulumi.Input<string> | false;
  /** Tags of the key, the topic and the queues. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A queue that is managed elsewhere. */
export interface ExistingQueue {
  arn: pulumi.Input<string>;
  url: pulumi.Input<string>;
}

interface InboxQueue extends ExistingQueue {
  deadLetterQueueUrl?: pulumi.Output<string>;
}

/** What no notification would arrive by, although AWS may take it. */
interface Refused {
  pattern: RegExp;
  message: string;
}

const AWS_KEY: Refused = {
  pattern: /(^|:)alias\/aws\/sns$/,
  message:
    "kmsMasterKeyId: must not be alias/aws/sns, whose policy does not let IAM publish, so no notification would arrive. " +
    "Give a key of your own, false for none, or leave it out to have one made",
};
const FIFO_TOPIC: Refused = {
  pattern: /\.fifo$/,
  message: "topic: must be a standard topic, since IAM publishes to no FIFO topic",
};
const FIFO_QUEUE: Refused = {
  pattern: /\.fifo$/,
  message: "queue.arn: must be of a standard queue, since a standard topic delivers to no FIFO queue",
};

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Receives the notifications of delegation requests: an encrypted topic that IAM may publish to, and an encrypted queue
 * that is subscribed to it. One inbox serves any number of customers. Read the queue with `iam.parseNotification`, and
 * delete only the messages that it recognizes: a message that is received 1,000 times and not deleted moves to the
 * dead-letter queue.
 *
 * The topic must be in the account that makes the requests, or in another that AWS has registered for you, and in a region
 * that is on by default.
 *
 * Consists of a `kms.Key` with its `kms.KeyPolicy`, a `sns.Topic` with its `sns.TopicPolicy`, two `sqs.Queue`s, a
 * `sqs.QueuePolicy` and a `sns.TopicSubscription` of `@pulumi/aws`.
 *
 * If nothing arrives although a customer has acted, try `kmsMasterKeyId: false`. AWS does not document how these topics
 * are to be encrypted; the key follows its general rule for topics that AWS services publish to.
 *
 * @example
 * const inbox = new ApprovalInbox("approvals");
 * for (const { name, account } of customers) {
 *   new CustomerAccess(name, { inbox, request: { ownerAccountId: account, ...request } });
 * }
 */
export class ApprovalInbox extends pulumi.ComponentResource {
  /** The `notificationChannel` for delegation requests. */
  readonly topicArn: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  /** Keeps messages that were not understood for 14 days. Undefined when the queue is yours. */
  readonly deadLetterQueueUrl: pulumi.Output<string | undefined>;

  /**
   * @param name names the component and its resources
   * @param args see {@link ApprovalInboxArgs}
   * @param opts the `aws` provider among `providers` must be of the account that makes the requests
   * @throws ResourceError when `kmsMasterKeyId` is given together with `topic` or is `alias/aws/sns`, and when `topic` or
   * `queue` is FIFO
   */
  constructor(name: string, args: ApprovalInboxArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(APPROVAL_INBOX, name, {}, opts);
    if (args.topic !== undefined && args.kmsMasterKeyId !== undefined) {
      throw new pulumi.ResourceError(
        "kmsMasterKeyId: applies to a new topic only, leave it out when topic is given",
        this,
        true,
      );
    }
    const topic = args.topic && this.refuse(FIFO_TOPIC, args.topic);
    this.topicArn = pulumi.output(topic ?? this.createTopic(name, args));
    const queue: InboxQueue = args.queue ?? this.createQueue(name, args);
    this.queueArn = pulumi.output(this.refuse(FIFO_QUEUE, queue.arn));
    this.queueUrl = pulumi.output(queue.url);
    this.deadLetterQueueUrl = pulumi.output(queue.deadLetterQueueUrl);
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
    });
  }

  /** Whether `value` is an ApprovalInbox, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is ApprovalInbox {
    return hasType(value, APPROVAL_INBOX);
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

  private createTopic(name: string, { kmsMasterKeyId, tags }: ApprovalInboxArgs): pulumi.Output<string> {
    const { Topic, TopicPolicy } = sns();
    const key =
      kmsMasterKeyId === false
        ? undefined
        : this.refuse(AWS_KEY, kmsMasterKeyId ?? this.createKey(name, tags));
    // Version 2 signs what is delivered over HTTPS with SHA-256; AWS's default is SHA-1.
    const topic = new Topic(name, { kmsMasterKeyId: key, signatureVersion: 2, tags }, { parent: this });
    new TopicPolicy(name, { arn: topic.arn, policy: topic.arn.apply(topicPolicy) }, { parent: this });
    return topic.arn;
  }

  private createKey(name: string, tags: ApprovalInboxArgs["tags"]): pulumi.Output<string> {
    const { Key, KeyPolicy } = require("@pulumi/aws/kms") as typeof import("@pulumi/aws/kms");
    const description = `Encrypts notifications of delegation requests in the topic ${name}`;
    const key = new Key(name, { description, enableKeyRotation: true, tags }, { parent: this });
    new KeyPolicy(name, { keyId: key.keyId, policy: key.arn.apply(keyPolicy) }, { parent: this });
    return key.arn;
  }

  private createQueue(name: string, { tags }: ApprovalInboxArgs): InboxQueue {
    const { Queue, QueuePolicy } = require("@pulumi/aws/sqs") as typeof import("@pulumi/aws/sqs");
    // SQS's own encryption, with which SNS needs no permission for a key.
    const encrypted = { sqsManagedSseEnabled: true, tags };
    // A message keeps its age when it moves, so the dead-letter queue needs the longer retention.
    const deadLetters = new Queue(
      `${name}-dead-letters`,
      { ...encrypted, messageRetentionSeconds: 14 * DAY_SECONDS },
      { parent: this },
    );
    const queue = new Queue(
      name,
      {
        ...encrypted,
        // A delegation request lapses after 7 days.
        messageRetentionSeconds: 7 * DAY_SECONDS,
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
const sns = () => require("@pulumi/aws/sns") as typeof import("@pulumi/aws/sns");
