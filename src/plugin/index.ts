/**
 * The resources and functions of `pulumi-aws-approvals`, served by its provider plugin in place of the dynamic provider:
 * they can be imported, and given a {@link Provider}; previews show what changes and nothing else.
 * @module pulumi-aws-approvals/plugin
 */

export * as backup from "./backup";
export * as iam from "./iam";
export * as mpa from "./mpa";
export * as paymentcryptography from "./paymentcryptography";
export { Provider, type ProviderArgs } from "./provider";
export * as sts from "./sts";
