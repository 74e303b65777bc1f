// The process that Pulumi starts: the first line of its output is the port.
import { Socket } from "node:net";
import { serve } from "./server";

const [engineAddress] = process.argv.slice(2);

serve(engineAddress).then(
  ({ port }) => {
    process.stdout.write(`${port}\n`);
    // Pulumi holds the other end of the standard input, and closes it however it ends. Who attaches to the plugin need not,
    // and a language host that starts it from PulumiPlugin.yaml gives it none, but kills it.
    if (engineAddress && process.stdin instanceof Socket)
      process.stdin.on("end", () => process.exit()).resume();
  },
  (error: Error) => {
    process.stderr.write(`pulumi-resource-aws-approvals: ${error.message}\n`);
    process.exitCode = 1;
  },
);
