import { delimiter } from "node:path";

/** Where the tests of `npm run test:engine` read what the engine can do. */
const VARIABLE = "REAL_ENGINE";

const { [VARIABLE]: described } = process.env;

/** The engine that is first on the PATH under `npm run test:engine`; undefined under plain `npm test`. */
export const realEngine: { runsFolders: boolean; runsYaml: boolean; version: string } | undefined =
  described === undefined ? undefined : JSON.parse(described);

/** Jest's global setup of `npm run test:engine`. */
export default async function useRealEngine(): Promise<void> {
  const { findEngine, titleOf } = await import("../tools/engine");
  const engine = await findEngine();
  if (engine === undefined) {
    throw new Error("There is no Pulumi engine to test on: put pulumi on the PATH, or run npm run engine");
  }
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  const { runsFolders, runsYaml, command } = engine;
  process.env[VARIABLE] = JSON.stringify({ runsFolders, runsYaml, version: `v${command.version}` });
  process.stdout.write(`The real engine: ${titleOf(engine)}\n`);
}
