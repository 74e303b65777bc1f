import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedDeployment, Program } from "../../src/engine";

export const STATES = join(__dirname, "../fixtures/states");

/** The versions with a recorded state, oldest first. */
export const versions = readdirSync(STATES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort((x, y) => x.localeCompare(y, "en", { numeric: true }));

export const stateFile = (version: string) => join(STATES, version, "state.json");

export const stateOf = (version: string): ExportedDeployment =>
  JSON.parse(readFileSync(stateFile(version), "utf8"));

export const programOf = (version: string): Program => require(join(STATES, version, "program.ts")).default;
