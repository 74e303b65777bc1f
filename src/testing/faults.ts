import type { Call, Fault } from "../emulator";
import { milliseconds } from "../emulator/clock";
import type { ActingOp, StepMoment } from "../engine";
import { nameOf } from "../engine/urn";

/** Something that is to go wrong with a call to the embedded AWS. */
export interface PlannedFault {
  /** An embedded AWS has no processes to kill: see {@link StackFault}. */
  kill?: never;
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
  /** Wait so long, in real time, and then drop or answer: milliseconds, or text such as `"200ms"`. Default: not at all. */
  delay?: string | number;
  /** Close the connection without an answer. */
  drop?: true;
  /**
   * Answer this error: any, or one of the usual ones, in the words of IAM and STS or of Multi-party approval: 402 a
   * quota, 403 access denied, 429 throttling, 500 and 503 failures of AWS. IAM and STS have other statuses for the
   * first and the third: 409 and 400. SNS answers like IAM, SQS like Multi-party approval.
   */
  answer?: UsualStatus | { status: number; code: string; message?: string };
  /**
   * Is called first when it strikes, and waited for: what else happens at that very moment, such as a customer who
   * answers, or somebody who changes the resource. When it throws, the call is answered 500 (`InternalFailure`).
   */
  meanwhile?: () => unknown;
}

/**
 * The stack's provider process is to be killed at a call of its account, which then gets no answer: one that it makes
 * itself, unless the test makes calls of that account too. What the operation was doing stays in the state as pending,
 * and the next operation has a new provider.
 */
export interface ProviderKill extends Pick<PlannedFault, "operation" | "call" | "when"> {
  kill: "provider";
  /** Only calls of this account count. Default: of the stack's. */
  account?: string;
}

/**
 * The stack's engine is to be killed at a step that creates, updates, deletes or reads a resource or a component (those
 * that leave one as it is do not count, nor do a preview and a refresh): nothing is recorded from then on, the provider
 * dies with it, and the operation fails with an `EngineKilledError`. The next operation begins with the state as it was
 * on disk.
 */
export interface EngineKill {
  kill: "engine";
  /** Only steps of this kind count, such as `create`, or `create-replacement`. Default: any. */
  op?: ActingOp;
  /** Only steps of the resource of this name count. Default: any. */
  name?: string;
  /** At which such step: the first (1, the default), the second, …, counted from when the kill was planned. */
  step?: number;
  /**
   * Before the provider is asked, when the state says that the operation is under way (the default); after it has
   * answered, before the state says so; or once that is recorded, before anything else.
   */
  when?: StepMoment["moment"];
}

/** What is to go wrong in a stack under test. */
export type StackFault = PlannedFault | ProviderKill | EngineKill;

type UsualStatus = 402 | 403 | 429 | 500 | 503;

const QUERY_ERRORS: Readonly<Record<UsualStatus, { status: number; code: string }>> = {
  402: { status: 409, code: "LimitExceeded" },
  403: { status: 403, code: "AccessDenied" },
  429: { status: 400, code: "Throttling" },
  500: { status: 500, code: "ServiceFailure" },
  503: { status: 503, code: "ServiceUnavailable" },
};

const JSON_CODES: Readonly<Record<UsualStatus, string>> = {
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

const usualError = (status: UsualStatus, service: Call["service"]) =>
  service === "mpa" || service === "sqs" ? { status, code: JSON_CODES[status] } : QUERY_ERRORS[status];

/** Each planned one strikes at the nth event that concerns it, and is then spent; one for every event stays for ever. */
class Schedule<Planned, Event> {
  private readonly entries: { planned: Planned; at: number | "every"; seen: number }[] = [];

  constructor(private readonly concerns: (planned: Planned, event: Event) => boolean) {}

  add(planned: Planned, at: number | "every" = 1): void {
    this.entries.push({ planned, at, seen: 0 });
  }

  get pending(): Planned[] {
    return this.entries.map(({ planned }) => planned);
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** When several strike at once, the one planned first; the others are spent, too. */
  strike(event: Event): Planned | undefined {
    let struck: Planned | undefined;
    for (const entry of [...this.entries]) {
      if (!this.concerns(entry.planned, event)) continue;
      entry.seen += 1;
      if (entry.at !== "every" && entry.at !== entry.seen) continue;
      if (entry.at !== "every") this.entries.splice(this.entries.indexOf(entry), 1);
      struck ??= entry.planned;
    }
    return struck;
  }
}

/** What goes wrong with the calls to an embedded AWS. */
export class FaultPlan {
  private readonly faults = new Schedule<PlannedFault, Call>(concerns);

  /** @throws RangeError when a fault says what cannot be. */
  add(fault: PlannedFault): void {
    if (fault.kill !== undefined) {
      throw new RangeError(
        "kill: give it to a stack (its options, or its fail), whose processes it is about",
      );
    }
    const { operation, call, when = "before", delay = 0, drop, answer, meanwhile } = fault;
    milliseconds(delay);
    if (!/^(\*|[a-z]+:(\*|[A-Za-z]+))$/.test(operation)) {
      throw new RangeError(
        `operation: must be like iam:CreateDelegationRequest, iam:* or *, is ${operation}`,
      );
    }
    if (!["before", "after"].includes(when))
      throw new RangeError(`when: must be before or after, is ${when}`);
    if (call !== "every") checkCount("call", call, '"every" or ');
    if (drop && answer !== undefined) throw new RangeError("drop, answer: give one of the two");
    if (!drop && answer === undefined && fault.delay === undefined && meanwhile === undefined) {
      throw new RangeError("drop, answer, delay, meanwhile: give one of them");
    }
    this.faults.add(fault, call);
  }

  /** Those that have not struck. */
  get pending(): PlannedFault[] {
    return this.faults.pending;
  }

  clear(): void {
    this.faults.clear();
  }

  /** What becomes of a call. */
  async strike(call: Call): Promise<Fault | undefined> {
    const struck = this.faults.strike(call);
    await struck?.meanwhile?.();
    return struck && asFault(struck, call);
  }
}

/** When the engine of a stack dies. */
export class EngineKills {
  private readonly kills = new Schedule<EngineKill, StepMoment>(
    ({ op, name, when = "before" }, step) =>
      when === step.moment &&
      (op === undefined || op === step.op) &&
      (name === undefined || name === nameOf(step.urn)),
  );

  /** @throws RangeError when a kill says what cannot be. */
  add(kill: EngineKill): void {
    const { step, when = "before" } = kill;
    checkCount("step", step);
    if (!["before", "after", "recorded"].includes(when)) {
      throw new RangeError(`when: must be before, after or recorded, is ${when}`);
    }
    this.kills.add(kill, step);
  }

  get pending(): EngineKill[] {
    return this.kills.pending;
  }

  clear(): void {
    this.kills.clear();
  }

  strike(step: StepMoment): "kill" | undefined {
    return this.kills.strike(step) && "kill";
  }
}

function checkCount(property: string, count = 1, or = ""): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`${property}: must be ${or}a whole number from 1, is ${count}`);
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
  const error = typeof answer === "number" ? usualError(answer, service) : answer;
  return {
    ...(delay !== undefined && { delayMs: milliseconds(delay) }),
    ...(drop && { drop }),
    ...(error && { error }),
  };
}
