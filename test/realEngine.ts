import { delimiter } from "node:path";

/** Where the tests of `npm run test:engine` read what the engine can do: `folders` too, or `inline` programs only. */
const VARIABLE = "REAL_ENGINE";

/** The engine that is first on the PATH under `npm run test:engine`; undefined under plain `npm test`. */
export const realEngine = process.env[VARIABLE] && { runsFolders: process.env[VARIABLE] === "folders" };

/** Jest's global setup of `npm run test:engine`. */
export default async function useRealEngine(): Promise<void> {
  const { findEngine, titleOf } = await import("../tools/engine");
  const engine = await findEngine();
  if (engine === undefined) {
    throw new Error("There is no Pulumi engine to test on: put pulumi on the PATH, or run npm run engine");
  }
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  process.env[VARIABLE] = engine.runsFolders ? "folders" : "inline";
  process.stdout.write(`The real engine: ${titleOf(engine)}\n`);
}
