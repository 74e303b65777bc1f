import { type Command, Option } from "commander";
import { formatDuration } from "../../duration";
import type { NotifiedStatus } from "../../mailbox/order";
import { CommandError, exitCodes } from "../exitCodes";
import { findRequests } from "../findRequest";
import type { Mailbox } from "../mailboxes";
import { nextFor } from "../nextCommand";
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
import type { Goal, Outcome, WaitOutcome } from "../outcome";
import { field, formatUtc, Progress, print, printable, printJson } from "../output";
import { endBySignal } from "../signals";
import type { Stack } from "../stack";
import type { WatchOptions } from "../watchMailbox";

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
      "Waits until customers have decided, and shows each step as it happens. Without --request it waits " +
        "for all requests of the stack. Exit code 0 means that every token is in the table of the inbox, " +
        "where `credentials` and `exec` find it, on other machines, too.\n\nAny number of people and " +
        "pipelines can wait at one inbox. A network outage does not end the wait.\n\nWith --team or " +
        "--session it waits for the votes of an approval team: on its creation, change or deletion, or in " +
        "one session.\n\n  aws-approvals wait --request acme --timeout 2d",
    )
    .option("--team <arn>", "wait for the votes of this approval team", teamArn)
    .option("--session <arn>", "wait for the votes in this session", sessionArn)
    .option(REQUEST_OPTION[0], `${REQUEST_OPTION[1]}; can be repeated`, collect)
    .addOption(
      new Option(
        "--for <state>",
        "ACCEPTED: until the customer has agreed. FINALIZED: until they have sent the token as well",
      )
        .choices(["ACCEPTED", "FINALIZED"] satisfies Goal[])
        .default("FINALIZED"),
    )
    .addOption(
      new Option("--timeout <span>", "how long to wait, such as 90s, 1h30m or 7d; 0s looks once")
        .argParser(timeSpan)
        .default(DEFAULT_TIMEOUT_MS, "2h"),
    );
  withAwsOptions(withInboxOptions(command)).option("--json", "print JSON instead of text").action(wait);
}

const EXIT_CODE_OF: Record<WaitOutcome, number> = {
  granted: exitCodes.ok,
  rejected: exitCodes.rejected,
  expired: exitCodes.expired,
  "timed-out": exitCodes.timedOut,
};

/** The exit code is that of the first outcome in this list that any of the requests has. */
const BY_SEVERITY: readonly WaitOutcome[] = ["rejected", "expired", "timed-out", "granted"];

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
  const [{ RequestCache }, { clientsFor }, { Mailboxes }] = await Promise.all([
    import("../cache"),
    import("../aws"),
    import("../mailboxes"),
  ]);
  const stopped = abortOnSignals();
  const { names, loaded } = await namesOf(options);
  const clients = clientsFor(options, undefined, { maxRetries: MAX_TRIES });
  const cache = new RequestCache();
  const mailboxes = new Mailboxes({ ...options, ...(loaded && { loaded }) }, clients, cache);
  const groups = await mailboxes.group([...names.keys()]);
  const { show, statuses, progress } = showProgress(names, options);
  const outcomes = await watchAll(groups, {
    ...{ goal: options.for, timeout: options.timeout, abortSignal: stopped.signal },
    known: (id) => knownFromStack(loaded, id),
    onReached: (mailbox, ids) => {
      for (const id of ids) cache.saveTable(id, mailbox.tableArn);
    },
    onChange: show,
    log: (line) => progress.line(line),
  }).finally(() => progress.end());
  if (stopped.signal.aborted) return endBySignal(stopped.signal.reason);
  const now = clients.now();
  const results = [...names].map(([id, name]): RequestResult => {
    const status = statuses.get(id);
    const endsAt = status?.tokenExpiresAt;
    const hasToken = endsAt !== undefined && endsAt > now;
    return { id, name, outcome: outcomes.get(id) ?? "timed-out", status, hasToken };
  });
  if (options.json) printJson({ requests: results.map(toJson) });
  else for (const result of results) print(toText(result, options));
  const worst = BY_SEVERITY.find((candidate) => results.some(({ outcome }) => outcome === candidate));
  process.exitCode = EXIT_CODE_OF[worst ?? "granted"];
}

/** Of each call. The watch makes failed ones again, for as long as it has. */
const MAX_TRIES = 3;

type WatchAllOptions = Omit<WatchOptions, "requestIds" | "onReached"> & {
  onReached(mailbox: Mailbox, requestIds: readonly string[]): void;
};

