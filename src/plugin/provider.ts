import * as pulumi from "@pulumi/pulumi";
import { settings } from "../aws/settings";
import { type ProviderArgs, settingTexts } from "../program/providerArgs";
import { release } from "./release";

export type { ProviderArgs } from "../program/providerArgs";

const PACKAGE = "aws-approvals";

/**
 * An account and a region, for the resources that are given it: `{ provider: customer }`. Without one, the stack's
 * configuration `aws-approvals:*` says where.
 *
 * @example
 * import { mpa, Provider } from "pulumi-aws-approvals/plugin";
 *
 * const production = new Provider("production", { profile: "production", region: "us-east-1" });
 * const iamIdentityCenter = { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "eu-west-1" };
 * new mpa.IdentitySource("people", { iamIdentityCenter }, { provider: production });
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * @param name names the provider in the stack
   * @param args out of bounds values fail the preview, each by its name
   */
  constructor(name: string, args: ProviderArgs = {}, opts: pulumi.ResourceOptions = {}) {
    super(PACKAGE, name, settingTexts(name, args), pulumi.mergeOptions(release, opts));
  }
}

/**
 * The dynamic front reads `aws:*` as well; the engine passes a plugin the keys of its own package only. Other settings may
 * mean another account, in which nothing of the stack would be found.
 * @param subject what the program makes or calls, for the message
 * @throws RunError that names the keys
 */
export function refuseForeignConfiguration(
  subject: string,
  token: string,
  opts: Pick<pulumi.InvokeOptions, "provider" | "parent">,
): void {
  const provider = opts.provider ?? opts.parent?.getProvider(token);
  if (provider) return;
  const ours = new pulumi.Config(PACKAGE);
  const aws = new pulumi.Config("aws");
  const missing = Object.entries(settings).flatMap(([key, setting]) => {
    const isUsed = !("unused" in setting) && !("refused" in setting);
    return isUsed && aws.get(key) !== undefined && ours.get(key) === undefined ? [key] : [];
  });
  if (missing.length === 0) return;
  const keys = (namespace: string) => missing.map((key) => `${namespace}:${key}`).join(", ");
  throw new pulumi.RunError(
    `${subject}: Pulumi does not pass ${keys("aws")} to this plugin. Set ${keys(PACKAGE)} too, or use a Provider.`,
  );
}
