/** The exit codes, the same for every command. */
export const exitCodes = {
  /** Granted, or done. */
  ok: 0,
  failed: 1,
  usage: 2,
  rejected: 3,
  /** The request has lapsed, or the access that it gave has ended. */
  expired: 4,
  /** Nobody decided in time. */
  timedOut: 5,
  /** A change goes against a rule that it is to keep. */
  violated: 6,
} as const;

export const exitCodesHelp = `
Exit codes:
  0  granted, or done
  1  failed: the message says why
  2  the command line is wrong
  3  rejected by the customer, or by the approval team
  4  the request or the session has lapsed, or the access has ended
  5  timed out: nobody decided in time
  6  the reviewed change goes against a rule of --fail-on or --rules
  130, 143  ended by Ctrl-C or SIGTERM`;

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
