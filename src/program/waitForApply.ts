import * as pulumi from "@pulumi/pulumi";

/**
 * Has Pulumi wait for what the callback of an `apply` declares. Without it, a program whose last call has been answered may
 * be taken for done before the callback runs, and what it would declare is deleted.
 */
export function waitForApply(applied: pulumi.Output<unknown>): void {
  const done = pulumi.runtime.rpcKeepAlive();
  // It also ends when the value is unknown, or will never be there: then the callback does not run.
  pulumi.runtime.serializeProperties("whenGranted", { applied: applied.apply(() => true) }).then(done, done);
}
