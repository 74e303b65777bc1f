import type { Call, Fault } from "./emulator";
import { milliseconds } from "./emulator/clock";

/** Something that is to go wrong with a call to the embedded AWS. */
export interface PlannedFault {
  /** The operation, such as `iam:CreateDelegationRequest`; `iam:*` for all of a service, `*` for any. */
  operation: string;
  /**
   * Which call it is: the first (1, the default), the second, …, or every one, counted from when the fault was
   * planned. With `when: "after"` only calls count that had an effect. A client's retry is a call like any other.
   */
  call?: number | "every";
  /** Only calls of this account count. Default: anybody's. */
  account?: string;
  /** Before the call's effect, which then never happens, or after it, so that the answer alone is lost. Default: before. */
  when?: "before" | "after";
  /** Wait so long before anything else, in real time: milliseconds, or text such as `"200ms"`. Default: not at all. */
  delay?: string | number;
  /** Close the connection without an answer. */
  drop?: true;
  /** Answer this error: one of the usual ones by its HTTP status, or any. */
  answer?: UsualStatus | { status: number; code: string; message?: string };
}

type UsualStatus = 402 | 403 | 429 | 500 | 503;

const CODES: Readonly<Record<UsualStatus, { query: string; json: string }>> = {
  402: { query: "LimitExceeded", json: "ServiceQuotaExceededException" },
  403: { query: "AccessDenied", json: "AccessDeniedException" },
  429: { query: "Throttling", json: "ThrottlingException" },
  500: { query: "ServiceFailure", json: "InternalServerException" },
  503: { query: "ServiceUnavailable", json: "ServiceUnavailableException" },
};

/** Faults by plan: each strikes the calls that it names, and is then spent. */
export class FaultPlan {
  private readonly planned: { fault: PlannedFault; calls: number }[] = [];

  /** @throws RangeError when a fault says what cannot be. */
  add(fault: PlannedFault): void {
    const { operation, call = 1, delay = 0, drop, answer } = fault;
    milliseconds(delay);
    if (!/^(\*|[a-z]+:(\*|[A-Za-z]+))$/.test(operation)) {
      throw new RangeError(
        `operation: must be like iam:CreateDelegationRequest, iam:* or *, is ${operation}`,
      );
    }
    if (call !== "every" && (!Number.isInteger(call) || call < 1)) {
      throw new RangeError(`call: must be "every" or a whole number from 1, is ${call}`);
    }
    if (drop && answer !== undefined) throw new RangeError("drop, answer: give one of the two");
    if (!drop && answer === undefined && fault.delay === undefined) {
      throw new RangeError("drop, answer, delay: give one of them");
    }
    this.planned.push({ fault, calls: 0 });
  }

  /** Those that have not struck. One for every call stays for ever. */
  get pending(): PlannedFault[] {
    return this.planned.map(({ fault }) => fault);
  }

  /** What becomes of a call. When several faults strike it, the one planned first. */
  strike(call: Call): Fault | undefined {
    let struck: PlannedFault | undefined;
    for (const entry of [...this.planned]) {
      const { fault } = entry;
      if (!concerns(fault, call)) continue;
      entry.calls += 1;
      if (fault.call !== "every" && entry.calls !== (fault.call ?? 1)) continue;
      if (fault.call !== "every") this.planned.splice(this.planned.indexOf(entry), 1);
      struck ??= fault;
    }
    return struck && asFault(struck, call);
  }
}

function concerns({ operation, account, when = "before" }: PlannedFault, call: Call): boolean {
  return (
    call.phase === `${when}-effect` &&
    (account === undefined || account === call.account) &&
    ["*", `${call.service}:*`, `${call.service}:${call.operation}`].includes(operation)
  );
}

function asFault({ delay, drop, answer }: PlannedFault, { service }: Call): Fault {
  const json = service === "mpa" || service === "sqs";
  const error =
    typeof answer === "number" ? { status: answer, code: CODES[answer][json ? "json" : "query"] } : answer;
  return {
    ...(delay !== undefined && { delayMs: milliseconds(delay) }),
    ...(drop && { drop }),
    ...(error && { error }),
  };
}
