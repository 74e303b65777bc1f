import { type Command, Option } from "commander";
import { formatDuration } from "../../duration";
import type { CachedRequest, RequestCache } from "../cache";
import { CommandError, exitCodes } from "../exitCodes";
import { findRequests } from "../findRequest";
import {
  type AwsOptions,
  type InboxOptions,
  REQUEST_OPTION,
  requestReference,
  sessionArn,
  teamArn,
  timeSpan,
  withAwsOptions,
  withInboxOptions,
} from "../options";
import { formatUtc, Progress, print, printable, printJson } from "../output";
import type { Goal, Outcome } from "../pollInbox";
import type { Stack } from "../stack";

interface WaitOptions extends AwsOptions, InboxOptions {
  request?: string[];
  team?: string;
  session?: string;
  for: Goal;
  timeout: number;
  json?: true;
}

const DEFAULT_TIMEOUT_MS = 2 * 3_600_000;

export function addWait(program: Command): void {
  const command = program
    .command("wait")
    .summary("wait until people have decided")
    .description(
      "Waits until the customer has decided, and shows what happens meanwhile. Without --request it waits for every " +
        "request of the stack. The token that a grant brings is kept for `credentials` and `exec`.\n\n" +
        "Several may wait at one queue: a message is deleted once it is kept here, and only when its request is " +
        "waited for here. A message of another request is kept too, and made visible again at once for its own reader.\n\n" +
        "With --team or --session it waits for the votes of an approval team instead: about its creation, its change or " +
        "its deletion, or in one session.",
    )
    .option("--team <arn>", "the ARN of an approval team", teamArn)
    .option("--session <arn>", "the ARN of a session", sessionArn)
    .option(REQUEST_OPTION[0], `${REQUEST_OPTION[1]}; can be repeated`, collect)
    .addOption(
      new Option("--for <state>", "ACCEPTED: the customer agrees. FINALIZED: and has sent the token")
        .choices(["ACCEPTED", "FINALIZED"] satisfies Goal[])
        .default("FINALIZED"),
    )
    .addOption(
      new Option("--timeout <span>", "how long to wait, such as 90s, 1h30m or 7d; 0s reads the queue once")
        .argParser(timeSpan)
        .default(DEFAULT_TIMEOUT_MS, "2h"),
    );
  withAwsOptions(withInboxOptions(command))
    .option("--json", "print the outcome of each request as JSON")
    .action(wait);
}

type FinalOutcome = Outcome | "timed-out";

const EXIT_CODE_OF: Record<FinalOutcome, number> = {
  granted: exitCodes.ok,
  rejected: exitCodes.rejected,
  expired: exitCodes.expired,
  "timed-out": exitCodes.timedOut,
};

/** The exit code is that of the first outcome in this list that any of the requests has. */
const BY_SEVERITY: readonly FinalOutcome[] = ["rejected", "expired", "timed-out", "granted"];

async function wait(options: WaitOptions): Promise<void> {
  const { request, team, session } = options;
  const given = [request, team, session].filter((one) => one !== undefined);
  if (given.length > 1)
    throw new CommandError("Give one of --request, --team and --session.", exitCodes.usage);
  if (team !== undefined || session !== undefined) return waitForTeam(options);
  return waitForCustomers(options);
}

async function waitForTeam({ team, session, timeout, json, ...options }: WaitOptions): Promise<void> {
  const [{ clientsFor }, { waitForVotes }] = await Promise.all([import("../aws"), import("../waitForVotes")]);
  const subject = { ...(team && { team }), ...(session && { session }) };
  const log = (line: string) => void process.stderr.write(`${printable(line)}\n`);
  const { outcome = "timed-out", state } = await waitForVotes(subject, clientsFor(options), timeout, log);
  if (json) printJson({ ...subject, outcome, state });
  else print(`${printable(session ?? team ?? "")}: ${outcome} (${printable(state)})`);
  process.exitCode = EXIT_CODE_OF[outcome];
}

