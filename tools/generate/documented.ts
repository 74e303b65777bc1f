// The resources with their doc comments: what the declarations say, and what is written above each property.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { type Setting, settings } from "../../src/aws/settings";
import { functions } from "../../src/functions";
import {
  className,
  type FunctionDeclaration,
  type Properties,
  type Property,
  type ResourceDeclaration,
  serviceOf,
} from "../../src/provider/properties";
import { resources } from "../../src/resources";

export const ROOT = join(__dirname, "../..");

export interface DocumentedProperty {
  name: string;
  property: Property;
  /** The doc comment, Markdown. */
  description: string;
  /** Of an object, or of the objects of a list. */
  nested: DocumentedProperty[];
}

export interface DocumentedResource {
  declaration: ResourceDeclaration;
  /** As a program names it: `iam.DelegationRequest`. */
  name: string;
  description: string;
  /** In TypeScript. */
  example: string;
  /** In other languages. */
  examples: Readonly<Record<string, string>>;
  inputs: DocumentedProperty[];
  outputs: DocumentedProperty[];
}

/** The languages that a schema's examples are in beside TypeScript, by the endings of their files. */
const LANGUAGES = { python: "py", go: "go", yaml: "yaml" };

/** The examples in docs/examples, by language. */
const examplesOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(LANGUAGES).flatMap(([language, ending]) => {
      const file = join(ROOT, "docs/examples", `${name}.${ending}`);
      return existsSync(file) ? [[language, readFileSync(file, "utf8").trimEnd()]] : [];
    }),
  );

/** @throws when a property or a class has no doc comment */
export function documentedResources(): DocumentedResource[] {
  return Object.entries(resources).map(([folder, declaration]) => {
    const place = join(ROOT, "src/resources", serviceOf(declaration), folder);
    const properties = parse(join(place, "properties.ts"));
    const of = (part: "inputs" | "outputs") =>
      document(declaration[part], literalOf(properties, part), properties, `${folder}.${part}`);
    const name = `${serviceOf(declaration)}.${className(declaration)}`;
    return {
      ...{ declaration, name, examples: examplesOf(name) },
      ...commentOfDeclared(parse(join(place, "resource.ts")), className(declaration)),
      inputs: of("inputs"),
      outputs: of("outputs"),
    };
  });
}

export interface DocumentedFunction {
  declaration: FunctionDeclaration;
  description: string;
  /** In TypeScript. */
  example: string;
  /** In other languages. */
  examples: Readonly<Record<string, string>>;
  inputs: DocumentedProperty[];
  outputs: DocumentedProperty[];
}

/** @throws when a property or a function has no doc comment */
export function documentedFunctions(): DocumentedFunction[] {
  return Object.entries(functions).map(([name, declaration]) => {
    const place = join(ROOT, "src/functions", serviceOf(declaration));
    const properties = parse(join(place, "properties.ts"));
    const of = (part: "inputs" | "outputs") =>
      document(declaration[part], literalOf(properties, part), properties, `${name}.${part}`);
    return {
      ...{ declaration, examples: examplesOf(`${serviceOf(declaration)}.${name}`) },
      ...commentOfDeclared(parse(join(place, `${name}.ts`)), name),
      inputs: of("inputs"),
      outputs: of("outputs"),
    };
  });
}

export type DocumentedSetting = DocumentedProperty & { property: Setting };

/** The configuration keys. @throws when one has no doc comment */
export function documentedSettings(): DocumentedSetting[] {
  const source = parse(join(ROOT, "src/aws/settings.ts"));
  return document(settings, literalOf(source, "settings"), source, "settings") as DocumentedSetting[];
}

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

function document(
  properties: Properties,
  literal: ts.ObjectLiteralExpression,
  source: ts.SourceFile,
  path: string,
): DocumentedProperty[] {
  return Object.entries(properties).map(([name, property]) => {
    const assignment = assignmentOf(literal, name);
    const description = commentOf(assignment, `${path}.${name}`);
    const nested = nestedProperties(property);
    const inner = nested && nestedLiteral(assignment, source);
    return {
      name,
      property,
      description,
      nested: inner ? document(nested, inner, inner.getSourceFile(), `${path}.${name}`) : [],
    };
  });
}

export function nestedProperties(property: Property): Properties | undefined {
  if (property.type === "object") return property.properties;
  return property.type === "array" ? nestedProperties(property.items) : undefined;
}

/** The literal that declares the properties of a nested object, wherever it stands in the file or one that it imports. */
function nestedLiteral(assignment: ts.PropertyAssignment, source: ts.SourceFile): ts.ObjectLiteralExpression {
  const inner = unwrap(assignment.initializer);
  if (!ts.isObjectLiteralExpression(inner))
    throw new Error(`${assignment.name.getText()} is no object literal`);
  const items = inner.properties.find((one) => one.name?.getText() === "items");
  if (items && ts.isPropertyAssignment(items)) return nestedLiteral(items, source);
  const { initializer } = assignmentOf(inner, "properties");
  const literal = unwrap(initializer);
  return ts.isObjectLiteralExpression(literal) ? literal : literalOf(source, initializer.getText());
}

function literalOf(source: ts.SourceFile, name: string): ts.ObjectLiteralExpression {
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && imports(statement, name)) {
      const { text } = statement.moduleSpecifier as ts.StringLiteral;
      return literalOf(parse(join(dirname(source.fileName), `${text}.ts`)), name);
    }
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      const literal = initializer && unwrap(initializer);
      if (declared.getText() === name && literal && ts.isObjectLiteralExpression(literal)) return literal;
    }
  }
  throw new Error(`${source.fileName} declares no ${name}`);
}

function imports({ importClause }: ts.ImportDeclaration, name: string): boolean {
  const bindings = importClause?.namedBindings;
  return (
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.some((one) => one.name.text === name)
  );
}

/** Without `as const` and `satisfies`. */
function unwrap(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? unwrap(expression.expression)
    : expression;
}

function assignmentOf(literal: ts.ObjectLiteralExpression, name: string): ts.PropertyAssignment {
  const found = literal.properties.find((one) => one.name?.getText() === name);
  if (!found || !ts.isPropertyAssignment(found)) throw new Error(`No ${name} in ${literal.getText()}`);
  return found;
}

function commentOf(node: ts.Node, what: string): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  if (!text) throw new Error(`${what} has no doc comment`);
  return reflow(text);
}

/** What is written above a class or a function. */
function commentOfDeclared(source: ts.SourceFile, name: string): { description: string; example: string } {
  const declared = source.statements.find(
    (one) => (ts.isClassDeclaration(one) || ts.isFunctionDeclaration(one)) && one.name?.text === name,
  );
  if (!declared) throw new Error(`${source.fileName} has no ${name}`);
  const example = ts.getJSDocTags(declared).find(({ tagName }) => tagName.text === "example");
  return {
    description: commentOf(declared, name),
    example: ts.getTextOfJSDocComment(example?.comment) ?? "",
  };
}

/** A paragraph a line: where the comment breaks its lines means nothing. */
const reflow = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " ").trim())
    .join("\n\n");
