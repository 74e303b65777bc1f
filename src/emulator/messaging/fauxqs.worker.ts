import { parentPort } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "./messaging";

// fauxqs is an ES module. It cannot be required, and Jest's module sandbox does not import it either: hence the worker,
// and an import() that the compiler does not turn into require().
const load = new Function('return import("fauxqs")') as () => Promise<{ buildApp(options: object): App }>;

interface App {
  inject(request: WorkerRequest["request"]): Promise<{ statusCode: number; headers: object; body: string }>;
}

/** One instance for each account, since fauxqs has one account only. */
const apps = new Map<string, Promise<App>>();

function appOf(account: string): Promise<App> {
  // The promise is stored, so that concurrent calls share one instance.
  const app = apps.get(account) ?? load().then(({ buildApp }) => buildApp({ logger: false }));
  apps.set(account, app);
  return app;
}

parentPort?.on("message", async ({ id, account, request }: WorkerRequest) => {
  try {
    const app = await appOf(account);
    const { statusCode, headers, body } = await app.inject(request);
    parentPort?.postMessage({
      id,
      answer: { status: statusCode, headers: { ...headers }, body },
    } satisfies WorkerReply);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ id, failure: { code, message } } satisfies WorkerReply);
  }
});
