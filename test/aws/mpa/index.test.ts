import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMpa } from "../../../src/aws/mpa";
import * as ownClient from "../../../src/aws/mpa/ownClient";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "mpa-project-"));
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

/** Installs an `@aws-sdk/client-mpa` with this main file, and gives the project's `require`. */
function install(main: string | undefined): NodeJS.Require {
  const folder = join(project, "node_modules/@aws-sdk/client-mpa");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "@aws-sdk/client-mpa", main: "main.js" }),
  );
  if (main !== undefined) writeFileSync(join(folder, "main.js"), main);
  return createRequire(join(project, "index.js"));
}

test("our own client is used where @aws-sdk/client-mpa is not installed", () => {
  expect(loadMpa(createRequire(join(project, "index.js")))).toBe(ownClient);
});

test("@aws-sdk/client-mpa is used where it is installed", () => {
  expect(loadMpa(install("exports.MPAClient = 'official';"))).toEqual({ MPAClient: "official" });
});

test.each([
  ["fails to load", "throw new Error('broken on purpose');", "broken on purpose"],
  ["misses a dependency", "require('@aws-sdk/not-installed');", "@aws-sdk/not-installed"],
  ["misses its main file", undefined, "@aws-sdk/client-mpa"],
])("an @aws-sdk/client-mpa that %s is an error", (_what, main, message) => {
  const require = install(main);
  expect(() => loadMpa(require)).toThrow(message);
});
