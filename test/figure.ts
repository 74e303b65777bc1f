import { appendFileSync } from "node:fs";

/** Says what a test has measured. `npm run test:all` says it again at its end. */
export function figure(line: string): void {
  const { FIGURES } = process.env;
  if (FIGURES === undefined) process.stderr.write(`${line}\n`);
  else appendFileSync(FIGURES, `${line}\n`);
}
