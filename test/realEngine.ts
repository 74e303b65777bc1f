const described = process.env["REAL_ENGINE"];

/** The engine that is first on the PATH under `npm run test:engine`; undefined under plain `npm test`. */
export const realEngine: { runsFolders: boolean; runsYaml: boolean; version: string } | undefined =
  described === undefined ? undefined : JSON.parse(described);