async function waitForCustomers(options: WaitOptions): Promise<void> {
  const [{ RequestCache }, { clientsFor }, { pollInboxes }] = await Promise.all([
    import("../cache"),
    import("../aws"),
    import("../pollInboxes"),
  ]);
  const stopped = abortOnSignals();
  const cache = new RequestCache();
  cache.prune();
  const { names, loaded } = await namesOf(options, cache);
  const requestIds = [...names.keys()];
  const { show, progress } = showProgress(names, options);
  const outcomes = await pollInboxes(
    {
      requestIds,
      goal: options.for,
      timeout: options.timeout,
      cache,
      abortSignal: stopped.signal,
      onChange: show,
    },
    { ...options, ...(loaded && { loaded }) },
    clientsFor(options),
  ).finally(() => progress.end());
  if (stopped.signal.aborted) {
    process.exitCode = Number(stopped.signal.reason);
    return;
  }
  const results = requestIds.map((id): RequestResult => {
    const outcome = outcomes.get(id) ?? "timed-out";
    return { id, name: names.get(id), outcome, ...cache.read(id) };
  });
  if (options.json) printJson({ requests: results.map(toJson) });
  else for (const result of results) print(toText(result));
  const worst = BY_SEVERITY.find((candidate) => results.some(({ outcome }) => outcome === candidate));
  process.exitCode = EXIT_CODE_OF[worst ?? "granted"];
}

/** Aborted by Ctrl-C or SIGTERM, with the exit code as its reason. Received messages are still processed then. */
function abortOnSignals(): AbortController {
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort(130));
  process.once("SIGTERM", () => stopped.abort(143));
  return stopped;
}

type Names = ReadonlyMap<string, string | undefined>;

function showProgress(names: Names, options: WaitOptions) {
  const deadline = Date.now() + options.timeout;
  const states = new Map([...names.keys()].map((id) => [id, "no notification yet"]));
  const label = (id: string) => names.get(id) ?? id;
  const progress = new Progress(() => {
    const now = [...states].map(([id, state]) => `${label(id)} ${state}`).join(", ");
    return `Waiting for ${options.for}, ${formatDuration(deadline - Date.now())} left: ${now}`;
  });
  const show = (id: string, { status, token }: CachedRequest) => {
    if (!status) return;
    const { state, updatedAt, ownerAccountId, tokenExpiresAt } = status;
    states.set(id, state);
    const by = ownerAccountId && state !== "EXPIRED" ? ` by account ${ownerAccountId}` : "";
    const access = token && tokenExpiresAt ? `, access until ${formatUtc(tokenExpiresAt)}` : "";
    progress.line(`${formatUtc(updatedAt)}  ${label(id)}: ${state}${by}${access}`);
  };
  return { show, progress };
}

interface RequestResult extends CachedRequest {
  id: string;
  name: string | undefined;
  outcome: FinalOutcome;
}

const toJson = ({ id, name, outcome, status, token }: RequestResult) => ({
  requestId: id,
  name: name ?? null,
  outcome,
  state: status?.state ?? null,
  updatedAt: status?.updatedAt.toISOString() ?? null,
  ownerAccountId: status?.ownerAccountId ?? null,
  accessEndsAt: status?.tokenExpiresAt?.toISOString() ?? null,
  hasToken: token !== undefined,
});

function toText({ id, name, outcome, status, token }: RequestResult): string {
  const state = outcome === "timed-out" ? ` (${status?.state ?? "no notification yet"})` : "";
  const next = token ? `; next: aws-approvals credentials --request ${id}` : "";
  return `${printable(name ?? id)}: ${outcome}${state}${next}`;
}

/** The requests to wait for, with their names when a stack is read. Their states in the stack are merged into the cache. */
async function namesOf(options: WaitOptions, cache: RequestCache): Promise<{ names: Names; loaded?: Stack }> {
  const { requests, loaded } = await findRequests(options.request, options);
  if (requests.length === 0) throw new CommandError("The stack has no delegation requests to wait for.");
  const names = new Map(requests.map(({ id, name }) => [id, name]));
  const inStack = loaded?.delegationRequests().filter(({ id }) => names.has(id)) ?? [];
  for (const { id, state, updatedAt } of inStack) {
    if (state !== "UNASSIGNED") {
      cache.merge({ type: "StateChange", requestId: id, requestorWorkflowId: "", state, updatedAt });
    }
  }
  return { names, ...(loaded && { loaded }) };
}

const collect = (reference: string, before: string[] = []): string[] => [
  ...before,
  requestReference(reference),
];
