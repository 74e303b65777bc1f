import type * as entry from "../provider/dynamic/entry";

/**
 * The text that Pulumi stores with every resource of ours and evaluates in its provider process: a pointer to
 * the installed package instead of serialized code. It is the same on every machine and in every release, so
 * state stays small, an upgrade is no diff, and a delete runs today's code. Never change what it says.
 */
export function providerHandle(name: keyof typeof entry): string {
  return `exports.handler=()=>require("pulumi-aws-approvals/provider").${name}`;
}
