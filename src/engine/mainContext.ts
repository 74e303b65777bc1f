import { createRequire } from "node:module";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

// Jest runs tests in a separate VM context with copies of `process`, `console` and all modules; there, errors thrown by
// Node.js are not instances of `Error`. These are the originals. Without Jest they are the same as the globals.

export const mainProcess: NodeJS.Process = runInThisContext("process");
export const mainConsole: Console = runInThisContext("console");
export const mainTimers: Pick<typeof globalThis, "setTimeout" | "clearTimeout"> = runInThisContext(
  "({ setTimeout, clearTimeout })",
);

/** The `require` function of a module in `folder`. */
export function mainRequire(folder: string): NodeJS.Require {
  const { createRequire: create = createRequire } = (mainProcess.mainModule?.constructor ?? {}) as {
    createRequire?: typeof createRequire;
  };
  return create(join(folder, "index.js"));
}
