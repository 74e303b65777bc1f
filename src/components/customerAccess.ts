import * as pulumi from "@pulumi/pulumi";
import type { ObservedState } from "../aws/delegationRequestState";
import { hasType } from "../program/hasType";
import { DelegationRequest, type DelegationRequestArgs } from "../resources/iam/delegationRequest/resource";
import { ApprovalInbox, type ApprovalInboxArgs } from "./approvalInbox";
import { CUSTOMER_ACCESS } from "./tokens";

/** Arguments of a {@link CustomerAccess}. Those of {@link ApprovalInboxArgs} are for a new inbox, when none is given. */
export interface CustomerAccessArgs extends ApprovalInboxArgs {
  /** The request to the customer. `notificationChannel` can be left out; when given, it means the same as `topic`. */
  request: Omit<DelegationRequestArgs, "notificationChannel"> &
    Partial<Pick<DelegationRequestArgs, "notificationChannel">>;
  /**
   * Options of the request that a child does not take over from its component, such as `ignoreChanges`,
   * `additionalSecretOutputs`, `dependsOn` or a `protect` of its own; lists are added to the component's own. Pulumi passes
   * on to all that a component is made of: `protect`, `retainOnDelete`, `deletedWith`, `providers`, `aliases`,
   * `transformations` and `transforms` of the component itself. It ignores the others there.
   */
  requestOptions?: Omit<pulumi.CustomResourceOptions, "id" | "import" | "parent" | "urn">;
  /** An inbox that is shared with other customers. Default: a new one. */
  inbox?: ApprovalInbox;
}

const INBOX_ARGS = [
  "topic",
  "queue",
  "kmsMasterKeyId",
  "table",
  "tableKmsKeyArn",
  "tags",
] as const satisfies (keyof ApprovalInboxArgs)[];

/**
 * Access to a customer's account: an `iam.DelegationRequest`, and an {@link ApprovalInbox} for its notifications, which is
 * ready before the request is made. Send the customer to `consoleDeepLink`.
 *
 * For many customers, create one `ApprovalInbox` and pass it to each.
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
  /** The page of the AWS console on which the customer decides. Secret when the request has no `ownerAccountId`. */
  readonly consoleDeepLink: pulumi.Output<string>;
  /** AWS's id of the request. */
  readonly delegationRequestId: pulumi.Output<string>;
  /** The state at the last up or refresh. */
  readonly state: pulumi.Output<ObservedState>;
  /** When the request lapses unless somebody acts, ISO 8601. */
  readonly expirationTime: pulumi.Output<string>;
  /** The id that identifies the request in notifications, beside AWS's. */
  readonly requestorWorkflowId: pulumi.Output<string>;
  /** The topic that AWS publishes the request's notifications to. */
  readonly topicArn: pulumi.Output<string>;
  /** The queue that they arrive in. */
  readonly queueUrl: pulumi.Output<string>;

  /**
   * @param name names the component, its inbox and its request
   * @param args see {@link CustomerAccessArgs}
   * @param opts inherited by the inbox and the request as by any component's children; see `requestOptions`. An `aws`
   * provider among `providers` is used for the inbox, and a {@link Provider} for the request; without them, the stack's
   * configuration. Both must be of accounts that belong together, or AWS refuses the topic.
   * @throws ResourceError when both an inbox and arguments for a new one are given
   */
  constructor(name: string, args: CustomerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super(CUSTOMER_ACCESS, name, {}, opts);
    const { inbox, request, requestOptions, ...inboxArgs } = args;
    this.validateArgs(args);
    this.inbox =
      inbox ??
      new ApprovalInbox(
        name,
        { ...inboxArgs, topic: inboxArgs.topic ?? request.notificationChannel },
        { parent: this },
      );
    // The request depends on the whole inbox: notifications from before the topic's policy and subscription are lost.
    const options: pulumi.CustomResourceOptions = {
      dependsOn: this.inbox,
      // Anyone who opens the link of a request without an owner can claim it.
      additionalSecretOutputs: request.ownerAccountId === undefined ? ["consoleDeepLink"] : [],
    };
    this.request = new DelegationRequest(
      name,
      { ...request, notificationChannel: this.inbox.topicArn },
      { ...pulumi.mergeOptions(options, requestOptions), parent: this },
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

  private validateArgs({ inbox, request, ...inboxArgs }: CustomerAccessArgs): void {
    const given = INBOX_ARGS.filter((key) => inboxArgs[key] !== undefined).map(String);
    const channel = request.notificationChannel === undefined ? [] : ["request.notificationChannel"];
    if (inbox && [...given, ...channel].length > 0) {
      const what = [...given, ...channel].join(", ");
      throw new pulumi.ResourceError(
        `${what}: applies to a new inbox only, leave it out when inbox is given`,
        this,
        true,
      );
    }
    if (inboxArgs.topic !== undefined && channel.length > 0) {
      throw new pulumi.ResourceError(
        "topic: means the same as request.notificationChannel, give one of the two",
        this,
        true,
      );
    }
  }
}
