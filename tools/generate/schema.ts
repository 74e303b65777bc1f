// schema.json: Pulumi's package schema, https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/

import type { FunctionDeclaration } from "../../src/declaration/properties";
import { functions as declaredFunctions, listings } from "../../src/functions";
import { downloadUrl } from "../../src/plugin/release";
import { dynamicType } from "../../src/program/handle";
import { resources as registry } from "../../src/resources";
import type {
  DocumentedFunction,
  DocumentedProperty,
  DocumentedResource,
  DocumentedSetting,
} from "./documented";

type Json = Record<string, unknown>;

interface Manifest {
  version: string;
  description: string;
  license: string;
  keywords: string[];
  homepage: string;
  repository: { url: string };
}

export interface Documented {
  resources: DocumentedResource[];
  functions: DocumentedFunction[];
  settings: DocumentedSetting[];
}

const NAME = "aws-approvals";

/** Those whose generators can be told to take the package's version: an SDK asks Pulumi for the plugin of its own version. */
const LANGUAGES = ["csharp", "nodejs", "python"];

export function packageSchema({ resources, functions, settings }: Documented, manifest: Manifest): Json {
  const types: Json = {};
  const entries = resources.map((resource) => {
    const schema = resourceSchema(resource, types);
    const listing = functions.find((one) => one.declaration === listingOf(resource));
    return [
      resource.declaration.token,
      listing ? { ...schema, listInputs: inputsOf(listing, types) } : schema,
    ];
  });
  const calls = functions.map((one) => [one.declaration.token, functionSchema(one, types)]);
  const provider = propertySchemas(
    settings.filter(isAccepted).map(withEffect),
    `${NAME}:index:Provider`,
    types,
  );
  const { version, description, license, keywords, homepage, repository } = manifest;
  const source = repository.url.replace(/^git\+|\.git$/g, "");
  return {
    name: NAME,
    displayName: "AWS approvals",
    version,
    description,
    keywords: [...keywords, "category/cloud", "kind/native"],
    homepage,
    repository: source,
    license,
    pluginDownloadURL: downloadUrl(manifest),
    language: {
      ...Object.fromEntries(LANGUAGES.map((name) => [name, { respectSchemaVersion: true }])),
      go: {
        respectSchemaVersion: true,
        importBasePath: `${source.replace("https://", "")}/sdk/go/awsapprovals`,
      },
    },
    config: { variables: provider },
    provider: {
      description:
        "An account and a region, for the resources that are given it. Without one, the stack's configuration says where.",
      inputProperties: provider,
    },
    types,
    resources: Object.fromEntries(entries),
    functions: Object.fromEntries(calls),
  };
}

const isAccepted = ({ property }: DocumentedSetting): boolean => property.refused === undefined;

const withEffect = (documented: DocumentedSetting): DocumentedSetting => {
  const { unused } = documented.property;
  return unused
    ? { ...documented, description: `${documented.description} No effect: ${unused}` }
    : documented;
};

function resourceSchema(resource: DocumentedResource, types: Json): Json {
  const { declaration, inputs, outputs } = resource;
  const { token } = declaration;
  const outputNames = new Set(outputs.map(({ name }) => name));
  const properties = [...inputs.filter(({ name }) => !outputNames.has(name)), ...outputs];
  // An output may have more properties than the argument of the same name.
  const inputNames = new Set(inputs.map(({ name }) => name));
  const outputTypes = (name: string) =>
    outputNames.has(name) && inputNames.has(name) ? `${name}Output` : name;
  return {
    description: withExample(resource),
    ...objectSchema(properties, token, types, outputTypes),
    inputProperties: propertySchemas(inputs, token, types),
    requiredInputs: required(inputs),
    // A stack of dynamic resources becomes one of the plugin's.
    aliases: [{ type: dynamicType(declaration) }],
  };
}

/** The declaration of the function that lists resources of the type, if there is one. */
function listingOf({ declaration }: DocumentedResource): FunctionDeclaration | undefined {
  const names = Object.keys(listings) as (keyof typeof listings)[];
  const name = names.find((one) => registry[one] === declaration);
  return name && declaredFunctions[listings[name]];
}

const inputsOf = ({ declaration, inputs }: DocumentedFunction, types: Json): Json => ({
  type: "object",
  ...objectSchema(inputs, declaration.token, types),
});

function functionSchema(documented: DocumentedFunction, types: Json): Json {
  const { declaration, outputs } = documented;
  return {
    description: withExample(documented),
    inputs: inputsOf(documented, types),
    outputs: { type: "object", ...objectSchema(outputs, declaration.token, types) },
  };
}

/** With examples as https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/#descriptions-and-examples wants them. */
function withExample({
  description,
  example,
  examples,
}: Pick<DocumentedResource, "description" | "example" | "examples">): string {
  const blocks = Object.entries({ typescript: example, ...examples }).map(
    ([language, code]) => `\`\`\`${language}\n${code}\n\`\`\``,
  );
  return `${description}\n\n{{% examples %}}\n## Example\n\n{{% example %}}\n${blocks.join("\n")}\n{{% /example %}}\n{{% /examples %}}`;
}

/** @param typeName the name of a property's type, if it has one of its own */
const objectSchema = (
  properties: DocumentedProperty[],
  token: string,
  types: Json,
  typeName = (name: string) => name,
): Json => ({
  properties: propertySchemas(properties, token, types, typeName),
  required: required(properties),
});

const required = (properties: DocumentedProperty[]): string[] =>
  properties
    .filter(({ property }) => !property.optional)
    .map(({ name }) => name)
    .sort();

const propertySchemas = (
  properties: DocumentedProperty[],
  token: string,
  types: Json,
  typeName = (name: string) => name,
): Json =>
  Object.fromEntries(
    properties.map((one) => [one.name, propertySchema(one, nestedTokenOf(token, typeName(one.name)), types)]),
  );

function propertySchema(documented: DocumentedProperty, nestedToken: string, types: Json): Json {
  const { property, description, nested } = documented;
  if (nested.length > 0) types[nestedToken] = { type: "object", ...objectSchema(nested, nestedToken, types) };
  const { default: value } = property;
  return {
    ...typeSchema(property, nestedToken),
    description,
    ...((typeof value === "boolean" || typeof value === "string") && { default: value }),
    ...(property.onChange === "replace" && { willReplaceOnChanges: true }),
    ...(property.secret && { secret: true }),
  };
}

function typeSchema(property: DocumentedProperty["property"], nestedToken: string): Json {
  switch (property.type) {
    case "array":
      return { type: "array", items: typeSchema(property.items, nestedToken) };
    case "map":
      return { type: "object", additionalProperties: typeSchema(property.values, nestedToken) };
    case "object":
      return { type: "object", $ref: `#/types/${nestedToken}` };
    case "scalar":
      return { oneOf: [{ type: "number" }, { type: "string" }] };
    default:
      return { type: property.type };
  }
}

/** `aws-approvals:iam:DelegationRequestPermissions`; the types of a function's results begin with a capital letter, too. */
function nestedTokenOf(token: string, name: string): string {
  const [pkg, module, parent = ""] = token.split(":");
  return [pkg, module, `${capitalize(parent)}${capitalize(name)}`].join(":");
}

const capitalize = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
