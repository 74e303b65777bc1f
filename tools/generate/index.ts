// npm run generate: writes schema.json, docs/reference and the generated parts of the other pages.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { documentedFunctions, documentedResources, documentedSettings, ROOT } from "./documented";
import { pagePath, policy, referencePage, settingTable } from "./pages";
import { packageSchema } from "./schema";

/** What every generated file should hold, by its path from the root. */
export function generatedFiles(): Map<string, string> {
  const resources = documentedResources();
  const documented = { resources, functions: documentedFunctions(), settings: documentedSettings() };
  const manifest = JSON.parse(read("package.json"));
  const parts = new Map([
    ["settings", settingTable(documented.settings)],
    ...resources.map(({ name, declaration }): [string, string] => [
      `${name} policy`,
      policy(declaration.actions),
    ]),
  ]);
  return new Map([
    ["schema.json", `${JSON.stringify(packageSchema(documented, manifest), undefined, 2)}\n`],
    ...resources.map((resource): [string, string] => [pagePath(resource), referencePage(resource)]),
    ...pagesWithParts().map((path): [string, string] => [path, withParts(read(path), parts)]),
  ]);
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The pages of docs that have something generated among what is written. */
const pagesWithParts = () =>
  readdirSync(join(ROOT, "docs"))
    .map((name) => `docs/${name}`)
    .filter((path) => path.endsWith(".md") && read(path).includes("<!-- generated: "));

/** The text with what stands between `<!-- generated: NAME -->` and `<!-- /generated -->` made anew. */
function withParts(text: string, parts: ReadonlyMap<string, string>): string {
  return text.replace(
    /(<!-- generated: (.+?) -->\n).*?(\n<!-- \/generated -->)/gs,
    (_, begin: string, name: string, end: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`nothing generates "${name}"`);
      return `${begin}\n${part}\n${end}`;
    },
  );
}

if (require.main === module) {
  for (const [path, text] of generatedFiles()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
