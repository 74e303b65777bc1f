import * as pulumi from "@pulumi/pulumi";
import { hasType } from "../program/hasType";
import { keyPolicy, queuePolicy, topicPolicy } from "./policies";
import { APPROVAL_INBOX } from "./tokens";

/**
 * SQS's maximum. Whoever waits for one customer receives the messages of the others and puts them back: that must not
 * drive a token that nobody has taken yet to the dead letters.
 */
const MAX_RECEIVES = 1000;

/** Arguments of an {@link ApprovalInbox}. */
export interface ApprovalInboxArgs {
  /**
   * The ARN of a topic that exists, to use in place of one of our own. A topic has one policy, so it stays yours:
   * it must allow `iam.amazonaws.com` the action `SNS:Publish`, and so must the key of an encrypted topic allow it
   * `kms:GenerateDataKey*` and `kms:Decrypt`.
   */
  topic?: pulumi.Input<string>;
  /**
   * A queue that exists, such as an `aws.sqs.Queue`, to use in place of one of our own. Its policy stays yours: it
   * must allow `sns.amazonaws.com` the action `sqs:SendMessage` on condition of the topic as `aws:SourceArn`. Send
   * what your program does not understand to a dead-letter queue.
   */
  queue?: ExistingQueue;
  /**
   * The KMS key that encrypts the topic: a key's id or ARN, or an alias. Its policy must allow `iam.amazonaws.com`
   * the actions `kms:GenerateDataKey*` and `kms:Decrypt`; so the key must be a customer managed one, and
   * `alias/aws/sns`, whose policy AWS alone decides, would stop every notification. Default: a key of its own, of
   * which AWS bills about 1 USD a month. `false`: none, the topic has SNS's own disk encryption only.
   */
  kmsMasterKeyId?: pulumi.Input<string> | false;
  /** Tags of the key, the topic and the queues. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A queue that something else manages. */
export interface ExistingQueue {
  arn: pulumi.Input<string>;
  url: pulumi.Input<string>;
}

interface InboxQueue extends ExistingQueue {
  deadLetterQueueUrl?: pulumi.Output<string>;
}

const DAY = 24 * 60 * 60;

/**
 * Where news of delegation requests arrives: an encrypted topic that IAM may publish to, and an encrypted queue that
 * keeps what the topic tells. One inbox serves any number of customers. Read the queue with
 * `iam.parseNotification`, and delete only what it understood: what is received 1,000 times and not deleted moves to
 * the dead-letter queue.
 *
 * The topic must be in the account that makes the requests, in a region that AWS enables by default.
 *
 * Made of a `kms.Key` with its `kms.KeyPolicy`, a `sns.Topic` with its `sns.TopicPolicy`, two `sqs.Queue`s, a
 * `sqs.QueuePolicy` and a `sns.TopicSubscription` of `@pulumi/aws`.
 *
 * Nothing arrives though a customer has acted? AWS documents no encryption of its own for these topics, only the
 * general rule for topics that its services publish to, which this follows. `kmsMasterKeyId: false` rules it out.
 *
 * @example
 * const inbox = new ApprovalInbox("approvals");
 * for (const { name, account } of customers) {
 *   new CustomerAccess(name, { inbox, request: { ownerAccountId: account, ...request } });
 * }
 */
export class ApprovalInbox extends pulumi.ComponentResource {
  /** What a delegation request takes as `notificationChannel`. */
  readonly topicArn: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  /** Where what nobody understood ends, for 14 days. Undefined with a queue of yours. */
  readonly deadLetterQueueUrl: pulumi.Output<string | undefined>;

  /**
   * @param name names the component, and the resources that it is made of
   * @param args see {@link ApprovalInboxArgs}
   * @param opts the `aws` provider among `providers` must be of the account that makes the requests
   * @throws ResourceError when `kmsMasterKeyId` is given for a topic that exists
   */
  constructor(name: string, args: ApprovalInboxArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(APPROVAL_INBOX, name, {}, opts);
    if (args.topic !== undefined && args.kmsMasterKeyId !== undefined) {
      throw new pulumi.ResourceError(
        "kmsMasterKeyId: is for a new topic, leave it out with topic",
        this,
        true,
      );
    }
    this.topicArn = pulumi.output(args.topic ?? this.newTopic(name, args));
    const queue: InboxQueue = args.queue ?? this.newQueue(name, args);
    this.queueArn = pulumi.output(queue.arn);
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

  private newTopic(name: string, { kmsMasterKeyId, tags }: ApprovalInboxArgs): pulumi.Output<string> {
    const { Topic, TopicPolicy } = sns();
    const key = kmsMasterKeyId === false ? undefined : (kmsMasterKeyId ?? this.newKey(name, tags));
    // Version 2 signs what is delivered over HTTPS with SHA-256; AWS's default is SHA-1.
    const topic = new Topic(name, { kmsMasterKeyId: key, signatureVersion: 2, tags }, { parent: this });
    new TopicPolicy(name, { arn: topic.arn, policy: topic.arn.apply(topicPolicy) }, { parent: this });
    return topic.arn;
  }

  private newKey(name: string, tags: ApprovalInboxArgs["tags"]): pulumi.Output<string> {
    const { Key, KeyPolicy } = require("@pulumi/aws/kms") as typeof import("@pulumi/aws/kms");
    const description = `Encrypts what IAM tells the topic ${name} of delegation requests`;
    const key = new Key(name, { description, enableKeyRotation: true, tags }, { parent: this });
    new KeyPolicy(name, { keyId: key.keyId, policy: key.arn.apply(keyPolicy) }, { parent: this });
    return key.arn;
  }

  private newQueue(name: string, { tags }: ApprovalInboxArgs): InboxQueue {
    const { Queue, QueuePolicy } = require("@pulumi/aws/sqs") as typeof import("@pulumi/aws/sqs");
    // With SQS's own encryption SNS needs no permission on any key.
    const encrypted = { sqsManagedSseEnabled: true, tags };
    // A message keeps its age when it moves, so the dead-letter queue must keep it longer.
    const deadLetters = new Queue(
      `${name}-dead-letters`,
      { ...encrypted, messageRetentionSeconds: 14 * DAY },
      { parent: this },
    );
    const queue = new Queue(
      name,
      {
        ...encrypted,
        // As long as a delegation request waits for people.
        messageRetentionSeconds: 7 * DAY,
        receiveWaitTimeSeconds: 20,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.arn,
          maxReceiveCount: MAX_RECEIVES,
        }),
      },
      { parent: this },
    );
    const policy = pulumi.all([queue.arn, this.topicArn]).apply(([arn, topic]) => queuePolicy(arn, topic));
    new QueuePolicy(name, { queueUrl: queue.url, policy }, { parent: this });
    return { arn: queue.arn, url: queue.url, deadLetterQueueUrl: deadLetters.url };
  }
}

// Loaded when a component is made, since `@pulumi/aws` must not be loaded with the package.
const sns = () => require("@pulumi/aws/sns") as typeof import("@pulumi/aws/sns");
