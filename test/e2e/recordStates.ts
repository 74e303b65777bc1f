// npm run record:states: see test/fixtures/states/README.md.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import useRealEngine from "../useRealEngine";
import { AwsFixture } from "./awsFixture";
import { pulumi } from "./engines";
import { programOf, STATES, stateFile, versions } from "./recordedStates";

async function record(): Promise<void> {
  await useRealEngine();
  const program = join(STATES, version, "program.ts");
  if (!existsSync(program)) {
    mkdirSync(join(STATES, version), { recursive: true });
    copyFileSync(join(STATES, versions.at(-1) ?? "", "program.ts"), program);
  }
  const fixture = await AwsFixture.open();
  const stack = await pulumi.open({ program: programOf(version), env: fixture.env });
  try {
    const { errors } = await stack.run("up");
    if (errors.length > 0) throw new Error(errors.join("\n"));
    const state = { version: 3, deployment: await stack.state() };
    // Pulumi records where a resource was declared, which is a path of this machine.
    const text = JSON.stringify(
      state,
      (key, value) => (["sourcePosition", "stackTrace"].includes(key) ? undefined : value),
      2,
    );
    writeFileSync(stateFile(version), `${text}\n`);
    process.stdout.write(`${stateFile(version)}\n`);
  } finally {
    await stack.close();
    await fixture.close();
  }
}

record().catch((error: Error) => {
  process.stderr.write(`npm run record:states: ${error.message}\n`);
  process.exitCode = 1;
});
