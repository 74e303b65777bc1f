// The process that Pulumi starts: the first line of its output is the port.
import { serve } from "./server";

const [engineAddress] = process.argv.slice(2);

serve(engineAddress).then(
  ({ port }) => {
    process.stdout.write(`${port}\n`);
    // Pulumi holds the other end of the standard input, and closes it however it ends. Who attaches to the plugin need not.
    if (engineAddress) process.stdin.on("end", () => process.exit()).resume();
  },
  (error: Error) => {
    process.stderr.write(`pulumi-resource-aws-approvals: ${error.message}\n`);
    process.exitCode = 1;
  },
);
