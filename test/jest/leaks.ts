import { setTimeout as delay } from "node:timers/promises";

/** What a test file can leave behind in the process that the next file runs in. */
export interface ProcessState {
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** How many of each kind keep the process alive: servers, sockets, child processes, timers. */
  resources: Map<string, number>;
  /** How many there are of each event of `process`. */
  listeners: Map<string, number>;
}

/** Libraries listen for these from when they are loaded. */
const HEARD_BY_LIBRARIES: (string | symbol)[] = ["exit", "beforeExit"];

export function processState(): ProcessState {
  const listeners = process
    .eventNames()
    .filter((name) => !HEARD_BY_LIBRARIES.includes(name))
    .map((name) => [String(name), process.listenerCount(name)] as const);
  // These are opened when something first asks for them.
  void [process.stdin, process.stdout, process.stderr];
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    resources: countOf(process.getActiveResourcesInfo()),
    listeners: new Map(listeners),
  };
}

function countOf(names: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What has come about since `before`, one line each. */
export function leaksSince(before: ProcessState): string[] {
  const now = processState();
  const variables = new Set([...Object.keys(before.environment), ...Object.keys(now.environment)]);
  return [
    ...(now.folder === before.folder ? [] : [`the working folder ${now.folder}`]),
    ...[...variables]
      .filter((name) => before.environment[name] !== now.environment[name])
      .map((name) => `the environment variable ${name}`),
    ...added(before.resources, now.resources).map((name) => `open: ${name}`),
    ...added(before.listeners, now.listeners).map((name) => `a listener of the process's ${name}`),
  ];
}

const added = (before: Map<string, number>, now: Map<string, number>): string[] =>
  [...now].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name);

/** What is closed takes some turns to be gone. */
const HUNG_MS = 10_000;

/** As {@link leaksSince}, once nothing changes any more for the better. */
export async function lastingLeaks(before: ProcessState): Promise<string[]> {
  const deadline = Date.now() + HUNG_MS;
  for (;;) {
    const leaks = leaksSince(before);
    if (leaks.length === 0 || Date.now() > deadline) return leaks;
    await delay(5);
  }
}
