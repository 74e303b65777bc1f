import { type Command, InvalidArgumentError, Option } from "commander";
import { formatDuration, parseDuration } from "../../duration";
import type { CachedRequest, RequestCache } from "../cache";
import { exitCodes, Failure } from "../exitCodes";
import type { Goal, Outcome } from "../follow";
import { type AwsOptions, type InboxOptions, requestId, withAwsOptions, withInboxOptions } from "../options";
import { formatUtc, Progress, print, printable, printJson } from "../output";
import type { Stack } from "../stack";

interface WaitOptions extends AwsOptions, InboxOptions {
  request?: string[];
  for: Goal;
  timeout: number;
  json?: true;
}

const TWO_HOURS_MS = 2 * 3_600_000;

export function addWait(program: Command): void {
  const command = program
    .command("wait")
    .summary("wait until people have decided")
    .description(
      "Waits until the customer has decided, and shows what happens meanwhile. Without --request it waits for every " +
        "request of the stack. The token that a grant brings is kept for `credentials` and `exec`.\n\n" +
        "Several may wait at one queue: a message is deleted once it is kept here, and only when its request is " +
        "waited for here. A message of another request is kept too, and released at once for who waits elsewhere.",
    )
    .option("--request <id>", "AWS's id of the delegation request; can be repeated", collect)
    .addOption(
      new Option("--for <state>", "ACCEPTED: the customer agrees. FINALIZED: and has sent the token")
        .choices(["ACCEPTED", "FINALIZED"] satisfies Goal[])
        .default("FINALIZED"),
    )
    .addOption(
      new Option("--timeout <span>", "how long to wait, such as 90s or 1h30m; 0s looks once")
        .argParser(milliseconds)
        .default(TWO_HOURS_MS, "2h"),
    );
  withAwsOptions(withInboxOptions(command))
    .option("--json", "print what has become of each request as JSON")
    .action(wait);
}

type End = Outcome | "timed-out";

const EXIT_OF: Record<End, number> = {
  granted: exitCodes.ok,
  rejected: exitCodes.rejected,
  expired: exitCodes.expired,
  "timed-out": exitCodes.timedOut,
};

/** Of several requests, the first of these decides the exit code. */
const GRAVEST_FIRST: readonly End[] = ["rejected", "expired", "timed-out", "granted"];

async function wait(options: WaitOptions): Promise<void> {
  const [{ RequestCache }, { clientsFor }, { followInboxes }] = await Promise.all([
    import("../cache"),
    import("../aws"),
    import("../followInboxes"),
  ]);
  const stopped = stoppedBySignals();
  const cache = new RequestCache();
  cache.sweep();
  const { names, loaded } = await requestsOf(options, cache);
  const requestIds = [...names.keys()];
  const { show, progress } = showProgress(names, options);
  const outcomes = await followInboxes(
    {
      requestIds,
      goal: options.for,
      timeout: options.timeout,
      cache,
      signal: stopped.signal,
      onNews: show,
    },
    { ...options, ...(loaded && { loaded }) },
    clientsFor(options),
  ).finally(() => progress.end());
  if (stopped.signal.aborted) {
    process.exitCode = Number(stopped.signal.reason);
    return;
  }
  const ends = requestIds.map((id): Ended => {
    const end = outcomes.get(id) ?? "timed-out";
    return { id, name: names.get(id), end, ...cache.read(id) };
  });
  if (options.json) printJson({ requests: ends.map(asJson) });
  else for (const ended of ends) print(asText(ended));
  process.exitCode = EXIT_OF[GRAVEST_FIRST.find((one) => ends.some(({ end }) => end === one)) ?? "granted"];
}

/** Aborted by Ctrl-C or SIGTERM, with the exit code as its reason: what has been received is dealt with before the end. */
function stoppedBySignals(): AbortController {
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort(130));
  process.once("SIGTERM", () => stopped.abort(143));
  return stopped;
}

type Names = ReadonlyMap<string, string | undefined>;

function showProgress(names: Names, options: WaitOptions) {
  const deadline = Date.now() + options.timeout;
  const states = new Map([...names.keys()].map((id) => [id, "no news yet"]));
  const label = (id: string) => names.get(id) ?? id;
  const progress = new Progress(() => {
    const now = [...states].map(([id, state]) => `${label(id)} ${state}`).join(", ");
    return `Waiting for ${options.for}, ${formatDuration(deadline - Date.now())} left: ${now}`;
  });
  const show = (id: string, { known, token }: CachedRequest) => {
    if (!known) return;
    states.set(id, known.state);
    const by = known.ownerAccountId && known.state !== "EXPIRED" ? ` by account ${known.ownerAccountId}` : "";
    const access = token && known.tokenExpiresAt ? `, access until ${formatUtc(known.tokenExpiresAt)}` : "";
    progress.line(`${formatUtc(known.updatedAt)}  ${label(id)}: ${known.state}${by}${access}`);
  };
  return { show, progress };
}

interface Ended extends CachedRequest {
  id: string;
  name: string | undefined;
  end: End;
}

const asJson = ({ id, name, end, known, token }: Ended) => ({
  requestId: id,
  name: name ?? null,
  outcome: end,
  state: known?.state ?? null,
  updatedAt: known?.updatedAt.toISOString() ?? null,
  ownerAccountId: known?.ownerAccountId ?? null,
  accessEndsAt: known?.tokenExpiresAt?.toISOString() ?? null,
  hasToken: token !== undefined,
});

function asText({ id, name, end, known, token }: Ended): string {
  const state = end === "timed-out" ? ` (${known?.state ?? "no news"})` : "";
  const next = token ? `; next: aws-approvals credentials --request ${id}` : "";
  return `${printable(name ?? id)}: ${end}${state}${next}`;
}

/** The requests to wait for, with their names where a stack tells them. What the stack knows of them is learned. */
async function requestsOf(
  options: WaitOptions,
  cache: RequestCache,
): Promise<{ names: Names; loaded?: Stack }> {
  const { request, stack, stateFile } = options;
  if (request && stack === undefined && stateFile === undefined) {
    return { names: new Map(request.map((id) => [id, undefined])) };
  }
  const { Stack } = await import("../stack");
  const loaded = await Stack.load(options);
  const all = loaded.delegationRequests().filter(({ id }) => request?.includes(id) ?? true);
  const missing = request?.find((id) => all.every((one) => one.id !== id));
  if (missing) throw new Failure(`The stack has no delegation request ${missing}.`);
  if (all.length === 0) throw new Failure("The stack has no delegation requests to wait for.");
  for (const { id, state, updatedAt } of all) {
    if (state !== "UNASSIGNED") {
      cache.merge({ type: "StateChange", requestId: id, requestorWorkflowId: "", state, updatedAt });
    }
  }
  return { names: new Map(all.map(({ id, name }) => [id, name])), loaded };
}

const collect = (id: string, before: string[] = []): string[] => [...before, requestId(id)];

function milliseconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined)
    throw new InvalidArgumentError("It must be a time span, such as 90s, 10m or 1h30m.");
  return parsed;
}
