/** The module that the state of every resource refers to: a promise for ever. */
export const PROVIDER_MODULE = "pulumi-aws-approvals/provider";

/**
 * The environment variable by which the offline engine tells an inline program that its provider needs no
 * {@link PROVIDER_MODULE} in the program's folder.
 */
export const PROVIDER_IS_BUNDLED = "AWS_APPROVALS_PROVIDER_IS_BUNDLED";
