import { answerRequests, type InstanceAnswer } from "../workerThread";

// fauxqs is an ES module. It cannot be required, hence an import() that the compiler does not turn into require().
const load = new Function('return import("fauxqs")') as () => Promise<{ buildApp(options: object): App }>;

interface App {
  inject(request: object): Promise<{ statusCode: number; headers: object; body: string }>;
}

/** One instance for each account, since fauxqs has one account only. */
const apps = new Map<string, Promise<App>>();

function appOf(account: string): Promise<App> {
  // The promise is stored, so that concurrent calls share one instance.
  const app = apps.get(account) ?? load().then(({ buildApp }) => buildApp({ logger: false }));
  apps.set(account, app);
  return app;
}

answerRequests(async ({ account, headers, payload }): Promise<InstanceAnswer> => {
  const app = await appOf(account);
  const answer = await app.inject({ method: "POST", url: "/", headers, payload });
  return { status: answer.statusCode, headers: { ...answer.headers }, body: answer.body };
});
