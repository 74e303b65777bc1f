// Our resources beside CloudFormation's of the same things: docs/cloudformation.md has the table that this test makes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Property, ResourceDeclaration } from "../../src/declaration/properties";
import { resources } from "../../src/resources";
import schemas from "../fixtures/aws-models/cloudformation.json";

interface Schema {
  typeName: string;
  required: string[];
  properties: string[];
  readOnlyProperties: string[];
  createOnlyProperties: string[];
}

/** Properties that we name otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  IdentitySourceArn: "arn",
  IdentitySourceParameters: "iamIdentityCenter",
};

const ourName = (name: string): string => NAMES[name] ?? `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** What CloudFormation says of a property. */
function theirs({ required, readOnlyProperties, createOnlyProperties }: Schema, name: string): string {
  const isAmong = (paths: string[]) => paths.includes(`/properties/${name}`);
  if (isAmong(readOnlyProperties)) return "read-only";
  return `${required.includes(name) ? "required" : "optional"}, ${isAmong(createOnlyProperties) ? "replaces" : "in place"}`;
}

/** What our declaration says of it. */
function ours({ inputs, outputs }: ResourceDeclaration, name: string): string {
  const argument: Property | undefined = inputs[name];
  if (argument === undefined) return outputs[name] === undefined ? "none" : "read-only";
  const effect = argument.onChange === "replace" ? "replaces" : "in place";
  return `${argument.optional ? "optional" : "required"}, ${effect}`;
}

const table = (declaration: ResourceDeclaration, schema: Schema): string =>
  [
    `| \`${schema.typeName}\` | here | CloudFormation | here |`,
    "| - | - | - | - |",
    ...schema.properties.map((name) => {
      const our = ourName(name);
      const [a, b] = [theirs(schema, name), ours(declaration, our)];
      return `| \`${name}\` | \`${our}\` | ${a} | ${a === b ? "the same" : `**${b}**`} |`;
    }),
  ].join("\n");

/** Without the padding of the columns. */
const compact = (text: string): string =>
  text
    .replace(/ *\| */g, "|")
    .replace(/\|-+(?=\|)/g, "|-")
    .replace(/^\||\|$/gm, "");

test.each([
  ["ApprovalTeam", resources.approvalTeam, schemas["AWS::MPA::ApprovalTeam"]],
  ["IdentitySource", resources.identitySource, schemas["AWS::MPA::IdentitySource"]],
])("docs/cloudformation.md has the table of %s", (_, declaration, schema) => {
  const page = readFileSync(join(__dirname, "../../docs/cloudformation.md"), "utf8");
  expect(compact(page)).toContain(`${compact(table(declaration, schema))}\n\n`);
});

test("what CloudFormation has is here, and with the same effect but for the name of a team", () => {
  const differences = [
    ...different(resources.approvalTeam, schemas["AWS::MPA::ApprovalTeam"]),
    ...different(resources.identitySource, schemas["AWS::MPA::IdentitySource"]),
  ];
  expect(differences).toEqual(["Name: required, replaces; here optional, replaces"]);
});

const different = (declaration: ResourceDeclaration, schema: Schema): string[] =>
  schema.properties.flatMap((name) => {
    const [a, b] = [theirs(schema, name), ours(declaration, ourName(name))];
    return a === b ? [] : [`${name}: ${a}; here ${b}`];
  });
