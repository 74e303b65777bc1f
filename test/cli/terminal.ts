import { execFile } from "node:child_process";

/** Types at a terminal of its own, once the command has said what it waits for, and tells how it ended. */
const SCRIPT = `
import json, os, pty, sys
settings = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0: os.execvpe(settings["command"][0], settings["command"], settings["env"])
seen = b""
while settings["until"].encode() not in seen: seen += os.read(terminal, 1024)
os.write(terminal, settings["input"].encode())
try:
    while True:
        more = os.read(terminal, 1024)
        if not more: break
        seen += more
except OSError: pass
status = os.waitpid(pid, 0)[1]
ended = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"code": os.WEXITSTATUS(status)}
print(json.dumps({"output": seen.decode(), **ended}))
`;

export interface TerminalSettings {
  command: string[];
  env: Record<string, string>;
  /** What the command says when it waits for the input. */
  until: string;
  input: string;
}

export interface EndedAtTerminal {
  output: string;
  code?: number;
  signal?: number;
}

export const CTRL_C = "\x03";
export const CTRL_D = "\x04";

export const atTerminal = (settings: TerminalSettings): Promise<EndedAtTerminal> =>
  new Promise((resolve, reject) => {
    execFile("python3", ["-c", SCRIPT, JSON.stringify(settings)], { timeout: 60_000 }, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    );
  });
