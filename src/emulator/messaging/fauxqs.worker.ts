import { parentPort } from "node:worker_threads";
import type { Ask, Told } from "./messaging";

// fauxqs is an ES module: it cannot be required, and in a test runner's sandbox not imported either. Hence the worker,
// and an import() that the compiler leaves alone.
const load = new Function('return import("fauxqs")') as () => Promise<{ buildApp(options: object): App }>;

interface App {
  inject(request: Ask["request"]): Promise<{ statusCode: number; headers: object; body: string }>;
}

/** One fauxqs for each account, since it knows only one. */
const apps = new Map<string, Promise<App>>();

function appOf(account: string): Promise<App> {
  // Calls that come together must find the same one, so it is on record before it is there.
  const app = apps.get(account) ?? load().then(({ buildApp }) => buildApp({ logger: false }));
  apps.set(account, app);
  return app;
}

parentPort?.on("message", async ({ id, account, request }: Ask) => {
  try {
    const app = await appOf(account);
    const { statusCode, headers, body } = await app.inject(request);
    parentPort?.postMessage({
      id,
      answer: { status: statusCode, headers: { ...headers }, body },
    } satisfies Told);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ id, failure: { code, message } } satisfies Told);
  }
});
