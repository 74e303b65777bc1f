import { homedir } from "node:os";
import { Readable, Writable } from "node:stream";
import { main } from "../../src/cli/program";
import { checkDocumented } from "./documentedJson";

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  /** The whole environment. */
  env: Record<string, string>;
  cwd: string;
  stdin: string;
}

export interface Outputs {
  stdout: Text;
  stderr: Text;
}

let isRunning = false;

/** Runs the command in this process as if it had one of its own, which takes half a second less. One runs at a time. */
export async function runInThisProcess(
  args: string[],
  surroundings: Surroundings,
  outputs: Outputs = { stdout: new Text(), stderr: new Text() },
): Promise<Result> {
  if (isRunning) throw new Error("another command runs in this process");
  isRunning = true;
  const restore = surround(surroundings, outputs);
  try {
    process.exitCode = undefined;
    await main(args);
    const { stdout, stderr } = outputs;
    checkDocumented(args, stdout.text);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text, stderr: stderr.text };
  } finally {
    restore();
    isRunning = false;
  }
}

/** What has been written so far. Each time that there is more it emits `text`. */
export class Text extends Writable {
  text = "";

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk;
    this.emit("text");
    done();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** @returns what restores this process's own */
function surround({ env, cwd, stdin }: Surroundings, outputs: Outputs): () => void {
  const { exitCode } = process;
  const folder = process.cwd();
  const environment = { ...process.env };
  const listeners = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  const streams = { ...outputs, stdin: Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]) };
  const own = (["stdin", "stdout", "stderr"] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name) ?? {}] as const,
  );
  setEnvironment(env);
  process.chdir(cwd);
  for (const [name] of own)
    Object.defineProperty(process, name, { configurable: true, value: streams[name] });
  return () => {
    for (const [name, descriptor] of own) Object.defineProperty(process, name, descriptor);
    for (const [signal, known] of listeners)
      for (const listener of process.listeners(signal))
        if (!known.includes(listener)) process.off(signal, listener);
    process.chdir(folder);
    setEnvironment(environment);
    process.exitCode = exitCode;
  };
}

function setEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  // The command would write into the home folder of whoever runs the tests.
  if (env["HOME"] !== undefined && homedir() !== env["HOME"]) throw new Error("process.env is a copy");
}
