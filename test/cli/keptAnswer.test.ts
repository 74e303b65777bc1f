import { Command } from "commander";
import fc from "fast-check";
import { addCredentials } from "../../src/cli/commands/credentials";
import { credentialsOptions } from "../../src/cli/keptAnswer";
import { replay } from "../seed";

/** What commander makes of a command line; undefined when it refuses it. */
function commandersOptions(args: string[]): object | undefined {
  let given: object | undefined;
  const root = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addCredentials(root);
  root.commands[0]
    ?.exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .action(({ json, ...options }: Record<string, string>) => {
      given = { ...options, ...(json && { format: "json" }) };
    });
  try {
    root.parse(args, { from: "user" });
  } catch {
    return undefined;
  }
  return given;
}

const TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/inbox";

test.each<[string[], object | undefined]>([
  [["credentials", "--request", "acme"], { request: "acme", format: "process" }],
  [
    ["credentials", "--request=acme", "--state-file", "a.json", "--table", TABLE, "--json"],
    { request: "acme", stateFile: "a.json", table: TABLE, format: "json" },
  ],
  [["credentials", "--request", "acme", "--token-stdin"], undefined],
  [["credentials", "--request", "acme", "--table", "inbox"], undefined],
  [["credentials", "--request", "acme", "--format", "toml"], undefined],
  [["credentials", "--help"], undefined],
  [["exec", "--request", "acme"], undefined],
])("the command line %j is read as %j", (args, options) => {
  expect(credentialsOptions(args)).toEqual(options);
});

test("a command line that is read without commander is read as commander does", () => {
  const words = [
    "credentials",
    "acme",
    "",
    "-",
    "--",
    "env",
    TABLE,
    "--verbose",
    "-h",
    "--request=acme",
    "--form",
  ];
  const flags = ["request", "stack", "cwd", "state-file", "table", "profile", "region", "format", "json"];
  const word = fc.constantFrom(
    ...words,
    ...flags.flatMap((name) => [`--${name}`, `--${name}=`, `--${name}=env`]),
  );
  const lines = fc.array(word, { maxLength: 6 });
  fc.assert(
    fc.property(lines, (line) => {
      const args = ["credentials", "--request", "acme", ...line];
      const options = credentialsOptions(args);
      if (options) expect(options).toEqual(commandersOptions(args));
    }),
    { numRuns: 2_000, ...replay },
  );
});
