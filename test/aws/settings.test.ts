import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { settings } from "../../src/aws/settings";

const AWS = dirname(require.resolve("@pulumi/aws/package.json"));

/** The names that a declaration file of `@pulumi/aws` declares: of its configuration, or of an interface's members. */
function declaredNames(file: string, select: (statement: ts.Statement) => (string | undefined)[]): string[] {
  const path = join(AWS, file);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap(select).filter((name) => name !== undefined);
}

const nameText = ({ name }: { name?: ts.Node }) => (name && ts.isIdentifier(name) ? name.text : undefined);

test("every configuration key of the aws provider is declared, and no other", () => {
  const keys = declaredNames("config/vars.d.ts", (statement) =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations.map(nameText) : [],
  );
  const args = declaredNames("provider.d.ts", (statement) =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === "ProviderArgs"
      ? statement.members.map(nameText)
      : [],
  );
  expect(keys).toContain("region");
  expect(args).toContain("region");
  expect(Object.keys(settings).sort()).toEqual([...new Set([...keys, ...args])].sort());
});
