import { AsyncLocalStorage } from "node:async_hooks";
import Module from "node:module";
import { dirname, join } from "node:path";
import type { JestEnvironment } from "@jest/environment";
import type { TestResult } from "@jest/test-result";
import type { Config } from "@jest/types";
import type Runtime from "jest-runtime";
import { lastingLeaks, processState } from "./leaks";
import { requireTypeScript } from "./typeScript";

// Jest loads all modules anew for each test file, and for most files here that takes longer than their tests: Pulumi's SDK and
// the AWS SDK are some thousand modules. Here Node.js loads them, those of others once in a worker, our own anew for each file.
// A worker's files share its globals, so one that leaves something behind there fails.

type TestRunner = (
  globalConfig: Config.GlobalConfig,
  config: Config.ProjectConfig,
  environment: JestEnvironment,
  runtime: Runtime,
  testPath: string,
  ...rest: unknown[]
) => Promise<TestResult>;

const circus = require.resolve("jest-circus/runner");
const { default: runWithCircus } = require(circus) as { default: TestRunner };
/** Has the state of one test file's run. */
const circusState = join(dirname(circus), "jestAdapterInit.js");

const runTestFile: TestRunner = async (globalConfig, config, environment, runtime, testPath, ...rest) => {
  await requireTypeScript(config);
  const requireFromTest = Module.createRequire(testPath);
  const loadedBefore = new Set(Object.keys(requireFromTest.cache));
  Object.assign(runtime, { requireModule: requireFromTest, requireInternalModule: requireFromTest });
  Object.assign(globalThis, {
    jest: runtime.requireModuleOrMock<{ jest: unknown }>(testPath, "@jest/globals").jest,
  });
  const { env } = process;
  const before = processState();
  try {
    const run = runWithCircus(globalConfig, config, environment, runtime, testPath, ...rest);
    const result = await run.finally(() => {
      // Node.js itself, as in os.homedir(), reads the variables of no other object.
      process.env = env;
    });
    if (result.numFailingTests === 0) {
      const leaks = await lastingLeaks(before);
      if (leaks.length > 0) throw new Error(`The next test file would find:\n${leaks.join("\n")}`);
    }
    return result;
  } finally {
    for (const file of Object.keys(requireFromTest.cache))
      if (!loadedBefore.has(file) && (isOwn(file) || file === circusState))
        delete requireFromTest.cache[file];
    resetGlobals(globalThis);
    for (const storage of storages.splice(0)) storage.disable();
  }
};

export default runTestFile;

// Every promise is given the value of each storage that has run. The modules of a file have some of their own.
const storages: AsyncLocalStorage<unknown>[] = [];
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function <R, Args extends unknown[]>(
  this: AsyncLocalStorage<unknown>,
  store: unknown,
  callback: (...args: Args) => R,
  ...args: Args
): R {
  if (!storages.includes(this)) storages.push(this);
  return run.call(this, store, callback as (...args: unknown[]) => R, ...args) as R;
};

const isOwn = (file: string): boolean =>
  file.endsWith(".ts") && !file.includes("node_modules") && !file.endsWith(KEY_DERIVATION);

/** Keeps nothing but derived keys, each of which takes half a second. */
const KEY_DERIVATION = join("src", "engine", "secrets.ts");

/** What Pulumi's SDK has been set to, and which classes packages have registered with it when they were loaded. */
interface PulumiGlobals {
  globalStore?: { resourcePackages: unknown; resourceModules: unknown };
  stackResource?: unknown;
}

function resetGlobals(globals: PulumiGlobals & Record<symbol, unknown>): void {
  if (globals.globalStore) {
    const { resourcePackages, resourceModules, constructor: Store } = globals.globalStore;
    globals.globalStore = Object.assign(Reflect.construct(Store, []), { resourcePackages, resourceModules });
  }
  delete globals.stackResource;
  for (const key of Object.getOwnPropertySymbols(globals))
    if (CIRCUS_SYMBOLS.includes(key.description ?? "")) delete globals[key];
}

const CIRCUS_SYMBOLS = ["JEST_STATE_SYMBOL", "EVENT_HANDLERS"];
