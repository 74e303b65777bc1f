import { delimiter } from "node:path";

/**
 * Jest's global setup of `npm run test:engine`. A file of its own: it is loaded before the variable is set that `realEngine.ts`
 * reads when it is loaded, in the same process when there is one worker.
 */
export default async function useRealEngine(): Promise<void> {
  const { findEngine, titleOf } = await import("../tools/engine");
  const engine = await findEngine();
  if (engine === undefined) {
    throw new Error("There is no Pulumi engine to test on: put pulumi on the PATH, or run npm run engine");
  }
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  const { runsFolders, runsYaml, command } = engine;
  process.env["REAL_ENGINE"] = JSON.stringify({ runsFolders, runsYaml, version: `v${command.version}` });
  process.stdout.write(`The real engine: ${titleOf(engine)}\n`);
}
