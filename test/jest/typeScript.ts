import { readFileSync } from "node:fs";
import { SourceMapSupport } from "@jest/source-map";
import { createScriptTransformer, type TransformationOptions } from "@jest/transform";
import type { Config } from "@jest/types";

type CompilableModule = NodeJS.Module & { _compile(code: string, file: string): void };

type Compile = (file: string) => { code: string; sourceMapPath: string | null };

let compiler: Promise<Compile> | undefined;
const sourceMaps = new Map<string, string>();
const sourceMapSupport = new SourceMapSupport();

/** Makes `require` compile TypeScript as Jest is configured to, and stacks name the lines of the sources. */
export async function requireTypeScript(config: Config.ProjectConfig): Promise<void> {
  compiler ??= createCompiler(config);
  const compile = await compiler;
  require.extensions[".ts"] = (module, file) => {
    const { code, sourceMapPath } = compile(file);
    if (sourceMapPath) sourceMaps.set(file, sourceMapPath);
    (module as CompilableModule)._compile(code, file);
  };
  sourceMapSupport.install(sourceMaps);
  // Jest sets it to 100; with Pulumi's SDK, a stack for every promise of that depth takes an eighth of a program's time.
  Error.stackTraceLimit = 25;
  const mapToSources = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) =>
    // Pulumi's SDK notes a stack for every promise. To map those as well takes a tenth of the suite's time.
    frames[0]?.getFunctionName() === "debuggablePromise"
      ? ""
      : mapToSources?.(
          error,
          frames.filter((frame) => !isOurs(frame)),
        );
}

/** Jest shows the lines around the first frame that is not in `node_modules`. */
const isOurs = (frame: NodeJS.CallSite) => frame.getFileName()?.startsWith(__dirname);

async function createCompiler(config: Config.ProjectConfig): Promise<Compile> {
  // It keeps what it has compiled until the file changes.
  const transformer = await createScriptTransformer(config);
  const options: TransformationOptions = {
    supportsDynamicImport: false,
    supportsExportNamespaceFrom: false,
    supportsStaticESM: false,
    supportsTopLevelAwait: false,
    collectCoverage: false,
    collectCoverageFrom: [],
    coverageProvider: "v8",
  };
  return (file) => transformer.transform(file, options, readFileSync(file, "utf8"));
}
