import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import {
  assumeRole,
  assumeRoleWithWebIdentity,
  defaultTags,
  ignoreTags,
  settings,
} from "../../src/aws/settings";

const AWS = dirname(require.resolve("@pulumi/aws/package.json"));

/** The variables that a declaration file exports. */
function variablesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(AWS, file), "utf8"), ts.ScriptTarget.Latest);
  return source.statements
    .flatMap((statement) =>
      ts.isVariableStatement(statement) ? statement.declarationList.declarations.map(nameText) : [],
    )
    .filter((name) => name !== undefined);
}

/** The members of an interface, which is cut out of its file: the file has five megabytes. */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(join(AWS, file), "utf8");
  const [declaration = ""] = new RegExp(`^export interface ${name} {$.*?^}$`, "ms").exec(text) ?? [];
  const { statements } = ts.createSourceFile(file, declaration, ts.ScriptTarget.Latest);
  return statements
    .flatMap((statement) => (ts.isInterfaceDeclaration(statement) ? statement.members.map(nameText) : []))
    .filter((member) => member !== undefined);
}

const nameText = ({ name }: { name?: ts.Node }) => (name && ts.isIdentifier(name) ? name.text : undefined);

test("every configuration key of the aws provider is declared, and no other", () => {
  const keys = variablesOf("config/vars.d.ts");
  const args = membersOf("provider.d.ts", "ProviderArgs");
  expect(keys).toContain("region");
  expect(args).toContain("region");
  expect(Object.keys(settings).sort()).toEqual([...new Set([...keys, ...args])].sort());
});

test.each([
  ["ProviderAssumeRole", assumeRole],
  ["ProviderAssumeRoleWithWebIdentity", assumeRoleWithWebIdentity],
  ["ProviderDefaultTags", defaultTags],
  ["ProviderIgnoreTags", ignoreTags],
])("so is every key within: %s", (name, declared) => {
  expect(Object.keys(declared).sort()).toEqual(membersOf("types/input.d.ts", name).sort());
});
