import * as pulumi from "@pulumi/pulumi";
import type { StackConfiguration } from "../aws/configuration";
import { hasType } from "./hasType";
import { type ProviderArgs, type SettingTexts, settingTexts } from "./providerArgs";

export type { ProviderArgs } from "./providerArgs";

const NAMESPACE = "aws-approvals";
/** The package whose provider serves every dynamic resource. */
const DYNAMIC_PACKAGE = "pulumi-nodejs";
const PROVIDER_TYPE = "pulumi:providers:";

/** For what runs in the program itself. The provider process gets its settings from the engine. */
const configurations = new WeakMap<pulumi.Resource, pulumi.Output<StackConfiguration>>();

/**
 * An AWS account and region other than those of the stack's configuration, for resources of this package. The `aws`
 * provider's resources need an `aws.Provider` besides.
 *
 * The engine keeps the settings in the state, and uses them for `refresh` and `destroy`; credentials and proxies are secret.
 * A change of them replaces no resource, and neither does another provider for a resource, which would no longer be found
 * in the other account: give each provider its `allowedAccountIds`.
 *
 * @example
 * import * as aws from "@pulumi/aws";
 * import { CustomerAccess, iam, Provider } from "pulumi-aws-approvals";
 *
 * const settings = { profile: "partner-eu", region: "eu-west-1", allowedAccountIds: ["111122223333"] };
 * const europe = new Provider("europe", settings);
 * const request = {
 *   description: "Read the bucket list to set up backups",
 *   permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *   notificationChannel: "arn:aws:sns:eu-west-1:111122223333:approvals",
 *   sessionDuration: 3600,
 * };
 * new iam.DelegationRequest("acme", { ...request, ownerAccountId: "222222222222" }, { provider: europe });
 *
 * const awsEurope = new aws.Provider("europe", { profile: "partner-eu", region: "eu-west-1" });
 * const access = { request: { ...request, ownerAccountId: "333333333333" } };
 * new CustomerAccess("globex", access, { providers: [europe, awsEurope] });
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * @param name names the provider in the stack
   * @throws RunError when an argument is none of {@link ProviderArgs}
   */
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const configuration = toConfiguration(name, args);
    super(DYNAMIC_PACKAGE, name, configuration, opts);
    configurations.set(this, pulumi.output(configuration));
  }

  /** Whether `value` serves dynamic resources: a Provider, of this copy of the package or another. */
  static override isInstance(value: unknown): value is Provider {
    return hasType(value, `${PROVIDER_TYPE}${DYNAMIC_PACKAGE}`);
  }
}

/** The settings as the stack's configuration would have them, for the process that serves the resources. */
function toConfiguration(name: string, args: ProviderArgs): SettingTexts {
  const entries = Object.entries(settingTexts(name, args));
  return Object.fromEntries(entries.map(([key, text]) => [`${NAMESPACE}:${key}`, text]));
}

/** A provider's settings. @throws RunError when it is not a Provider of this copy of the package */
export function configurationOf(provider: Provider): pulumi.Output<StackConfiguration> {
  const configuration = configurations.get(provider);
  if (configuration) return configuration;
  throw new pulumi.RunError(
    "The option provider must be a Provider of this package, created with `new Provider`.",
  );
}

/**
 * Pulumi ignores a provider that is not one of dynamic resources, which would then be in the account of the stack's
 * configuration.
 *
 * @throws RunError
 */
export function refuseOtherProvider(resource: string, provider: pulumi.ProviderResource | undefined): void {
  if (provider === undefined || Provider.isInstance(provider)) return;
  const type = (provider as { __pulumiType?: string }).__pulumiType ?? "";
  const given = type.startsWith(PROVIDER_TYPE) ? `one of ${type.slice(PROVIDER_TYPE.length)}` : "none";
  throw new pulumi.RunError(
    `${resource}: the option provider must be a Provider of pulumi-aws-approvals, and is ${given}, which Pulumi would ignore. ` +
      'Use `new Provider("NAME", { … })`, imported from "pulumi-aws-approvals", with the settings of that account.',
  );
}
