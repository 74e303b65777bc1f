/** The exit codes, the same for every command. */
export const exitCodes = {
  /** Granted, or done. */
  ok: 0,
  failed: 1,
  usage: 2,
  rejected: 3,
  /** The request has expired, or the access that it gave has ended. */
  expired: 4,
  /** Nobody decided in time. */
  timedOut: 5,
  /** A change goes against a rule that it is to keep. */
  violated: 6,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
  [exitCodes.ok]: "granted, or done",
  [exitCodes.failed]: "failed: the message says why",
  [exitCodes.usage]: "the command line is wrong",
  [exitCodes.rejected]: "rejected by the customer, or by the approval team",
  [exitCodes.expired]: "the request or the session has expired, or the access has ended",
  [exitCodes.timedOut]: "timed out: nobody decided in time",
  [exitCodes.violated]: "the reviewed change breaks a rule of --fail-on or --rules",
};

const ALWAYS: readonly number[] = [exitCodes.ok, exitCodes.failed, exitCodes.usage];
const DECIDED: readonly number[] = [...ALWAYS, exitCodes.rejected, exitCodes.expired, exitCodes.timedOut];

/** The codes of each command that can end with others than those of all. */
const CODES_OF: Readonly<Record<string, readonly number[]>> = {
  wait: DECIDED,
  credentials: DECIDED,
  exec: DECIDED,
  token: DECIDED,
  review: [...ALWAYS, exitCodes.violated],
  "aws-approvals": Object.values(exitCodes),
};

/** The end of the help of a command. */
export const exitCodesHelp = (command: string): string =>
  [
    "",
    "Exit codes:",
    ...(CODES_OF[command] ?? ALWAYS).map((code) => `  ${code}  ${MEANINGS[code]}`),
    "  130, 143  ended by Ctrl-C or SIGTERM",
  ].join("\n");

/** A failure that is reported to the user by its message alone, and the exit code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
