// Writes programs.expected.json: what the Pulumi CLI on the PATH does with the programs of the table.
//   npx tsx test/testing/engine/record.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PulumiEngine } from "./engines";
import { type Observation, observe } from "./observe";
import { COMPARISONS } from "./programs";
import { World } from "./world";

async function record(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  const expected: Record<string, Observation[]> = {};
  for (const { name, config = {}, runs } of COMPARISONS) {
    const world = new World();
    const engine = await PulumiEngine.create(world, config, home);
    const observations: Observation[] = [];
    for (const run of runs) {
      observations.push((await observe(run, engine, world)).observation);
    }
    expected[name] = observations;
    await engine.close();
    world.remove();
    process.stdout.write(`${name}\n`);
  }
  rmSync(home, { recursive: true, force: true });
  const lines = Object.entries(expected).map(
    ([name, runs]) =>
      `  ${JSON.stringify(name)}: [\n${runs.map((run) => `    ${JSON.stringify(run)}`).join(",\n")}\n  ]`,
  );
  writeFileSync(join(__dirname, "programs.expected.json"), `{\n${lines.join(",\n")}\n}\n`);
}

void record();
