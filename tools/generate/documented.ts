// The resources with their doc comments: what the declarations say, and what is written above each property.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type Setting, settings } from "../../src/aws/settings";
import {
  className,
  type FunctionDeclaration,
  type Properties,
  type Property,
  type ResourceDeclaration,
  serviceOf,
} from "../../src/declaration/properties";
import { functions } from "../../src/functions";
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

/** The examples in docs/examples, by language. @throws when one is missing */
const examplesOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(LANGUAGES).map(([language, ending]) => {
      const file = join(ROOT, "docs/examples", `${name}.${ending}`);
      return [language, readFileSync(file, "utf8").trimEnd()];
    }),
  );

/** @throws when a property or a class has no doc comment */
export function documentedResources(): DocumentedResource[] {
  return Object.entries(resources).map(([folder, declaration]) => {
    const place = join(ROOT, "src/resources", serviceOf(declaration), folder);
    const declared = declaredIn(join(place, "properties.ts"), folder);
    const of = (part: "inputs" | "outputs") =>
      document(declaration[part], memberOf(declared, part), `${folder}.${part}`);
    const name = `${serviceOf(declaration)}.${className(declaration)}`;
    return {
      ...{ declaration, name, examples: examplesOf(name) },
      ...commentOfDeclared([join(place, "resource.ts")], className(declaration)),
      inputs: of("inputs"),
      outputs: of("outputs"),
    };
  });
}

export interface DocumentedFunction {
  declaration: FunctionDeclaration;
  /** As a program names it: `mpa.getSession`. */
  name: string;
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
    const declared = declaredIn(join(place, "properties.ts"), name);
    const of = (part: "inputs" | "outputs") =>
      document(declaration[part], memberOf(declared, part), `${name}.${part}`);
    const fullName = `${serviceOf(declaration)}.${name}`;
    return {
      ...{ declaration, name: fullName, examples: examplesOf(fullName) },
      ...commentOfDeclared(filesIn(place), name),
      inputs: of("inputs"),
      outputs: of("outputs"),
    };
  });
}

const filesIn = (folder: string) => readdirSync(folder).map((file) => join(folder, file));

export type DocumentedSetting = DocumentedProperty & { property: Setting };

/** The configuration keys. @throws when one has no doc comment */
export function documentedSettings(): DocumentedSetting[] {
  const declared = declaredIn(join(ROOT, "src/aws/settings.ts"), "settings");
  return document(settings, declared, "settings") as DocumentedSetting[];
}

/** The compiler follows doc comments through constants, spreads and other files. */
const program = ts.createProgram(
  [
    ...Object.entries(resources).map(([folder, declaration]) =>
      join(ROOT, "src/resources", serviceOf(declaration), folder, "properties.ts"),
    ),
    ...Object.values(functions).map((one) => join(ROOT, "src/functions", serviceOf(one), "properties.ts")),
    join(ROOT, "src/aws/settings.ts"),
  ],
  { noLib: true, types: [] },
);
const checker = program.getTypeChecker();

/** The type of an exported constant. */
function declaredIn(file: string, name: string): ts.Type {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const found = module && checker.getExportsOfModule(module).find((one) => one.name === name);
  if (!found) throw new Error(`${file} exports no ${name}`);
  return checker.getTypeOfSymbol(found);
}

function memberOf(type: ts.Type, name: string): ts.Type {
  const symbol = type.getProperty(name);
  if (!symbol) throw new Error(`there is no ${name} in ${checker.typeToString(type)}`);
  return checker.getTypeOfSymbol(symbol);
}

/** @param type of `properties`, whose members have the doc comments */
function document(properties: Properties, type: ts.Type, path: string): DocumentedProperty[] {
  return Object.entries(properties).map(([name, property]) => {
    const nested = nestedProperties(property);
    return {
      name,
      property,
      description: commentOf(type.getProperty(name), `${path}.${name}`),
      nested: nested ? document(nested, nestedType(memberOf(type, name)), `${path}.${name}`) : [],
    };
  });
}

function nestedProperties(property: Property): Properties | undefined {
  if (property.type === "object") return property.properties;
  return property.type === "array" ? nestedProperties(property.items) : undefined;
}

const nestedType = (type: ts.Type): ts.Type =>
  type.getProperty("items") ? nestedType(memberOf(type, "items")) : memberOf(type, "properties");

function commentOf(symbol: ts.Symbol | undefined, what: string): string {
  const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker));
  if (!text) throw new Error(`${what} has no doc comment`);
  return reflow(text);
}

/** What is written above the class or the function, in one of the files. @throws when there is none, or no example */
function commentOfDeclared(files: string[], name: string): { description: string; example: string } {
  const declared = files
    .flatMap((file) => [
      ...ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true).statements,
    ])
    .find((one) => (ts.isClassDeclaration(one) || ts.isFunctionDeclaration(one)) && one.name?.text === name);
  const [comment] = declared ? ts.getJSDocCommentsAndTags(declared).filter(ts.isJSDoc) : [];
  const text = ts.getTextOfJSDocComment(comment?.comment);
  if (!declared || !text) throw new Error(`${name} has no doc comment`);
  const example = ts.getJSDocTags(declared).find(({ tagName }) => tagName.text === "example");
  const code = ts.getTextOfJSDocComment(example?.comment);
  if (!code) throw new Error(`${name} has no @example`);
  return { description: reflow(text), example: code };
}

/** A paragraph a line: where the comment breaks its lines means nothing. */
const reflow = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " ").trim())
    .join("\n\n");
