import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { MODULE } from "../../tools/pinned";
import { leaveOut } from "../leaveOut";
import { inFolder, PROJECT_KEYS, READABLE, REFUSED } from "./projects";

const run = promisify(execFile);

/** Runs the CLI on the stack `dev` of a project. */
async function pulumi(files: Record<string, string>, ...args: string[]): Promise<string> {
  return inFolder(files, async (folder) => {
    const state = join(folder, ".state");
    mkdirSync(state);
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: join(folder, ".home"),
      PULUMI_CONFIG_PASSPHRASE: "of the tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const options = { cwd: folder, env };
    await run("pulumi", ["stack", "init", "dev", "--non-interactive"], options);
    return (await run("pulumi", [...args, "--stack", "dev", "--non-interactive"], options)).stdout;
  });
}

const parsed = (text: string): unknown => (/^[[{]/.test(text) ? JSON.parse(text) : text);
/** Objects within the text are compared as such, since Go sorts their keys. */
const structured = (config: Record<string, string>) =>
  Object.fromEntries(Object.entries(config).map(([key, text]) => [key, parsed(text)]));

test.each(READABLE)("Pulumi's CLI reads the same configuration: $title", async ({ files, config }) => {
  const listed: Record<string, { value: string }> = JSON.parse(await pulumi(files, "config", "--json"));
  const values = Object.fromEntries(Object.entries(listed).map(([key, { value }]) => [key, value]));
  expect(structured(values)).toEqual(structured(config));
});

/** What the CLI says of a project that it takes, where it is without a language host. */
const TAKEN = /language/;

test.each(REFUSED.filter(({ onlyHere }) => !onlyHere))(
  "Pulumi's CLI refuses it, too: $title",
  async ({ files }) => {
    const refusal = await pulumi(files, "preview").catch((error: { stderr: string }) => error);
    expect(refusal).toMatchObject({ stderr: expect.stringMatching(/error: /) });
    expect((refusal as { stderr: string }).stderr).not.toMatch(TAKEN);
  },
);

test.each(REFUSED.filter(({ onlyHere }) => onlyHere))("Pulumi's CLI takes it: $title", async ({ files }) => {
  expect(JSON.parse(await pulumi(files, "config", "--json"))).toEqual(expect.any(Object));
});

interface Schema {
  properties: Record<string, Schema>;
  oneOf: Schema[];
  $defs: Record<string, Schema>;
}

test("the keys of Pulumi.yaml are those of Pulumi's schema", async () => {
  const list = run("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], {
    cwd: MODULE,
  });
  const path = join(
    (await list.catch(() => ({ stdout: "" }))).stdout.trim(),
    "go/common/workspace/project.json",
  );
  if (!existsSync(path))
    return leaveOut("the keys of Pulumi.yaml", "there is no Go with the engine's modules");
  const { properties, $defs }: Schema = JSON.parse(readFileSync(path, "utf8"));
  const within = (key: string, schema: Schema | undefined) =>
    Object.keys(schema?.properties ?? {}).map((name) => `${key}.${name}`);
  const { options, plugins, runtime, ...others } = properties;
  const keys = [
    ...Object.keys(others),
    ...within("options", options),
    ...within("plugins", plugins),
    ...["runtime", ...within("runtime", runtime?.oneOf[1])],
    ...within("config", $defs["configTypeDeclaration"]),
  ];
  expect(keys.sort()).toEqual([...PROJECT_KEYS].sort());
});
