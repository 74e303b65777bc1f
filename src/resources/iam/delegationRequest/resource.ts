import * as pulumi from "@pulumi/pulumi";
import type { KnownState } from "../../../aws/delegationRequestState";
import { providerHandle } from "../../../program/handle";
import { origin } from "../../../program/origin";
import { pauseTraces } from "../../../program/traces";

/** Arguments of a {@link DelegationRequest}. A change of any but `renewWhen` makes a new request. */
export interface DelegationRequestArgs {
  /**
   * The customer's account, 12 digits. Without it, any account that opens `consoleDeepLink` can claim the
   * request.
   */
  ownerAccountId?: pulumi.Input<string>;
  /** What the access is for, as the customer reads it. At most 1,000 characters of Latin-1. */
  description: pulumi.Input<string>;
  /** The permissions asked for. */
  permissions: pulumi.Input<DelegationPermissions>;
  /**
   * A message to the person who decides; good ones name the workspace, the account or a ticket. At most 200
   * characters of Latin-1.
   */
  requestMessage?: pulumi.Input<string>;
  /**
   * Your own name for the request, 5 to 400 characters of Latin-1. AWS accepts each only once, for ever, and
   * never returns the first request's link again. Leave it out to have a fresh one made for every request, from
   * project, stack and resource name.
   */
  requestorWorkflowId?: pulumi.Input<string>;
  /** Where the console sends the customer afterwards: an `http` or `https` URL of at most 255 characters. */
  redirectUrl?: pulumi.Input<string>;
  /**
   * The ARN of an SNS topic of yours, in the account that makes the request. Its policy must allow
   * `iam.amazonaws.com` the action `SNS:Publish`, or no news and no token will arrive.
   */
  notificationChannel: pulumi.Input<string>;
  /** How long the access lasts once the customer sends the token: 300 to 43,200 seconds. */
  sessionDuration: pulumi.Input<number>;
  /** Whether only the owner of the request, and nobody they forwarded it to, may send the token. AWS's default: false. */
  onlySendByOwner?: pulumi.Input<boolean>;
  /**
   * The states in which `pulumi up` asks the customer again, with a new request. Default: none, people are not
   * asked twice by accident. What state a request is in, Pulumi learns by `pulumi refresh`.
   *
   * `EXPIRED`: it lapsed, and nobody had answered. `REJECTED`: they said no. `VANISHED`: AWS has deleted it, which it
   * does some time after a request lapsed, and Pulumi never saw an answer; there may have been one, where AWS does not
   * let the requestor read.
   */
  renewWhen?: pulumi.Input<pulumi.Input<"EXPIRED" | "REJECTED" | "VANISHED">[]>;
  /** Change it, to any other value, to ask again: a number that you count up, or a date. */
  generation?: pulumi.Input<number | string>;
}

/** A policy template and what fills it. */
export interface DelegationPermissions {
  /** The ARN of a policy template that AWS has registered for you; 20 to 2,048 characters. */
  policyTemplateArn: pulumi.Input<string>;
  /** At most 50. */
  parameters?: pulumi.Input<pulumi.Input<PolicyParameter>[]>;
}

/** A value for a placeholder of the policy template. */
export interface PolicyParameter {
  /** 5 to 256 printable ASCII characters. */
  name: pulumi.Input<string>;
  /** `string` for one value, `stringList` for any number. */
  type: pulumi.Input<"string" | "stringList">;
  /** Printable ASCII, none empty. */
  values: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A request to a customer for temporary access to their AWS account (IAM temporary delegation). Send the customer
 * to `consoleDeepLink`; what they decide arrives at `notificationChannel`.
 *
 * A request is short-lived: it lapses 1 day after it was made if nobody claims it, and 7 days after each later
 * step. It stays in the stack, in its last known state, until `renewWhen` or a changed argument asks for a new
 * one. Deleting it forgets it: AWS has no way to cancel a request, it lapses by itself.
 *
 * AWS may refuse to let you read a request that a customer account owns. Then a refresh keeps what was known.
 *
 * Source: `iam:CreateDelegationRequest`, `iam:GetDelegationRequest`. Only accounts that AWS has enrolled as
 * product providers may make requests.
 *
 * @example
 * const request = new iam.DelegationRequest("acme", {
 *   ownerAccountId: "222222222222",
 *   description: "Read the bucket list to set up backups",
 *   permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *   notificationChannel: topic.arn,
 *   sessionDuration: 3600,
 * });
 * export const link = request.consoleDeepLink;
 */
export class DelegationRequest extends pulumi.CustomResource {
  private static readonly type = "pulumi-nodejs:dynamic/aws-approvals/iam:DelegationRequest";

