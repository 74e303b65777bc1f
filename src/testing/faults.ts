import type { Call, Fault } from "../emulator";
import { milliseconds } from "../emulator/clock";
import type { ProviderOp, StepPhase } from "../engine";
import { nameOf } from "../engine/urn";

/**
 * The faults that tests inject: what they are as options (`PlannedFault`, `ProviderKill`, `EngineKill`), and the plans that
 * decide at which call or step each is due.
 */

/** A fault to inject into a call to the embedded AWS. */
export interface PlannedFault {
  /** Kills are for stacks, whose processes they end: see {@link StackFault}. */
  kill?: never;
  /** The operation, such as `iam:CreateDelegationRequest`; `iam:*` for all of a service, `*` for any. */
  operation: string;
  /**
   * The call to inject it into: the first (1, the default), the second, …, or every one, counted from when the fault was
   * planned. With `when: "after"`, only calls that had an effect count. A client's retry counts as a call.
   */
  call?: number | "every";
  /** Only calls of this account count. Default: any account. */
  account?: string;
  /** Before the call's effect, which then does not happen, or after it, so that only the response is lost. Default: before. */
  when?: "before" | "after";
  /** Wait in real time before dropping or answering: milliseconds, or a text such as `"200ms"`. Default: no delay. */
  delay?: string | number;
  /** Close the connection without a response. */
  drop?: true;
  /**
   * Respond with this error. A number stands for a common error, with the service's own code: 402 a quota, 403 access
   * denied, 429 throttling, 500 and 503 failures of AWS. IAM, STS and SNS have the statuses 409 and 400 for the first and
   * the third; Multi-party approval and SQS have those numbers.
   */
  answer?: CommonStatus | NonNullable<Fault["error"]>;
  /**
   * Called and awaited first when the fault is due, to simulate what happens at the same time, such as a customer who
   * decides, or somebody who changes the resource. When it throws, the call is answered 500 (`InternalFailure`).
   */
  meanwhile?: () => unknown;
}

/**
 * Kills the stack's provider process at a call to the embedded AWS, which then gets no response. Calls of the stack's
 * account count: those of the provider, and those that the test makes with the same account. The step stays in the state
 * as pending, and the next operation starts a new provider.
 */
export interface ProviderKill extends Pick<PlannedFault, "operation" | "call" | "when"> {
  /** Tells the kinds of faults apart. */
  kill: "provider";
  /** Only calls of this account count. Default: the stack's. */
  account?: string;
}

/**
 * Kills the stack's engine at a step that creates, updates, deletes or reads a resource or component. Steps that change
 * nothing do not count, and neither do a preview and a refresh. Nothing is recorded from then on, the provider is killed
 * too, and the operation fails with an `EngineKilledError`. The next operation starts from the state on disk.
 */
export interface EngineKill {
  /** Tells the kinds of faults apart. */
  kill: "engine";
  /** Only steps of this kind count, such as `create`, or `create-replacement`. Default: any. */
  op?: ProviderOp;
  /** Only steps of the resource of this name count. Default: any. */
  name?: string;
  /** The step to kill it at: the first (1, the default), the second, …, counted from when the kill was planned. */
  step?: number;
  /**
   * Before the provider is called, when the step is in the state as pending (the default); after the provider has
   * responded, before that is recorded; or right after it is recorded.
   */
  when?: StepPhase["phase"];
}

/** A fault to inject into a stack under test. */
export type StackFault = PlannedFault | ProviderKill | EngineKill;

/** @inline */
type CommonStatus = 402 | 403 | 429 | 500 | 503;

const QUERY_ERRORS: Readonly<Record<CommonStatus, { status: number; code: string }>> = {
  402: { status: 409, code: "LimitExceeded" },
  403: { status: 403, code: "AccessDenied" },
  429: { status: 400, code: "Throttling" },
  500: { status: 500, code: "ServiceFailure" },
  503: { status: 503, code: "ServiceUnavailable" },
};

