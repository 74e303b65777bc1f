import { answerRequests, type InstanceAnswer } from "../workerThread";

// fauxqs is an ES module. It cannot be required, hence an import() that the compiler does not turn into require().
const load = new Function('return import("fauxqs")') as () => Promise<{ buildApp(options: object): App }>;

interface App {
  inject(request: object): Promise<{ statusCode: number; headers: object; body: string }>;
}

/** The emulator's time at the last call; undefined when that is the system's. */
let time: Date | undefined;
const now = (): number => time?.getTime() ?? SystemDate.now();

// fauxqs asks the Date of its thread when a message can be received, and again.
const SystemDate = Date;
globalThis.Date = new Proxy(SystemDate, {
  construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

/** One instance for each account, since fauxqs has one account only. */
const apps = new Map<string, Promise<App>>();

function appOf(account: string): Promise<App> {
  // The promise is stored, so that concurrent calls share one instance.
  const app = apps.get(account) ?? load().then(({ buildApp }) => buildApp({ logger: false }));
  apps.set(account, app);
  return app;
}

answerRequests(async ({ account, headers, payload, now }): Promise<InstanceAnswer> => {
  time = now;
  const app = await appOf(account);
  const answer = await app.inject({ method: "POST", url: "/", headers, payload });
  return { status: answer.statusCode, headers: { ...answer.headers }, body: answer.body };
});
