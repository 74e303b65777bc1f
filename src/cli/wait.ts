import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../aws/duration";
import { EXIT, Failure } from "./exit";
import type { Goal, Outcome } from "./follow";
import { type AwsOptions, type InboxOptions, requestId, withAwsOptions, withInboxOptions } from "./options";
import type { Stack } from "./stack";
import { moment, Progress, print, printable, printJson, span } from "./terminal";

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
  granted: EXIT.ok,
  rejected: EXIT.rejected,
  expired: EXIT.expired,
  "timed-out": EXIT.timedOut,
};

/** Of several requests, the first of these decides the exit code. */
const GRAVEST_FIRST: readonly End[] = ["rejected", "expired", "timed-out", "granted"];

async function wait(options: WaitOptions): Promise<void> {
  const [{ RequestCache }, { clientsFor }, { followInboxes }] = await Promise.all([
    import("./cache"),
    import("./aws"),
    import("./followInboxes"),
  ]);
  const stopping = new AbortController();
  let stoppedBy = EXIT.ok as number;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      stoppedBy = code;
      stopping.abort();
    });
  }
  const { names, loaded } = await requestsOf(options);
  const requestIds = [...names.keys()];
  const cache = new RequestCache();
  cache.sweep();
  const deadline = Date.now() + options.timeout;
  const label = (id: string) => names.get(id) ?? id;
  const progress = new Progress(() => {
    const states = requestIds.map((id) => `${label(id)} ${cache.read(id).known?.state ?? "no news"}`);
    return `Waiting for ${options.for}, ${span(deadline - Date.now())} left: ${states.join(", ")}`;
  });
  const outcomes = await followInboxes(
    {
      ...{ requestIds, cache, goal: options.for, timeout: options.timeout, signal: stopping.signal },
      onNews(id, { known, token }) {
        if (!known) return;
        const by = known.ownerAccountId ? ` by account ${known.ownerAccountId}` : "";
        const access = token && known.tokenExpiresAt ? `, access until ${moment(known.tokenExpiresAt)}` : "";
        progress.line(`${moment(known.updatedAt)}  ${label(id)}: ${known.state}${by}${access}`);
      },
    },
    { ...options, ...(loaded && { loaded }) },
    clientsFor(options),
  ).finally(() => progress.end());
  if (stoppedBy !== EXIT.ok) {
    process.exitCode = stoppedBy;
    return;
  }
  const ends = requestIds.map((id) => ({
    id,
    end: outcomes.get(id) ?? ("timed-out" as const),
    ...cache.read(id),
  }));
  if (options.json) {
    printJson({
      requests: ends.map(({ id, end, known, token }) => ({
        ...{ requestId: id, name: names.get(id) ?? null, outcome: end, state: known?.state ?? null },
        updatedAt: known?.updatedAt.toISOString() ?? null,
        ownerAccountId: known?.ownerAccountId ?? null,
        accessEndsAt: known?.tokenExpiresAt?.toISOString() ?? null,
        hasToken: token !== undefined,
      })),
    });
  } else {
    for (const { id, end, token } of ends) {
      const next = token ? `; next: aws-approvals credentials --request ${id}` : "";
      print(`${printable(label(id))}: ${end}${next}`);
    }
  }
  const gravest = GRAVEST_FIRST.find((one) => ends.some(({ end }) => end === one)) ?? "granted";
  process.exitCode = EXIT_OF[gravest];
}

/** The requests to wait for, with their names where a stack tells them. */
async function requestsOf(
  options: WaitOptions,
): Promise<{ names: Map<string, string | undefined>; loaded?: Stack }> {
  const { request, stack, stateFile } = options;
  if (request && stack === undefined && stateFile === undefined) {
    return { names: new Map(request.map((id) => [id, undefined])) };
  }
  const { Stack } = await import("./stack");
  const loaded = await Stack.load(options);
  const names = new Map<string, string | undefined>();
  for (const { name, outputs } of loaded.delegationRequests()) {
    const id = outputs["delegationRequestId"];
    if (typeof id === "string" && (request?.includes(id) ?? true)) names.set(id, name);
  }
  const missing = request?.find((id) => !names.has(id));
  if (missing) throw new Failure(`The stack has no delegation request ${missing}.`);
  if (names.size === 0) throw new Failure("The stack has no delegation requests to wait for.");
  return { names, loaded };
}

const collect = (id: string, before: string[] = []): string[] => [...before, requestId(id)];

function milliseconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined)
    throw new InvalidArgumentError("It must be a time span, such as 90s, 10m or 1h30m.");
  return parsed;
}
