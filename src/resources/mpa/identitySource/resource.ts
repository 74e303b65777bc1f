import * as pulumi from "@pulumi/pulumi";
import { providerHandle } from "../../../program/handle";
import { origin } from "../../../program/origin";
import { pauseTraces } from "../../../program/traces";

/** Arguments of an {@link IdentitySource}. */
export interface IdentitySourceArgs {
  /** The IAM Identity Center instance whose people may become approvers. A change replaces the source. */
  iamIdentityCenter: pulumi.Input<IamIdentityCenter>;
  /**
   * A token of your own that makes a repeated create find the first one's result; at most 4,096 characters.
   * Left out, one is derived from project, stack, resource name and instance, which survives a crash as well.
   * A change replaces the source.
   */
  clientToken?: pulumi.Input<string>;
  /**
   * An account has one identity source. With `true`, create takes over the one that exists, if it is of the same
   * instance; the stack then manages it, and deletes it in the end. Default: false, which makes it an error.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Tags of the identity source: at most 50, keys of 1 to 128 characters, values of up to 256. Set once the source
   * is ACTIVE, and updated in place.
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The region that Multi-party approval itself is in. Default: us-east-1 in the commercial partition, elsewhere
   * the region of the partition's global services. A change replaces the source.
   */
  region?: pulumi.Input<string>;
  /** How long to wait for AWS, as time spans such as `90s` or `10m`. `opts.customTimeouts` sets them too. */
  timeouts?: pulumi.Input<{
    /** Until the source is ACTIVE. Default: `10m`. */
    create?: pulumi.Input<string>;
    /** Until the source is gone. Default: `10m`. */
    delete?: pulumi.Input<string>;
  }>;
}

/** An instance of IAM Identity Center. It must be an organization instance. */
export interface IamIdentityCenter {
  /** `arn:aws:sso:::instance/ssoins-…` */
  instanceArn: pulumi.Input<string>;
  /** The region that the instance is in; it may differ from the one of Multi-party approval. */
  region: pulumi.Input<string>;
}

/**
 * The connection of an organization's IAM Identity Center to Multi-party approval: the people of that instance can
 * then be approvers. There is one in an account.
 *
 * `pulumi up` waits until it is ACTIVE. Changed tags are updated in place; a changed instance or region deletes the
 * source and creates another. Delete waits until the source is gone, and fails while approval teams use it.
 *
 * Source: `mpa:CreateIdentitySource`, `GetIdentitySource`, `DeleteIdentitySource`, `TagResource`, `UntagResource`,
 * `ListTagsForResource`.
 *
 * @example
 * const source = new mpa.IdentitySource("people", {
 *   iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "eu-west-1" },
 * });
 * export const portal = source.approvalPortalUrl;
 */
export class IdentitySource extends pulumi.CustomResource {
  private static readonly type = "pulumi-nodejs:dynamic/aws-approvals/mpa:IdentitySource";

  /** The ARN of the source; also the resource's id. */
  declare readonly arn: pulumi.Output<string>;
  /** `IAM_IDENTITY_CENTER`, the one type there is. */
  declare readonly identitySourceType: pulumi.Output<string>;
  declare readonly iamIdentityCenter: pulumi.Output<{ instanceArn: string; region: string }>;
  /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`. */
  declare readonly status: pulumi.Output<string>;
  /** Why it is in error: `ACCESS_DENIED`, `DELETION_FAILED`, `IDC_INSTANCE_NOT_FOUND`, `IDC_INSTANCE_NOT_VALID`. */
  declare readonly statusCode: pulumi.Output<string | undefined>;
  /** The same in AWS's words. */
  declare readonly statusMessage: pulumi.Output<string | undefined>;
  /** ISO 8601. */
  declare readonly creationTime: pulumi.Output<string>;
  /** The page on which approvers vote. */
  declare readonly approvalPortalUrl: pulumi.Output<string>;
  declare readonly tags: pulumi.Output<Record<string, string> | undefined>;
  /** The region that Multi-party approval itself is in. */
  declare readonly region: pulumi.Output<string>;

  /**
   * @param name names the resource in the stack
   * @param args see {@link IdentitySourceArgs}; out of bounds values fail the preview, each by its name
   * @throws at `pulumi up` when the account has a source already, or the source ends in ERROR
   */
  constructor(name: string, args: IdentitySourceArgs, opts?: pulumi.CustomResourceOptions);
  /** What {@link IdentitySource.get} calls. */
  constructor(
    name: string,
    args: undefined,
    opts: pulumi.CustomResourceOptions & { id: pulumi.Input<pulumi.ID> },
  );
  constructor(name: string, args: IdentitySourceArgs | undefined, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      arn: undefined,
      identitySourceType: undefined,
      iamIdentityCenter: undefined,
      status: undefined,
      statusCode: undefined,
      statusMessage: undefined,
      creationTime: undefined,
      approvalPortalUrl: undefined,
      tags: undefined,
      region: undefined,
    };
    const inputs = args && { ...args, timeouts: timeouts(args, opts), origin: origin(name) };
    const props = { ...outputs, ...inputs, __provider: providerHandle("identitySource") };
    const resumeTraces = pauseTraces();
    try {
      super(IdentitySource.type, name, props, opts);
    } catch (error) {
      throw resumeTraces(error);
    } finally {
      resumeTraces();
    }
  }

  /**
   * An identity source that another stack, or nobody's, manages: read, never changed or deleted.
   * @throws at preview and up when there is no such source
   */
  static get(
    name: string,
    arn: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): IdentitySource {
    return new IdentitySource(name, undefined, { ...opts, id: arn });
  }

  /** Whether `value` is an IdentitySource, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is IdentitySource {
    return (value as { __pulumiType?: string } | undefined)?.__pulumiType === IdentitySource.type;
  }
}

/** Pulumi does not tell a dynamic provider the `customTimeouts`, so they travel among the inputs. */
function timeouts(args: IdentitySourceArgs, opts?: pulumi.CustomResourceOptions) {
  if (!args.timeouts && !opts?.customTimeouts) return undefined;
  const { create, delete: remove } = opts?.customTimeouts ?? {};
  return pulumi.output(args.timeouts).apply((own) => ({ create, delete: remove, ...own }));
}
