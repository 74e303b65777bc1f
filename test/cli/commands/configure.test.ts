import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import fc from "fast-check";
import { withoutProfile, withProfile } from "../../../src/cli/awsConfigFile";
import { quoteForProfile } from "../../../src/cli/quote";
import { replay } from "../../seed";
import { BIN } from "../bin";
import { Sandbox } from "../sandbox";
import { exported, request } from "../stateFile";

let cli: Sandbox;
let config: string;
let state: string;
beforeEach(() => {
  cli = new Sandbox();
  config = join(cli.folder, ".aws", "config");
  state = cli.write("state.json", exported(request("acme", "aaaaaaaaaaaaaaaa")));
  cli.command("pulumi", `cat "${state}"`);
});
afterEach(() => cli.close());

const OWN = `${process.execPath} ${BIN}`;
const configure = (...args: string[]) => cli.run("configure", ...args);
const text = () => readFileSync(config, "utf8");
const processOf = async (name: string) => {
  const { configFile } = await loadSharedConfigFiles({ configFilepath: config, ignoreCache: true });
  return configFile[name]?.["credential_process"];
};

test("writes a profile that works from any folder, and removes it", async () => {
  const ended = await configure(
    "access",
    "--request",
    "acme",
    "--profile",
    "vendor",
    "--region",
    "eu-west-1",
  );
  expect(ended).toEqual({
    code: 0,
    stderr: "",
    stdout: `Wrote profile access to ${config}. Try it: aws sts get-caller-identity --profile access\n`,
  });
  const credentialProcess = `${OWN} credentials --request acme --stack dev --cwd ${process.cwd()} --profile vendor`;
  expect(text()).toBe(`[profile access]\ncredential_process = ${credentialProcess}\nregion = eu-west-1\n`);
  expect(statSync(config).mode & 0o777).toBe(0o600);
  expect(await processOf("access")).toBe(credentialProcess);
  expect(await configure("access", "--remove")).toMatchObject({
    code: 0,
    stdout: `Removed profile access from ${config}.\n`,
  });
  expect(text()).toBe("");
  expect(await configure("access", "--remove")).toMatchObject({
    code: 0,
    stdout: `There is no profile access in ${config}.\n`,
  });
});

test("the profile that it writes runs", async () => {
  const { credentials } = cli.keepCredentials("aaaaaaaaaaaaaaaa");
  await configure("access", "--request", "acme", "--stack", "org/vendor/dev");
  const args = (await processOf("access"))?.slice(OWN.length + 1).split(" ") ?? [];
  const { stdout } = await cli.run(...args);
  expect(JSON.parse(stdout)).toMatchObject({ Version: 1, AccessKeyId: credentials.accessKeyId });
});

test("the command is named where it is installed for all folders", async () => {
  cli.install();
  await configure("access", "--request", "acme", "--stack", "org/vendor/dev");
  expect(await processOf("access")).toBe("aws-approvals credentials --request acme --stack org/vendor/dev");
});

test("changes its own profile, and leaves settings, comments and permissions as they are", async () => {
  const before =
    "# mine\r\n[default]\r\nregion = us-east-1\r\n\r\n[profile access]\r\noutput = json\r\ncredential_process = aws-approvals credentials --request old\r\n\r\n# about the next\r\n[profile next]\r\nregion=x ; y\r\n";
  cli.write(".aws/config", before);
  chmodSync(config, 0o640);
  await configure("access", "--request", "acme", "--state-file", state);
  expect(text()).toBe(
    before.replace(
      "aws-approvals credentials --request old",
      `${OWN} credentials --request acme --state-file ${state}`,
    ),
  );
  expect(statSync(config).mode & 0o777).toBe(0o640);
  await configure("access", "--remove");
  expect(text()).toBe(
    "# mine\r\n[default]\r\nregion = us-east-1\r\n\r\n# about the next\r\n[profile next]\r\nregion=x ; y\r\n",
  );
});

test("writes through a link", async () => {
  const real = cli.write("dotfiles/config", "");
  cli.write(".aws/x", "");
  symlinkSync(real, config);
  await configure("access", "--request", "acme");
  expect(lstatSync(config).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("[profile access]");
});

test.each([
  ["a profile of the user's", "[profile access]\nregion = us-east-1\n"],
  ["a quoted one", '[profile "access"]\nrole_arn = x\n'],
  ["one with another process", "[profile access]\ncredential_process = aws-vault exec\n"],
])("touches nothing when there is %s", async (_, before) => {
  cli.write(".aws/config", before);
  for (const args of [["--request", "acme"], ["--remove"]]) {
    const ended = await configure("access", ...args);
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("this command has not written"),
    });
    expect(text()).toBe(before);
  }
});

test("refuses a name that the credentials file has", async () => {
  cli.write(".aws/credentials", "[access]\naws_access_key_id = x\n");
  expect(await configure("access", "--request", "acme")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(".aws/credentials has a profile access"),
  });
});

test("says what the stack has when there is no such request, and writes nothing", async () => {
  const ended = await configure("access", "--request", "acne");
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("Did you mean acme?") });
  expect(() => text()).toThrow("ENOENT");
});

test.each([
  [["access"], "Give --request with a name or an id, or --remove"],
  [["access", "--request", "acme", "--remove"], "Give --request with a name or an id, or --remove"],
  [["a]b", "--request", "acme"], "The name of a profile is of letters"],
  [["access", "--request", "acme", "--state-file", "-"], "a profile cannot read stdin"],
])("%j is a wrong command line", async (args, message) => {
  expect(await configure(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test("quotes what a shell would take apart, and refuses what no quotes protect", () => {
  expect(quoteForProfile("acme inc's $HOME")).toBe(`'acme inc'"'"'s $HOME'`);
  expect(() => quoteForProfile("acme #1")).toThrow("give AWS's id");
  expect(() => quoteForProfile("acme\n[profile x]")).toThrow("give AWS's id");
});

test("adding and removing leaves any file as it was", () => {
  const line = fc.constantFrom(
    "",
    "# c",
    "; d",
    "[default]",
    "[profile other]",
    "region = x",
    "  nested = 1",
    "[sso-session access]",
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), (lines, lineBreak) => {
      const before = lines.map((one) => one + lineBreak).join("");
      const settings = { credentialProcess: "aws-approvals credentials --request acme" };
      const after = withProfile(before, "access", settings);
      expect(after.startsWith(before)).toBe(true);
      expect(withoutProfile(after, "access")?.replaceAll("\r\n", "\n")).toBe(before.replaceAll("\r\n", "\n"));
      expect(withProfile(after, "access", settings)).toBe(after);
    }),
    replay,
  );
});
