import { parseArgs } from "node:util";
import { UsageError } from "./usage";

/** Port of `aws-approvals emulator` without `--port`: next to 4566, which LocalStack and its like take. */
const DEFAULT_PORT = 4577;

export const summary = "Run the embedded AWS in the foreground";

export const usage = `Usage: aws-approvals emulator [--port N]

Runs an embedded AWS on 127.0.0.1: Multi-party approval, IAM delegation requests, STS, SNS and SQS.
Its first line of output is AWS_ENDPOINT_URL=http://127.0.0.1:PORT. Set that variable, and any AWS client
uses it; a 12-digit access key id is the account to act in. An access log follows. Ctrl-C ends it.

Options:
  --port N    port to listen on, 0 for any free one (default ${DEFAULT_PORT})
  -h, --help  show this text`;

/** Resolves with the exit code once the emulator has been told to end. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { port: { type: "string" } } });
  const port = values.port === undefined ? DEFAULT_PORT : portNumber(values.port);
  const { startEmulator } = await import("../testing/emulator/index");
  const told = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  // Whoever reads only the first line, as `| head -1` does, ends our output and not the emulator.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await using emulator = await startEmulator({ port, log: (line) => process.stdout.write(`${line}\n`) });
    process.stdout.write(`AWS_ENDPOINT_URL=${emulator.endpoint}\n`);
    await told;
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    const reason = error.code === "EADDRINUSE" ? "is in use" : "may not be used by this user";
    process.stderr.write(
      `aws-approvals: port ${port} ${reason}; choose another with --port N, or --port 0.\n`,
    );
    return 1;
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port must be a number from 0 to 65535, not '${text}'`);
  return port;
}
