// schema.json: Pulumi's package schema, https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
import type { DocumentedProperty, DocumentedResource } from "./documented";

type Json = Record<string, unknown>;

interface Manifest {
  version: string;
  description: string;
  license: string;
  keywords: string[];
  homepage?: string;
}

export function packageSchema(resources: DocumentedResource[], manifest: Manifest): Json {
  const types: Json = {};
  const entries = resources.map((resource) => [resource.declaration.token, resourceSchema(resource, types)]);
  const { version, description, license, keywords, homepage } = manifest;
  return {
    name: "aws-approvals",
    displayName: "AWS approvals",
    version,
    description,
    keywords,
    homepage,
    license,
    types,
    resources: Object.fromEntries(entries),
  };
}

function resourceSchema(resource: DocumentedResource, types: Json): Json {
  const { declaration, description, example, inputs, outputs } = resource;
  const { token } = declaration;
  const told = new Set(outputs.map(({ name }) => name));
  const properties = [...inputs.filter(({ name }) => !told.has(name)), ...outputs];
  return {
    description: `${description}\n\n## Example\n\n\`\`\`typescript\n${example}\n\`\`\``,
    ...objectSchema(properties, token, types),
    inputProperties: propertySchemas(inputs, token, types),
    requiredInputs: required(inputs),
  };
}

const objectSchema = (properties: DocumentedProperty[], token: string, types: Json): Json => ({
  properties: propertySchemas(properties, token, types),
  required: required(properties),
});

const required = (properties: DocumentedProperty[]): string[] =>
  properties
    .filter(({ property }) => !property.optional)
    .map(({ name }) => name)
    .sort();

const propertySchemas = (properties: DocumentedProperty[], token: string, types: Json): Json =>
  Object.fromEntries(properties.map((one) => [one.name, propertySchema(one, token, types)]));

function propertySchema(documented: DocumentedProperty, token: string, types: Json): Json {
  const { name, property, description, nested } = documented;
  const nestedToken = `${token}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (nested.length > 0) types[nestedToken] = { type: "object", ...objectSchema(nested, nestedToken, types) };
  const { default: value } = property;
  return {
    ...typeSchema(property, nestedToken),
    description,
    ...(typeof value === "boolean" && { default: value }),
    ...(property.onChange === "replace" && { willReplaceOnChanges: true }),
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
