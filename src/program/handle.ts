import { className, type ResourceDeclaration } from "../provider/properties";

/**
 * The text that Pulumi stores with every resource of ours and evaluates in its provider process: a pointer to
 * the installed package instead of serialized code. It is the same on every machine and in every release, so
 * state stays small, an upgrade is no diff, and a delete runs today's code. Never change what it says.
 */
export const providerHandle = (declaration: Pick<ResourceDeclaration, "token">): string =>
  `exports.handler=()=>require("pulumi-aws-approvals/provider").${entryName(declaration)}`;

/** The name by which the frozen subpath exports a resource's provider: `delegationRequest`. */
export function entryName(declaration: Pick<ResourceDeclaration, "token">): string {
  const name = className(declaration);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** The type by which Pulumi knows a resource that a dynamic provider serves. */
export const dynamicType = ({ token }: Pick<ResourceDeclaration, "token">): string =>
  `pulumi-nodejs:dynamic/${token.replace(":", "/")}`;
