import { className, type ResourceDeclaration } from "../declaration/properties";
import { PROVIDER_MODULE } from "../providerModule";

/**
 * The provider text that Pulumi stores with each of our resources and evaluates in its provider process. Instead of
 * serialized code it requires the installed package, and is the same on every machine and in every release. So the state
 * stays small, an upgrade causes no diff, and a delete runs the installed code. It must never change.
 */
export const providerHandle = (declaration: Pick<ResourceDeclaration, "token">): string =>
  `exports.handler=()=>require("${PROVIDER_MODULE}").${entryName(declaration)}`;

/** The name of a resource's provider in {@link PROVIDER_MODULE}: `delegationRequest`. */
function entryName(declaration: Pick<ResourceDeclaration, "token">): string {
  const name = className(declaration);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** The type token that Pulumi gives a dynamic resource. */
export const dynamicType = ({ token }: Pick<ResourceDeclaration, "token">): string =>
  `pulumi-nodejs:dynamic/${token.replace(":", "/")}`;

const DYNAMIC_PREFIX = "pulumi-nodejs:dynamic/aws-approvals/";

/** The token of a resource of ours in a state, whether it is a dynamic one or the plugin's; other types as they are. */
export const tokenOfType = (type: string): string =>
  type.startsWith(DYNAMIC_PREFIX) ? `aws-approvals:${type.slice(DYNAMIC_PREFIX.length)}` : type;
