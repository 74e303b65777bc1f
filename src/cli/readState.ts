import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { chainTo } from "./chain";
import { CommandError, exitCodes } from "./exitCodes";
import type { StackOptions } from "./options";
import { trace } from "./output";
import { readText } from "./stdin";

/**
 * The text of a stack's state: of the file, or else as `pulumi stack export` prints it.
 * @throws CommandError when there is no such stack, no `pulumi`, or the file cannot be read
 */
export async function readState({ stack, cwd, stateFile }: StackOptions): Promise<string> {
  if (stateFile === undefined) return runPulumi(stack, cwd);
  if (stack !== undefined) throw new CommandError("Give --stack or --state-file, not both.", exitCodes.usage);
  try {
    return await readText(stateFile);
  } catch (error) {
    throw new CommandError(`--state-file: ${(error as Error).message}`, exitCodes.failed, { cause: error });
  }
}

const MAX_STATE_BYTES = 1 << 30;
/** The export of a large stack takes some seconds. */
const PULUMI_TIMEOUT_MS = 120_000;

async function runPulumi(stack: string | undefined, cwd: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  const remedy = "Give AWS's id to --request, or the backend a profile that does not need the stack.";
  const name = [stack, cwd && `of ${resolve(cwd)}`].filter(Boolean).join(" ") || "of this folder";
  const chain = chainTo(`stack ${name}`, remedy);
  if (cwd !== undefined && !existsSync(cwd)) throw new CommandError(`--cwd: there is no folder ${cwd}.`);
  const env = { ...process.env, ...chain, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const start = performance.now();
  const traceEnd = (outcome: string) =>
    trace(`pulumi ${args.join(" ")}: ${outcome} in ${Math.round(performance.now() - start)} ms`);
  try {
    const options = { cwd, env, maxBuffer: MAX_STATE_BYTES, timeout: PULUMI_TIMEOUT_MS };
    const { stdout } = await promisify(execFile)("pulumi", args, options);
    traceEnd("ok");
    return stdout;
  } catch (error) {
    traceEnd("failed");
    throw new CommandError(describeFailure(error as ExecFileError), exitCodes.failed, { cause: error });
  }
}

interface ExecFileError extends Error {
  code?: unknown;
  killed?: boolean;
  stderr?: string;
}

function describeFailure({ code, killed, message, stderr }: ExecFileError): string {
  if (killed) return `pulumi stack export: it did not end in ${PULUMI_TIMEOUT_MS / 1000} s, and was stopped.`;
  if (code === "ENOENT") {
    return "There is no pulumi command on the PATH. Give --state-file FILE, with what `pulumi stack export` printed.";
  }
  const reason = stderr?.trim().replace(/^error: /, "") || message;
  return `pulumi stack export: ${reason} (--cwd FOLDER names the program's folder, --stack STACK its stack.)`;
}
