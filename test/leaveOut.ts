import { appendFileSync } from "node:fs";

/** Says what cannot be tested on this machine, and why. `npm run test:all` keeps it, and lists it once at its end. */
export function leaveOut(what: string, why: string): void {
  const line = `${what}: ${why}\n`;
  const { LEFT_OUT } = process.env;
  if (LEFT_OUT === undefined) process.stderr.write(`Left out: ${line}`);
  else appendFileSync(LEFT_OUT, line);
}
