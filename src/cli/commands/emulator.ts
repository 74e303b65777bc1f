import { type Command, InvalidArgumentError } from "commander";
import { CommandError } from "../exitCodes";
import { print } from "../output";

/** Near to 4566, which LocalStack uses. */
const DEFAULT_PORT = 4577;

export function addEmulator(program: Command): void {
  program
    .command("emulator")
    .summary("run the embedded AWS in the foreground")
    .description(
      "Runs an embedded AWS on 127.0.0.1 until Ctrl-C: IAM delegation requests, STS, Multi-party approval, " +
        "SNS, SQS, DynamoDB, parts of AWS Backup and AWS Payment Cryptography, and the pages on which people " +
        "decide.\n\n  aws-approvals emulator --port 4577\n\nThe first line of output is " +
        "AWS_ENDPOINT_URL=http://127.0.0.1:PORT. With that variable set, every AWS client uses it; an access " +
        "key id of 12 digits is the account to act in. The second line names the topic and the table of an " +
        "inbox in account 000000000000. A line for each call follows.",
    )
    .option("--port <n>", "the port to listen on; 0 is any free one", portNumber, DEFAULT_PORT)
    .action(({ port }: { port: number }) => run(port));
}

/** Runs until SIGINT or SIGTERM. */
async function run(port: number): Promise<void> {
  const [{ startEmulator }, { PortError }] = await Promise.all([
    import("../../emulator/index"),
    import("../../emulator/http"),
  ]);
  const stopped = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  // A reader such as `| head -1` closes our output early, which must not end the emulator.
  process.stdout.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    let log = (_: string): void => {};
    await using emulator = await startEmulator({ port, log: (line) => log(line) });
    const inbox = await describeInbox(emulator.endpoint);
    print(`AWS_ENDPOINT_URL=${emulator.endpoint}`);
    print(inbox);
    log = print;
    await stopped;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw new CommandError(`port ${port} ${error.reason}; choose another with --port N, or --port 0.`);
  }
}

async function describeInbox(endpoint: string): Promise<string> {
  const { createInbox } = await import("../emulatorInbox");
  try {
    const { topicArn, tableArn } = await createInbox(endpoint);
    return `An inbox is ready: topic ${topicArn}, table ${tableArn}`;
  } catch (error) {
    return `There is no inbox: ${(error as Error).message}`;
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}