/** Watches all mailboxes at once. When one fails, the others end. */
async function watchAll(
  groups: ReadonlyMap<Mailbox, string[]>,
  options: WatchAllOptions,
): Promise<Map<string, Outcome>> {
  const { watchMailbox } = await import("../watchMailbox");
  const controller = new AbortController();
  options.abortSignal.addEventListener("abort", () => controller.abort());
  const watches = [...groups].map(([mailbox, requestIds]) =>
    watchMailbox(mailbox, {
      ...{ ...options, requestIds, abortSignal: controller.signal },
      onReached: () => options.onReached(mailbox, requestIds),
    }),
  );
  try {
    return new Map((await Promise.all(watches)).flatMap((outcomes) => [...outcomes]));
  } finally {
    controller.abort();
  }
}

/** Aborted by Ctrl-C or SIGTERM, with the signal as its reason. */
function abortOnSignals(): AbortController {
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort(signal));
  return stopped;
}

type Names = ReadonlyMap<string, string | undefined>;

/** As many as a status line names one by one. */
const MAX_NAMED = 5;

function showProgress(names: Names, options: WaitOptions) {
  const deadline = Date.now() + options.timeout;
  const statuses = new Map<string, NotifiedStatus>();
  const label = (id: string) => names.get(id) ?? id;
  const stateOf = (id: string) => statuses.get(id)?.state ?? "no notification yet";
  const counts = () => {
    const states = [...names.keys()].map(stateOf);
    return [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} ${state}`);
  };
  const progress = new Progress(() => {
    const now =
      names.size > MAX_NAMED ? counts() : [...names.keys()].map((id) => `${label(id)} ${stateOf(id)}`);
    const left = formatDuration(Math.max(0, deadline - Date.now()));
    return `Waiting for ${options.for}, ${left} left: ${now.join(", ")}`;
  });
  const show = (id: string, status: NotifiedStatus) => {
    statuses.set(id, status);
    const { state, updatedAt, ownerAccountId, tokenExpiresAt } = status;
    const by =
      ownerAccountId && state !== "EXPIRED" && state !== "LAPSED" ? ` by account ${ownerAccountId}` : "";
    const access = tokenExpiresAt ? `, access until ${formatUtc(tokenExpiresAt)}` : "";
    progress.line(`${formatUtc(updatedAt)}  ${label(id)}: ${state}${by}${access}`);
  };
  return { show, statuses, progress };
}

interface RequestResult {
  id: string;
  name: string | undefined;
  outcome: WaitOutcome;
  status: NotifiedStatus | undefined;
  hasToken: boolean;
}

const toJson = ({ id, name, outcome, status, hasToken }: RequestResult) => ({
  requestId: id,
  name: name ?? null,
  outcome,
  state: status?.state ?? null,
  updatedAt: status?.updatedAt.toISOString() ?? null,
  ownerAccountId: status?.ownerAccountId ?? null,
  accessEndsAt: status?.tokenExpiresAt?.toISOString() ?? null,
  hasToken,
});

function toText({ id, name, outcome, status, hasToken }: RequestResult, options: WaitOptions): string {
  const state = outcome === "timed-out" ? ` (${status?.state ?? "no notification yet"})` : "";
  const exec = `${nextFor("exec", name ?? id, options)} -- aws sts get-caller-identity`;
  return [`${printable(name ?? id)}: ${outcome}${state}`, ...(hasToken ? field("next", exec) : [])].join(
    "\n",
  );
}

/** The requests to wait for, with their names when a stack is read. */
async function namesOf(options: WaitOptions): Promise<{ names: Names; loaded?: Stack }> {
  const { requests, loaded } = await findRequests(options.request, options);
  if (requests.length === 0) throw new CommandError("The stack has no delegation requests to wait for.");
  return { names: new Map(requests.map(({ id, name }) => [id, name])), ...(loaded && { loaded }) };
}

/** What the stack knows of a request, once somebody has acted on it. */
function knownFromStack(stack: Stack | undefined, id: string): NotifiedStatus | undefined {
  const request = stack?.delegationRequest(id);
  if (request === undefined || request.state === "UNASSIGNED") return undefined;
  const { state, updatedAt, outputs } = request;
  const { ownerAccountId } = outputs;
  return { state, updatedAt, ...(typeof ownerAccountId === "string" && { ownerAccountId }) };
}

const collect = (reference: string, before: string[] = []): string[] => [
  ...before,
  requestReference(reference),
];
