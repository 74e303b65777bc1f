/** An error that an AWS API answers: its code, HTTP status and message. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  get fault(): "Sender" | "Receiver" {
    return this.status < 500 ? "Sender" : "Receiver";
  }
}

/** The other problems are only counted, so that a response is not many times as long as its request. */
const MAX_NAMED_PROBLEMS = 100;

/** Input that breaks constraints of the API model; each protocol has its own code for it. */
export function validationError(problems: readonly string[]): AwsError {
  const count = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
  return new AwsError(
    "ValidationError",
    400,
    `${count} detected: ${problems.slice(0, MAX_NAMED_PROBLEMS).join("; ")}`,
  );
}
