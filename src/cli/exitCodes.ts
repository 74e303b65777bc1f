/** What the command exits with, the same for every subcommand. */
export const exitCodes = {
  /** Granted, or done. */
  ok: 0,
  failed: 1,
  usage: 2,
  rejected: 3,
  /** The request has lapsed, or the access that it gave has ended. */
  expired: 4,
  /** Nobody has decided in the time given. */
  timedOut: 5,
} as const;

export const exitCodesHelp = `
Exit codes:
  0  granted, or done
  1  failed: the message says why
  2  the command line is wrong
  3  the customer has rejected the request
  4  the request has lapsed, or the access has ended
  5  timed out: nobody has decided in the time given
  130, 143  ended by Ctrl-C, by SIGTERM`;

/** An end that is told to the user, with its exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