const JSON_CODES: Readonly<Record<CommonStatus, string>> = {
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

const commonError = (status: CommonStatus, service: Call["service"]) =>
  ["iam", "sts", "sns"].includes(service) ? QUERY_ERRORS[status] : { status, code: JSON_CODES[status] };

/** Planned faults, each due at its nth matching event and then removed. One that is due at every event stays. */
class Schedule<Planned, Event> {
  private readonly entries: { planned: Planned; at: number | "every"; seen: number }[] = [];

  constructor(private readonly matches: (planned: Planned, event: Event) => boolean) {}

  add(planned: Planned, at: number | "every" = 1): void {
    this.entries.push({ planned, at, seen: 0 });
  }

  get pending(): Planned[] {
    return this.entries.map(({ planned }) => planned);
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** Removes and returns what is due at an event. Of several, returns the one planned first and removes all. */
  takeDue(event: Event): Planned | undefined {
    let due: Planned | undefined;
    for (const entry of [...this.entries]) {
      if (!this.matches(entry.planned, event)) continue;
      entry.seen += 1;
      if (entry.at !== "every" && entry.at !== entry.seen) continue;
      if (entry.at !== "every") this.entries.splice(this.entries.indexOf(entry), 1);
      due ??= entry.planned;
    }
    return due;
  }
}

/** The planned faults of calls to an embedded AWS. */
export class FaultPlan {
  private readonly faults = new Schedule<PlannedFault, Call>(matchesCall);

  /** @throws RangeError when the fault is not valid */
  add(fault: PlannedFault): void {
    if (fault.kill !== undefined) {
      throw new RangeError(
        "kill: applies to the processes of a stack. Pass it in the stack's option faults or to its injectFaults",
      );
    }
    const { operation, call, when = "before", delay = 0, drop, answer, meanwhile } = fault;
    milliseconds(delay);
    if (!/^(\*|[a-z]+(-[a-z]+)*:(\*|[A-Za-z]+))$/.test(operation)) {
      throw new RangeError(
        `operation: must be like iam:CreateDelegationRequest, iam:* or *, is ${operation}`,
      );
    }
    if (!["before", "after"].includes(when))
      throw new RangeError(`when: must be before or after, is ${when}`);
    if (call !== "every") checkCount("call", call, '"every" or ');
    if (drop && answer !== undefined) throw new RangeError("drop, answer: specify one of the two");
    if (!drop && answer === undefined && fault.delay === undefined && meanwhile === undefined) {
      throw new RangeError("drop, answer, delay, meanwhile: specify one of them");
    }
    this.faults.add(fault, call);
  }

  /** The faults that are not due yet. */
  get pending(): PlannedFault[] {
    return this.faults.pending;
  }

  clear(): void {
    this.faults.clear();
  }

  /** The fault to inject into a call, if one is due. */
  async takeDue(call: Call): Promise<Fault | undefined> {
    const due = this.faults.takeDue(call);
    await due?.meanwhile?.();
    return due && toEmulatorFault(due, call);
  }
}

/** The planned kills of a stack's engine. */
export class EngineKills {
  private readonly kills = new Schedule<EngineKill, StepPhase>(
    ({ op, name, when = "before" }, step) =>
      when === step.phase &&
      (op === undefined || op === step.op) &&
      (name === undefined || name === nameOf(step.urn)),
  );

  /** @throws RangeError when the kill is not valid */
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

  takeDue(step: StepPhase): "kill" | undefined {
    return this.kills.takeDue(step) && "kill";
  }
}

function checkCount(property: string, count = 1, or = ""): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`${property}: must be ${or}a whole number from 1, is ${count}`);
  }
}

function matchesCall({ operation, account, when = "before" }: PlannedFault, call: Call): boolean {
  return (
    call.phase === `${when}-effect` &&
    (account === undefined || account === call.account) &&
    ["*", `${call.service}:*`, `${call.service}:${call.operation}`].includes(operation)
  );
}

function toEmulatorFault({ delay, drop, answer }: PlannedFault, { service }: Call): Fault {
  const error = typeof answer === "number" ? commonError(answer, service) : answer;
  return {
    ...(delay !== undefined && { delayMs: milliseconds(delay) }),
    ...(drop && { drop }),
    ...(error && { error }),
  };
}
