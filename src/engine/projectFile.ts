import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import { EngineError, UnsupportedFeatureError } from "./errors";
import { checkPulumiVersion } from "./pulumiVersion";
import { splitWords } from "./shellWords";
import {
  type ConfigDeclaration,
  type ConfigSources,
  type ConfigType,
  fullConfigKey,
  isOfType,
} from "./stackConfig";
import { readYaml } from "./yaml";

const configTypeName = z.enum(["string", "integer", "boolean", "array", "object"]);
const configType: z.ZodType<ConfigType> = z.lazy(() =>
  z.strictObject({ type: configTypeName, items: configType.optional() }),
);

const configDeclaration = z.strictObject({
  type: configTypeName.optional(),
  items: configType.optional(),
  description: z.string().optional(),
  secret: z.boolean().optional(),
  default: z.unknown().optional(),
  value: z.unknown().optional(),
});

const text = z.string().nullish();

const words = z.string().transform((line, context) => {
  try {
    return splitWords(line);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** Pulumi.yaml, as Pulumi's own JSON schema describes it. Pulumi ignores keys that it does not know. */
const projectFile = z.looseObject({
  name: z.string().min(1),
  runtime: z.union([
    z.string(),
    z.strictObject({
      name: z.string(),
      options: z
        .looseObject({
          typescript: z.boolean().optional(),
          tsconfig: z.string().optional(),
          nodeargs: words.optional(),
          packagemanager: z.enum(["auto", "npm", "yarn", "pnpm", "bun"]).optional(),
          production: z.boolean().optional(),
        })
        .nullish(),
    }),
  ]),
  ...{ main: text, description: text, author: text, website: text, license: text },
  config: z
    .union([
      z.string(),
      z.record(
        z.string(),
        z.union([z.string(), z.int(), z.boolean(), z.array(z.unknown()), configDeclaration]),
      ),
    ])
    .nullish(),
  stackConfigDir: text,
  backend: z.strictObject({ url: z.string().optional() }).nullish(),
  options: z.strictObject({ refresh: z.literal("always").optional() }).nullish(),
  plugins: z.looseObject({ languages: z.array(z.unknown()).optional() }).optional(),
  requiredPulumiVersion: text,
});

type ProjectFile = z.infer<typeof projectFile>;

/** A project, as Pulumi.yaml declares it. */
export interface Project extends ConfigSources {
  /** The folder with Pulumi.yaml. */
  root: string;
  /** The path of the program, from the root. */
  main: string;
  typescript: boolean;
  tsconfig?: string;
  nodeArgs: string[];
  /** Whether every operation begins with a refresh. */
  refresh: boolean;
}

/** @throws EngineError if there is no Pulumi.yaml, or if Pulumi would not take it */
export function readProject(workDir: string): Project {
  const path = findProjectFile(workDir);
  const { data, error } = projectFile.safeParse(readYaml(path));
  if (error !== undefined) {
    throw new EngineError(`${path}: ${error.issues.flatMap(flawsOf).join("; ")}`);
  }
  return toProject(path, data);
}

/** Of a value with a short and a long form, what is wrong with the long one, which is the last. */
function flawsOf(issue: z.core.$ZodIssue): string[] {
  const inner = issue.code === "invalid_union" ? issue.errors.at(-1) : undefined;
  return (
    inner?.flatMap((one) => flawsOf({ ...one, path: [...issue.path, ...one.path] })) ?? [
      `${issue.path.join(".")}: ${issue.message}`,
    ]
  );
}

/** Searches the folder and then those above it, as Pulumi does. */
function findProjectFile(workDir: string): string {
  if (!existsSync(workDir)) {
    throw new EngineError(`program.workDir: there is no folder ${resolve(workDir)}`);
  }
  for (let folder = resolve(workDir); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.json"))) {
      throw new UnsupportedFeatureError(
        `Pulumi.json (in ${folder})`,
        "rename it to Pulumi.yaml: YAML includes JSON",
      );
    }
    const path = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find(existsSync);
    if (path !== undefined) return path;
    if (folder === dirname(folder)) {
      throw new EngineError(`program.workDir: there is no Pulumi.yaml in ${resolve(workDir)} or above it`);
    }
  }
}

function toProject(path: string, file: ProjectFile): Project {
  const { name, config, stackConfigDir } = file;
  const runtime = typeof file.runtime === "string" ? { name: file.runtime } : file.runtime;
  if (runtime.name !== "nodejs") {
    throw new UnsupportedFeatureError(
      `the runtime ${runtime.name} (of ${path})`,
      "it runs nodejs projects only",
    );
  }
  if (file.plugins?.languages !== undefined) {
    throw new UnsupportedFeatureError(`plugins.languages (of ${path})`);
  }
  if (file.requiredPulumiVersion) {
    checkPulumiVersion(file.requiredPulumiVersion);
  }
  // `config` was the name of `stackConfigDir` once.
  if (typeof config === "string" && stackConfigDir) {
    throw new EngineError(`${path}: config and stackConfigDir both specify a folder. Remove config`);
  }
  const folder = typeof config === "string" ? config : (stackConfigDir ?? "");
  const { typescript = true, tsconfig, nodeargs } = runtime.options ?? {};
  const root = dirname(path);
  return {
    ...{ root, name, typescript },
    main: file.main || ".",
    ...(tsconfig && { tsconfig }),
    nodeArgs: nodeargs ?? [],
    config: toDeclarations(name, typeof config === "string" ? {} : (config ?? {})),
    stackFile: (stack) => join(root, folder, `Pulumi.${stack.replaceAll("/", "-")}${extname(path)}`),
    refresh: file.options?.refresh === "always",
  };
}

/** The short form of a declaration, a mere value, is the default of a key of the project, and the value of any other. */
function toDeclarations(
  project: string,
  config: Exclude<ProjectFile["config"], string | null | undefined>,
): Map<string, ConfigDeclaration> {
  return new Map(
    Object.entries(config).map(([given, declared]) => {
      const key = fullConfigKey(given, project);
      if (/[.[\]"]/.test(key.slice(key.indexOf(":")))) {
        throw new UnsupportedFeatureError(`config.${given} (a path)`, "declare the whole object");
      }
      const isOwn = key.startsWith(`${project}:`);
      const isShort = typeof declared !== "object" || Array.isArray(declared);
      const declaration = isShort ? { [isOwn ? "default" : "value"]: declared } : declared;
      const flaw = isOwn ? flawOfOwn(declaration) : flawOfForeign(declaration);
      if (flaw !== undefined) {
        throw new EngineError(`config.${given}: ${flaw}`);
      }
      return [key, declaration];
    }),
  );
}

function flawOfOwn({ type, items, default: standard, value }: ConfigDeclaration): string | undefined {
  if (standard != null && value != null) return "has both a default and a value";
  if (type === "array" && items === undefined) return "is an array, and needs items";
  if (type !== undefined && standard != null && !isOfType({ type, items }, standard)) {
    return `has a default that is not of type ${type}`;
  }
  return undefined;
}

/** A key of another namespace, which is configured here but not declared. */
function flawOfForeign({ type, default: standard, value }: ConfigDeclaration): string | undefined {
  if (type !== undefined) return "is not of the project's namespace, and cannot have a type";
  if (standard != null) return "is not of the project's namespace, and needs a value in place of a default";
  return value == null ? "is not of the project's namespace, and needs a value" : undefined;
}
