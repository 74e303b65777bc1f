import { constants } from "node:os";

/** `aws-approvals status | head -1`: who does not read on is not told of it. The exit code is that of SIGPIPE. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(128 + (constants.signals.SIGPIPE ?? 0));
  });
  // Without messages, there is still the answer on stdout.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Ends the process once its output is written, whatever else hangs: a connection, or what a profile has started. */
export async function exit(): Promise<void> {
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
  );
  await Promise.all(written);
  process.exit();
}
