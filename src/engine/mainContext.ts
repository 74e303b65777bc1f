import { createRequire } from "node:module";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

// Jest runs tests in a context of its own, with copies of `process`, `console` and every module, where errors of Node.js
// are no instances of `Error`. These are the originals; with other test runners they are the only ones.

export const mainProcess: NodeJS.Process = runInThisContext("process");
export const mainConsole: Console = runInThisContext("console");

/** What `require` is to a module in `folder`. */
export function mainRequire(folder: string): NodeJS.Require {
  const { createRequire: create = createRequire } = (mainProcess.mainModule?.constructor ?? {}) as {
    createRequire?: typeof createRequire;
  };
  return create(join(folder, "index.js"));
}
