import * as pulumi from "@pulumi/pulumi";
import type { ObservedState } from "../aws/delegationRequestState";
import { hasType } from "../program/hasType";
import { DelegationGrant, type DelegationGrantArgs } from "../resources/iam/delegationGrant/resource";
import { DelegationRequest, type DelegationRequestArgs } from "../resources/iam/delegationRequest/resource";
import { ApprovalInbox, type ApprovalInboxArgs } from "./approvalInbox";
import { CustomerProvider, type CustomerProviderArgs } from "./customerProvider";
import { CUSTOMER_ACCESS } from "./tokens";

/** Arguments of a {@link CustomerAccess}. Those of {@link ApprovalInboxArgs} are for a new inbox, when none is given. */
export interface CustomerAccessArgs extends ApprovalInboxArgs {
  /**
   * The request to the customer. Its `inbox` is that of the component. `notificationChannel` can be left out; when given, it
   * means the same as `topic`.
   */
  request: Omit<DelegationRequestArgs, "inbox" | "notificationChannel"> &
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
  /**
   * `FINALIZED`: `pulumi up` waits until the customer has sent the token, also when the request is renewed. Give
   * `timeouts.create` long enough. Default: no wait; a refresh finds that they have.
   */
  waitFor?: DelegationGrantArgs["waitFor"];
  /** How long to wait with `waitFor`, such as `{ create: "8h" }`. Default: ten minutes. */
  timeouts?: DelegationGrantArgs["timeouts"];
  /** The settings of the provider that {@link CustomerAccess.whenGranted} gives. */
  provider?: CustomerProviderArgs;
}

/** What is declared with a customer's permission; not a promise, since Pulumi would not wait for it. */
export type Deployed<T> = T extends PromiseLike<unknown> ? never : T;

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
 * import { CustomerAccess } from "pulumi-aws-approvals";
 *
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
  /** The inbox that the request's notifications arrive in: the given one, or the new one. */
  readonly inbox: ApprovalInbox;
  /** The request to the customer. */
  readonly request: DelegationRequest;
  /** The page of the AWS console on which the customer decides. Secret when the request has no `ownerAccountId`. */
  readonly consoleDeepLink: pulumi.Output<string>;
  /** AWS's id of the request. */
  readonly delegationRequestId: pulumi.Output<string>;
  /** The state at the last up or refresh. */
  readonly state: pulumi.Output<ObservedState>;
  /** When the request expires unless somebody acts, ISO 8601. */
  readonly expirationTime: pulumi.Output<string>;
  /** The id that identifies the request in notifications, beside AWS's. */
  readonly requestorWorkflowId: pulumi.Output<string>;
  /** The topic that AWS publishes the request's notifications to. */
  readonly topicArn: pulumi.Output<string>;
  /** The queue that they arrive in. */
  readonly queueUrl: pulumi.Output<string>;
  private readonly customer: CustomerProvider;

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
    const { inbox, request, requestOptions, waitFor, timeouts, provider, ...inboxArgs } = args;
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
    const mailbox = addressOf(this.inbox);
    this.request = new DelegationRequest(
      name,
      { ...request, inbox: mailbox, notificationChannel: this.inbox.topicArn },
      { ...pulumi.mergeOptions(options, requestOptions), parent: this },
    );
    const { delegationRequestId } = this.request;
    const grantArgs = { delegationRequestId, inbox: mailbox, waitFor, timeouts };
    this.customer = new CustomerProvider(name, {
      ...{ access: this, ownerAccountId: request.ownerAccountId, settings: provider },
      grant: () => new DelegationGrant(name, grantArgs, { parent: this }),
    });
    if (waitFor !== undefined) this.customer.declareGrant();
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

  /**
   * Declares what is deployed in the customer's account, once they have granted access:
   *
   *     access.whenGranted((provider) => new aws.sqs.Queue("jobs", {}, { provider }));
   *
   * Before the first grant nothing of it is declared, and a preview says what it waits for; `waitFor`, or a refresh, finds
   * the grant. From then on it stays declared, whatever becomes of the request: a renewal deletes nothing. While there is
   * no live access, `preview`, `up`, `refresh` and `destroy` fail at the provider, before they touch anything there:
   * `generation` asks again.
   *
   * The provider is an `aws.Provider` of the customer's account, and of no other. It has a profile, which is added to a
   * file beside the program (see {@link CustomerProviderArgs}), and no credentials: it is the same in every run, and on
   * every machine that has the file, the stack and the vendor's credentials.
   *
   * @param deploy declares resources, each with the provider. It must not be asynchronous
   * @returns what `deploy` returned, undefined before the first grant
   * @throws ResourceError when the request names no `ownerAccountId`: another account could claim a renewal
   */
  whenGranted<T>(
    deploy: (provider: pulumi.ProviderResource) => Deployed<T>,
  ): pulumi.Output<pulumi.Unwrap<T> | undefined> {
    return this.customer.whenGranted<T>(deploy);
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
        `${what}: applies only to a new inbox. Omit it when inbox is specified`,
        this,
        true,
      );
    }
    if (inboxArgs.topic !== undefined && channel.length > 0) {
      throw new pulumi.ResourceError(
        "topic: has the same meaning as request.notificationChannel. Specify only one of them",
        this,
        true,
      );
    }
  }
}

/** What a request takes as its inbox. */
const addressOf = ({ tableArn, queueUrl, topicArn, deadLetterQueueUrl }: ApprovalInbox) => ({
  ...{ tableArn, queueUrl, topicArn },
  // Undefined when the queue is the user's, and they name none.
  deadLetterQueueUrl: deadLetterQueueUrl as pulumi.Output<string>,
});
