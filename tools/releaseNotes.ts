// tsx tools/releaseNotes.ts TAG: prints what CHANGELOG.md says of the release, or refuses it.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * What the changelog says of the version: its first section.
 * @throws Error when tag, package.json and changelog are not of one release
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, the version in package.json ${version}`);
  const [, section = ""] = changelog.split(/^## /m);
  const [heading = "", ...lines] = section.split("\n");
  const [, released] = /^(\S+) \(\d{4}-\d{2}-\d{2}\)$/.exec(heading) ?? [];
  if (released !== version) {
    throw new Error(`CHANGELOG.md begins with "## ${heading}": must be "## ${version} (YYYY-MM-DD)"`);
  }
  const notes = lines.join("\n").trim();
  if (notes === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes}\n`;
}

function main(): void {
  const read = (file: string) => readFileSync(resolve(__dirname, "..", file), "utf8");
  const [tag = ""] = process.argv.slice(2);
  try {
    process.stdout.write(releaseNotes(tag, JSON.parse(read("package.json")).version, read("CHANGELOG.md")));
  } catch (error) {
    process.stderr.write(`No release: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) main();
