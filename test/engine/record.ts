// Writes test/fixtures/engine/programs.expected.json: what Pulumi's own engine does with the programs of the table.
//   npx tsx test/engine/record.ts [part of the names of comparisons to record again]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import useRealEngine from "../useRealEngine";
import { PulumiEngine } from "./engines";
import { FileCloud } from "./fileCloud";
import { type Observation, type Observed, observe } from "./observe";
import { COMPARISONS } from "./programs";

const FILE = join(__dirname, "../fixtures/engine/programs.expected.json");

async function record(part: string): Promise<void> {
  await useRealEngine();
  const known: Record<string, Observation[]> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  const expected: Record<string, Observation[]> = {};
  for (const { name, config = {}, runs } of COMPARISONS) {
    const recorded = known[name];
    if (recorded !== undefined && !name.includes(part)) {
      expected[name] = recorded;
      continue;
    }
    const world = new FileCloud();
    const engine = await PulumiEngine.create(world, config, home);
    const observed: Observed[] = [];
    for (const run of runs) {
      observed.push(await observe(run, engine, world, observed.at(-1)?.resources));
    }
    expected[name] = observed.map(({ observation }) => observation);
    await engine.close();
    world.remove();
    process.stdout.write(`${name}\n`);
  }
  rmSync(home, { recursive: true, force: true });
  const lines = Object.entries(expected).map(
    ([name, runs]) =>
      `  ${JSON.stringify(name)}: [\n${runs.map((run) => `    ${JSON.stringify(run)}`).join(",\n")}\n  ]`,
  );
  writeFileSync(FILE, `{\n${lines.join(",\n")}\n}\n`);
}

void record(process.argv[2] ?? "");
