import { execFileSync } from "node:child_process";
import { onThePath } from "../../onThePath";
import { Sandbox } from "../sandbox";

let cli: Sandbox;
beforeAll(() => {
  cli = new Sandbox();
});
afterAll(() => cli.close());

/** What a shell says after it has read its script: `$1` is its file. */
async function inShell(shell: string, script: string, ...flags: string[]): Promise<string[]> {
  const { code, stdout } = await cli.run("completion", shell);
  expect(code).toBe(0);
  const file = cli.write(`completion.${shell}`, stdout);
  const output = execFileSync(shell, [...flags, "-c", script.replaceAll("$SCRIPT", file)], {
    encoding: "utf8",
  });
  return output.split("\n").filter(Boolean);
}
const where = (shell: string) => (onThePath(shell, `completion in ${shell}`) ? describe : describe.skip);

where("bash")("bash", () => {
  const complete = (...words: string[]) =>
    inShell(
      "bash",
      `source $SCRIPT; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; ` +
        `_aws_approvals; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );

  test.each<[string[], string[]]>([
    [["aws-approvals", "cre"], ["credentials"]],
    [["aws-approvals", "exec", "--min"], ["--min-ttl"]],
    [
      ["aws-approvals", "credentials", "--format", "env"],
      ["env", "env-no-export"],
    ],
    [["aws-approvals", "exec", "--request", ""], []],
    [["aws-approvals", "exec", "--request", "x", "--", "--ver"], []],
    [["aws-approvals", "no-such-command", "--"], []],
    [["aws-approvals", "status", "--verb"], ["--verbose"]],
  ])("%j", async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });
});

where("fish")("fish", () => {
  test("commands, options and values", async () => {
    const complete = (line: string) =>
      inShell("fish", `source $SCRIPT; complete -C '${line}'`, "--no-config");
    expect(await complete("aws-approvals cre")).toEqual([
      "credentials\tprint the credentials that a request gave",
    ]);
    expect((await complete("aws-approvals exec --min")).map((line) => line.split("\t")[0])).toEqual([
      "--min-ttl",
    ]);
    const formats = (await complete("aws-approvals credentials --format env")).map(
      (line) => line.split("\t")[0],
    );
    expect(formats).toEqual(["env", "env-no-export"]);
  });
});

where("zsh")("zsh", () => {
  test("commands, options and values", async () => {
    // The functions of its completion system, which wants a terminal, say what they are told.
    const system =
      'compdef() { :; }; _describe() { print -l -- $commands; }; _arguments() { print -l -- "$@"; };';
    const complete = (...words: string[]) =>
      inShell(
        "zsh",
        `${system} source $SCRIPT; words=(${words.join(" ")}); CURRENT=${words.length}; _aws_approvals`,
        "-f",
      );
    expect(await complete("aws-approvals", "cre")).toContain(
      "credentials:print the credentials that a request gave",
    );
    const options = await complete("aws-approvals", "credentials", "--f");
    expect(options).toContainEqual(expect.stringMatching(/^\*--format\[the format\]:value:\(process env /));
    expect(options).toContainEqual(expect.stringMatching(/^\*--stack\[.*\]:value:_files$/));
  });
});

test("an unknown shell is a wrong command line", async () => {
  expect(await cli.run("completion", "tcsh")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("bash, zsh, fish"),
  });
});
