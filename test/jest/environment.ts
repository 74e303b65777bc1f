import type { JestEnvironment, JestEnvironmentConfig } from "@jest/environment";
import { ModernFakeTimers } from "@jest/fake-timers";
import type { Global } from "@jest/types";
import { ModuleMocker } from "jest-mock";
import "./settings";

/**
 * Runs tests with the globals of the worker, where Jest's own environment makes new ones for each file. So modules can be
 * kept from one file to the next: see `testRunner.ts`.
 */
export default class MainEnvironment implements JestEnvironment {
  readonly global = globalThis as unknown as Global.Global;
  readonly fakeTimers = null;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly moduleMocker = new ModuleMocker(globalThis);
  // Jest replaces these.
  private readonly console = globalThis.console;
  private readonly exit = process.exit;

  constructor({ projectConfig }: JestEnvironmentConfig) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
    globalThis.console = this.console;
    process.exit = this.exit;
  }

  exportConditions(): string[] {
    return ["node", "node-addons"];
  }

  /** There is none: `testRunner.ts` loads all modules. */
  getVmContext(): null {
    return null;
  }
}