  /** AWS's id of the request; also the resource's id. */
  declare readonly delegationRequestId: pulumi.Output<string>;
  /**
   * The page of the AWS console on which the customer decides. Plain by default, since you pass it on; without
   * `ownerAccountId` it deserves care: `additionalSecretOutputs: ["consoleDeepLink"]`.
   */
  declare readonly consoleDeepLink: pulumi.Output<string>;
  /** The id that AWS knows the request by in notifications: yours, or the one made for it. */
  declare readonly requestorWorkflowId: pulumi.Output<string>;
  /**
   * The state when it was last read, `UNASSIGNED` until then. An answer that has lapsed since stays the answer; `VANISHED`
   * is a request that AWS no longer has, of which no answer was seen.
   */
  declare readonly state: pulumi.Output<KnownState>;
  /**
   * When the request lapses unless somebody acts, ISO 8601. While AWS does not let us read the request, computed:
   * 1 day after it was made.
   */
  declare readonly expirationTime: pulumi.Output<string>;
  /** The customer's account: as asked for, or of whoever claimed the request. */
  declare readonly ownerAccountId: pulumi.Output<string | undefined>;
  /** The ARN of who owns the request on the customer's side. */
  declare readonly ownerId: pulumi.Output<string | undefined>;
  /** The ARN of who approved it. */
  declare readonly approverId: pulumi.Output<string | undefined>;
  /** Why it was rejected, in the customer's words. */
  declare readonly rejectionReason: pulumi.Output<string | undefined>;
  /** Notes that the customer's people left on it. */
  declare readonly notes: pulumi.Output<string | undefined>;
  /** The account that made the request. */
  declare readonly requestorId: pulumi.Output<string | undefined>;
  /** The name that AWS shows to the customer for that account. */
  declare readonly requestorName: pulumi.Output<string | undefined>;
  /** When the request was made, ISO 8601. */
  declare readonly createDate: pulumi.Output<string | undefined>;
  /** When it last changed state, ISO 8601. */
  declare readonly updatedTime: pulumi.Output<string | undefined>;
  /** The policy that the template and its parameters give, JSON text. Secret when `permissions` holds a secret. */
  declare readonly permissionPolicy: pulumi.Output<string | undefined>;
  /** Policies that limit roles which the delegated access creates. */
  declare readonly rolePermissionRestrictionArns: pulumi.Output<string[] | undefined>;

  /**
   * @param name names the resource in the stack, and the request if `requestorWorkflowId` is left out
   * @param args see {@link DelegationRequestArgs}; out of bounds values fail the preview, each by its name
   * @throws at `pulumi up` when AWS refuses the request: the account is not enrolled, the id was used before
   */
  constructor(name: string, args: DelegationRequestArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      delegationRequestId: undefined,
      consoleDeepLink: undefined,
      expirationTime: undefined,
      ownerId: undefined,
      approverId: undefined,
      rejectionReason: undefined,
      notes: undefined,
      requestorId: undefined,
      requestorName: undefined,
      createDate: undefined,
      updatedTime: undefined,
      rolePermissionRestrictionArns: undefined,
    };
    const inputs = {
      ownerAccountId: undefined,
      requestorWorkflowId: undefined,
      state: undefined,
      ...args,
      // An output is kept secret when the input of its name is, and the rendered policy shows what it was rendered
      // from: a secret nothing makes it one, a plain nothing is left out.
      permissionPolicy: pulumi.output(args.permissions).apply(() => undefined),
      origin: origin(name),
      __provider: providerHandle("delegationRequest"),
    };
    const resumeTraces = pauseTraces();
    try {
      super(DelegationRequest.type, name, { ...outputs, ...inputs }, opts);
    } catch (error) {
      throw resumeTraces(error);
    } finally {
      resumeTraces();
    }
    if (args.ownerAccountId === undefined && !opts?.additionalSecretOutputs?.includes("consoleDeepLink")) {
      warnOfClaimableLinks(name);
    }
  }

  /** Whether `value` is a DelegationRequest, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is DelegationRequest {
    return (value as { __pulumiType?: string } | undefined)?.__pulumiType === DelegationRequest.type;
  }
}

const warnedStacks = new WeakSet<object>();

/**
 * Once a preview, however many requests there are: it is one decision. The request is named and not handed over, since
 * Pulumi would wait for its URN, which a request that fails its check never gets, and drop this message and all later ones.
 */
function warnOfClaimableLinks(name: string) {
  const stack = pulumi.runtime.getStackResource();
  if (!pulumi.runtime.isDryRun() || !stack || warnedStacks.has(stack)) return;
  warnedStacks.add(stack);
  void pulumi.log.warn(
    `DelegationRequest ${name} has no ownerAccountId: any AWS account that opens consoleDeepLink can claim it. ` +
      'Name the account, or keep the link secret with additionalSecretOutputs: ["consoleDeepLink"].',
  );
}
