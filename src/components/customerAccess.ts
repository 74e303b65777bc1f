import * as pulumi from "@pulumi/pulumi";
import type { KnownState } from "../aws/delegationRequestState";
import { hasType } from "../program/hasType";
import { DelegationRequest, type DelegationRequestArgs } from "../resources/iam/delegationRequest/resource";
import { ApprovalInbox, type ApprovalInboxArgs } from "./approvalInbox";
import { CUSTOMER_ACCESS } from "./tokens";

/** Arguments of a {@link CustomerAccess}: of the request, and of the inbox unless a shared one is given. */
export interface CustomerAccessArgs extends ApprovalInboxArgs {
  /** What to ask the customer for. `notificationChannel` can be left out; given, it means the same as `topic`. */
  request: Omit<DelegationRequestArgs, "notificationChannel"> &
    Partial<Pick<DelegationRequestArgs, "notificationChannel">>;
  /** The inbox to use, shared with other customers. Default: one of its own. */
  inbox?: ApprovalInbox;
}

const OF_THE_INBOX = [
  "topic",
  "queue",
  "kmsMasterKeyId",
  "tags",
] as const satisfies (keyof ApprovalInboxArgs)[];

/**
 * Access to a customer's account, with all that it takes: an {@link ApprovalInbox} for the news, and an
 * `iam.DelegationRequest` that is made once the inbox can hear of it. Send the customer to `consoleDeepLink`.
 *
 * With many customers give them one inbox: `new ApprovalInbox(...)`.
 *
 * @example
 * const access = new CustomerAccess("acme", {
 *   request: {
 *     ownerAccountId: "222222222222",
 *     description: "Read the bucket list to set up backups",
 *     permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *     sessionDuration: 3600,
 *   },
 * });
 * export const link = access.consoleDeepLink;
 */
export class CustomerAccess extends pulumi.ComponentResource {
  readonly inbox: ApprovalInbox;
  readonly request: DelegationRequest;
  /** The page of the AWS console on which the customer decides. Secret when the request names no `ownerAccountId`. */
  readonly consoleDeepLink: pulumi.Output<string>;
  /** AWS's id of the request. */
  readonly delegationRequestId: pulumi.Output<string>;
  /** The state when Pulumi last read it. */
  readonly state: pulumi.Output<KnownState>;
  /** When the request lapses unless somebody acts, ISO 8601. */
  readonly expirationTime: pulumi.Output<string>;
  /** The id that notifications tell the request by, beside AWS's. */
  readonly requestorWorkflowId: pulumi.Output<string>;
  /** The topic that AWS tells of the request. */
  readonly topicArn: pulumi.Output<string>;
  /** The queue that keeps what the topic tells. */
  readonly queueUrl: pulumi.Output<string>;

  /**
   * @param name names the component, its inbox and its request
   * @param args see {@link CustomerAccessArgs}
   * @param opts an `aws` provider among `providers` serves the inbox; the request is made with the stack's own
   * configuration, as every `iam.DelegationRequest` is. Both must be of one account.
   * @throws ResourceError when a shared inbox is given, and arguments for one of its own too
   */
  constructor(name: string, args: CustomerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super(CUSTOMER_ACCESS, name, {}, opts);
    const { inbox, request, ...own } = args;
    this.refuseContradictions(args);
    this.inbox =
      inbox ??
      new ApprovalInbox(name, { ...own, topic: own.topic ?? request.notificationChannel }, { parent: this });
    // All of the inbox: a request that is made before its topic may be published to loses its first news for good.
    this.request = new DelegationRequest(
      name,
      { ...request, notificationChannel: this.inbox.topicArn },
      {
        parent: this,
        dependsOn: this.inbox,
        // Whoever opens the link of such a request can claim it.
        additionalSecretOutputs: request.ownerAccountId === undefined ? ["consoleDeepLink"] : [],
      },
    );
    this.consoleDeepLink = this.request.consoleDeepLink;
    this.delegationRequestId = this.request.delegationRequestId;
    this.state = this.request.state;
    this.expirationTime = this.request.expirationTime;
    this.requestorWorkflowId = this.request.requestorWorkflowId;
    this.topicArn = this.inbox.topicArn;
    this.queueUrl = this.inbox.queueUrl;
    this.registerOutputs({
      consoleDeepLink: this.consoleDeepLink,
      delegationRequestId: this.delegationRequestId,
      state: this.state,
      expirationTime: this.expirationTime,
      requestorWorkflowId: this.requestorWorkflowId,
      topicArn: this.topicArn,
      queueUrl: this.queueUrl,
    });
  }

  /** Whether `value` is a CustomerAccess, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is CustomerAccess {
    return hasType(value, CUSTOMER_ACCESS);
  }

  private refuseContradictions({ inbox, request, ...own }: CustomerAccessArgs): void {
    const given = OF_THE_INBOX.filter((key) => own[key] !== undefined).map(String);
    const channel = request.notificationChannel === undefined ? [] : ["request.notificationChannel"];
    if (inbox && [...given, ...channel].length > 0) {
      const what = [...given, ...channel].join(", ");
      throw new pulumi.ResourceError(
        `${what}: is for an inbox of its own, leave it out with inbox`,
        this,
        true,
      );
    }
    if (own.topic !== undefined && channel.length > 0) {
      throw new pulumi.ResourceError(
        "topic: is request.notificationChannel, give one of the two",
        this,
        true,
      );
    }
  }
}
