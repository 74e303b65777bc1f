import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { onLine, startNode, stop } from "./children";
import { EngineError } from "./errors";
import { runExclusively, runUnlessStalled, STALLED } from "./inlineRun";
import { resolveFrom } from "./resolve";
import { sdkRequire } from "./sdk";

/** An inline Pulumi program. What it returns are the stack's outputs. */
export type Program = () => unknown;

/** A Pulumi project on disk; `main` is as in its Pulumi.yaml, which is read when it is not given. */
export interface ProjectFolder {
  workDir: string;
  main?: string;
}

export interface RunOptions {
  project: string;
  stack: string;
  organization: string;
  parallel: number;
  dryRun: boolean;
  config: Record<string, string>;
  secretKeys: string[];
  /** Where both the monitor and the engine listen. */
  address: string;
  /** Whether anything that the program has declared is under way. */
  busy(): boolean;
}

/** undefined when the program ended well; otherwise what to tell the user, empty when that has been told. */
export type ProgramError = string | undefined;

/** The clients that the SDK calls the engine with, one pair for every run. */
interface RunSettings {
  monitor?: { close(): void };
  engine?: { close(): void };
}

// Declared here because the SDK leaves the class, which its Automation API runs inline programs with, out of its types.
interface LanguageServer {
  run(
    call: { request: RunRequest },
    done: (error: Error | undefined, response: RunResponse | undefined) => void,
  ): Promise<void>;
}

export function runInline(
  program: Program,
  options: RunOptions,
  env: Record<string, string>,
): Promise<ProgramError> {
  return runExclusively(env, async () => {
    const { LanguageServer } = sdkRequire("./automation/server") as {
      LanguageServer: new (program: Program) => LanguageServer;
    };
    const request = new RunRequest();
    request.setProject(options.project);
    request.setStack(options.stack);
    request.setOrganization(options.organization);
    request.setParallel(options.parallel);
    request.setDryrun(options.dryRun);
    request.setMonitorAddress(options.address);
    request.setArgsList([options.address]);
    request.setConfigsecretkeysList(options.secretKeys);
    for (const [key, value] of Object.entries(options.config)) {
      request.getConfigMap().set(key, value);
    }
    const { getStore } = sdkRequire("./runtime/state") as { getStore(): { settings: RunSettings } };
    let settings: RunSettings = {};
    const run = async () => {
      settings = getStore().settings;
      return program();
    };
    const outcome = await runUnlessStalled(
      () =>
        new Promise<ProgramError>((resolve) => {
          // The SDK calls back once more after an error: the first call counts.
          void new LanguageServer(run).run({ request }, (error) => resolve(error && programErrorOf(error)));
        }),
      options.busy,
    );
    // The SDK forgets to, and each would keep all that its run has declared for another half hour.
    settings.monitor?.close();
    settings.engine?.close();
    // What it has not declared must not be taken for what it does not want.
    return outcome === STALLED ? "" : outcome;
  });
}

function programErrorOf(failure: Error): string {
  if (failure.message.startsWith("One or more errors occurred")) {
    return "";
  }
  return `Running the program failed with an unhandled exception:\n${failure.stack ?? failure.message}`;
}

/** The SDK's exit code for "the user has been told": by errors, or, when there is no program to run, by what it prints. */
const EXIT_ALREADY_REPORTED = 32;

/** How much of what a program printed is taken for the reason of its failure. */
const LAST_LINES = 20;

/** Runs a project as Pulumi's Node.js language host does: a process of `@pulumi/pulumi/cmd/run` with flags and variables. */
export async function runFolder(
  folder: ProjectFolder,
  options: RunOptions,
  env: NodeJS.ProcessEnv,
  onText: (text: string) => void,
): Promise<ProgramError> {
  const project = readProject(folder);
  const child = startNode(
    [
      ...project.nodeArgs,
      resolveFrom(project.directory, "@pulumi/pulumi/cmd/run"),
      ...["--monitor", options.address, "--engine", options.address],
      ...["--organization", options.organization, "--project", options.project],
      ...["--root-directory", project.root, "--stack", options.stack, "--pwd", project.directory],
      ...(options.dryRun ? ["--dry-run"] : []),
      ...["--parallel", String(options.parallel)],
      project.entry,
    ],
    {
      cwd: project.directory,
      env: {
        ...env,
        ...(project.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(project.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig }),
        PULUMI_CONFIG: JSON.stringify(legacyConfigKeys(options.config)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
      },
    },
  );
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    onLine(stream, (line) => {
      printed.push(line);
      onText(line);
    });
  }
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, reject) => {
      child.once("error", reject);
      child.once("close", (...how) => done(how));
    });
    if (code === 0) {
      return undefined;
    }
    return code === EXIT_ALREADY_REPORTED
      ? printed.slice(-LAST_LINES).join("\n")
      : `Program exited with ${signal ?? `non-zero exit code: ${code}`}`;
  } finally {
    await stop(child);
  }
}

/** The language host still hands keys over as `namespace:config:name`. */
function legacyConfigKeys(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^([^:]+):(?!config:)/, "$1:config:"), value]),
  );
}

interface Project {
  root: string;
  directory: string;
  entry: string;
  typescript: boolean;
  tsconfig?: string;
  nodeArgs: string[];
}

interface ProjectFile {
  name?: string;
  main?: string;
  runtime?:
    | string
    | { name?: string; options?: { typescript?: boolean; nodeargs?: string; tsconfig?: string } };
}

export function readProjectFile(workDir: string): ProjectFile {
  const path = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(workDir, name))
    .find((file) => existsSync(file));
  if (path === undefined) {
    return {};
  }
  const yaml = sdkRequire("js-yaml") as { load(text: string): unknown };
  return (yaml.load(readFileSync(path, "utf8")) ?? {}) as ProjectFile;
}

function readProject({ workDir, main }: ProjectFolder): Project {
  const root = resolve(workDir);
  const file = readProjectFile(root);
  const runtime = typeof file.runtime === "string" ? { name: file.runtime } : (file.runtime ?? {});
  if (runtime.name !== undefined && runtime.name !== "nodejs") {
    throw new EngineError(
      `${root} is a ${runtime.name} project; the offline engine runs nodejs projects only`,
    );
  }
  const target = resolve(root, main ?? file.main ?? ".");
  const isFolder = existsSync(target) && statSync(target).isDirectory();
  const { options = {} } = runtime as Extract<ProjectFile["runtime"], object>;
  return {
    root,
    directory: isFolder ? target : dirname(target),
    entry: isFolder ? "." : basename(target),
    typescript: options.typescript ?? true,
    ...(options.tsconfig !== undefined && { tsconfig: options.tsconfig }),
    nodeArgs: (options.nodeargs ?? "").split(" ").filter((arg) => arg !== ""),
  };
}
