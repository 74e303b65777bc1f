import type { ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { connectAnew, sdkRequire } from "../sdk";
import { onLine, startNode, stop } from "./children";
import { EngineError } from "./errors";
import { runExclusively, runUnlessStalled, Stalled } from "./inlineRun";
import type { Project } from "./projectFile";
import { resolveFrom } from "./resolve";

/** An inline Pulumi program. Its result is the stack's outputs. */
export type Program = () => unknown;

/** A Pulumi project on disk. */
export interface ProjectFolder {
  /** The folder with Pulumi.yaml, or one below it. */
  workDir: string;
  /** In place of Pulumi.yaml's `main`. */
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
  /** The address of both the resource monitor and the engine service. */
  address: string;
  /** Whether any registration of the program is in progress. */
  busy(): boolean;
}

/** undefined if the program succeeded; otherwise a message for the user, empty if the error has already been reported. */
export type ProgramError = string | undefined;

/** The SDK's gRPC clients, one pair per run. */
interface RunSettings {
  monitor?: { close(): void };
  engine?: { close(): void };
}

// The class with which the SDK's Automation API runs inline programs; the SDK does not export its type.
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
    connectAnew();
    const request = toRunRequest(options);
    const { getStore } = sdkRequire("./runtime/state") as { getStore(): { settings: RunSettings } };
    let settings: RunSettings = {};
    const run = async () => {
      settings = getStore().settings;
      return program();
    };
    const outcome = await runUnlessStalled(
      () =>
        new Promise<ProgramError>((resolve) => {
          // After an error the SDK calls back a second time, which `resolve` ignores.
          void new LanguageServer(run).run({ request }, (error) => resolve(error && programErrorOf(error)));
        }),
      options.busy,
    );
    // The SDK does not close them, and each would keep the memory of its run alive for half an hour.
    settings.monitor?.close();
    settings.engine?.close();
    // A stalled program has failed: the resources that it has not registered must not be deleted.
    return outcome instanceof Stalled ? unhandledException(outcome.reason) : outcome;
  });
}

function toRunRequest(options: RunOptions): RunRequest {
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
  return request;
}

function programErrorOf(failure: Error): string {
  if (failure.message.startsWith("One or more errors occurred")) {
    return "";
  }
  return unhandledException(failure);
}

const unhandledException = (reason: unknown): string =>
  `Running the program failed with an unhandled exception:\n${reason instanceof Error ? reason.stack : String(reason)}`;

/** The SDK's exit code for an error that was already logged, or, when there is no program to run, printed. */
const EXIT_ALREADY_REPORTED = 32;

/** How many of the last lines that a program printed are shown as the reason of its failure. */
const LAST_LINES = 20;

/** Runs a project as Pulumi's Node.js language host does, with `@pulumi/pulumi/cmd/run` in a separate process. */
export async function runProject(
  project: Project,
  options: RunOptions,
  env: NodeJS.ProcessEnv,
  onText: (text: string) => void,
): Promise<ProgramError> {
  const child = startProgram(project, options, env);
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

function startProgram(project: Project, options: RunOptions, env: NodeJS.ProcessEnv): ChildProcess {
  const { directory, entry } = locateProgram(project);
  return startNode(
    [
      ...project.nodeArgs,
      resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
      ...["--monitor", options.address, "--engine", options.address],
      ...["--organization", options.organization, "--project", options.project],
      ...["--root-directory", project.root, "--stack", options.stack, "--pwd", directory],
      ...(options.dryRun ? ["--dry-run"] : []),
      ...["--parallel", String(options.parallel)],
      entry,
    ],
    {
      cwd: directory,
      env: {
        ...env,
        ...(project.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(project.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig }),
        PULUMI_CONFIG: JSON.stringify(legacyConfigKeys(options.config)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
      },
    },
  );
}

/** The language host still passes keys in the old form `namespace:config:name`. */
function legacyConfigKeys(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^([^:]+):(?!config:)/, "$1:config:"), value]),
  );
}

/**
 * Where a project's program and its providers run, and the file or `.` that runs there.
 * @throws EngineError if there is none
 */
export function locateProgram({ root, main }: Pick<Project, "root" | "main">): {
  directory: string;
  entry: string;
} {
  const target = resolve(root, main);
  if (!existsSync(target)) {
    throw new EngineError(`main: there is no ${target}`);
  }
  return statSync(target).isDirectory()
    ? { directory: target, entry: "." }
    : { directory: dirname(target), entry: basename(target) };
}
