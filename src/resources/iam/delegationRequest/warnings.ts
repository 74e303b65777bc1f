import * as pulumi from "@pulumi/pulumi";

interface Args {
  ownerAccountId?: unknown;
  sessionDuration?: pulumi.Input<number>;
}

/**
 * What a preview warns of. The messages name the request instead of passing it as the log's resource: Pulumi would wait for
 * its URN, which a request that fails its check never gets, and would drop this message and all later ones.
 */
export function warnInPreview(
  name: string,
  { ownerAccountId, sessionDuration }: Args,
  opts?: pulumi.CustomResourceOptions,
): void {
  if (!pulumi.runtime.isDryRun()) return;
  if (ownerAccountId === undefined && !opts?.additionalSecretOutputs?.includes("consoleDeepLink"))
    warnOfClaimableLink(name);
  pulumi.output(sessionDuration).apply((seconds) => warnOfRootApproval(name, seconds));
}

/** The longest access that a root user of the customer's account can approve: four hours. */
const ROOT_APPROVAL_LIMIT_SECONDS = 14_400;

function warnOfRootApproval(name: string, seconds: number | undefined): void {
  if (seconds === undefined || !(seconds > ROOT_APPROVAL_LIMIT_SECONDS)) return;
  void pulumi.log.warn(
    `DelegationRequest ${name}: sessionDuration is longer than ${ROOT_APPROVAL_LIMIT_SECONDS} seconds (four hours), which a ` +
      "root user of the customer's account cannot approve. Another identity of that account can.",
  );
}

const warnedStacks = new WeakSet<object>();

/** Warns once, for the first such request. */
function warnOfClaimableLink(name: string): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || warnedStacks.has(stack)) return;
  warnedStacks.add(stack);
  void pulumi.log.warn(
    `DelegationRequest ${name} has no ownerAccountId: any AWS account that opens consoleDeepLink can claim it. ` +
      'Set ownerAccountId, or keep the link secret with additionalSecretOutputs: ["consoleDeepLink"].',
  );
}
