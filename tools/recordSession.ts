// npm run record:session: makes docs/session.svg, the demo's first play as it looks in a terminal.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { SESSION, sessionSvg } from "./sessionSvg";

const ROOT = resolve(__dirname, "..");

async function main(): Promise<void> {
  const args = ["--import", "tsx", resolve(ROOT, "demo/demo.ts"), ...SESSION];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  await writeFile(resolve(ROOT, "docs/session.svg"), sessionSvg(stdout));
}

void main();
