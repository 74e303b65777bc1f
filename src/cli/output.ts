import { COLUMNS } from "../wrap";

/** Replaces control and format characters: text from outside could move a terminal's cursor or hide what follows. */
export const printable = (text: string): string => text.replace(/\p{Cc}|\p{Cf}/gu, "\uFFFD");

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const printJson = (value: object): void => print(JSON.stringify(value, undefined, 2));

/** To stderr, so that stdout holds the answer alone and can be piped. */
export const warn = (text: string): void =>
  void process.stderr.write(`aws-approvals: ${text.split("\n").map(printable).join("\n")}\n`);

let verbose = false;

export function setVerbose(value: boolean): void {
  verbose = value;
}

export const isVerbose = (): boolean => verbose;

/** To stderr, with --verbose. The line must hold no secret. */
export function trace(line: string): void {
  if (verbose) warn(line);
}

/** `2026-03-01 12:00 UTC` */
export const formatUtc = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What is copied as a whole, such as a link or a command, gets a line of its own when it is too long. */
export const field = (name: string, value: string): string[] =>
  name.length + value.length > COLUMNS - 4 ? [`  ${name}:`, `  ${value}`] : [`  ${name}: ${value}`];

/** How many columns a table may have: those of the terminal. What reads a pipe gets it whole. */
export const tableColumns = (): number =>
  process.stdout.isTTY ? process.stdout.columns || COLUMNS : Number.POSITIVE_INFINITY;

/** The text in at most so many columns: a longer one has an ellipsis for its middle, since names and ARNs differ at their ends. */
export function shorten(text: string, columns: number): string {
  const characters = [...text];
  if (characters.length <= columns) return text;
  const end = Math.floor((columns - 1) / 2);
  const start = columns - 1 - end;
  return `${characters.slice(0, start).join("")}…${characters.slice(characters.length - end).join("")}`;
}

/** Progress on stderr: lines, and in a terminal a status line below them that is redrawn in place. */
export class Progress {
  private status = "";
  private timer: NodeJS.Timeout | undefined;

  /** @param describe gives the status line, every second */
  constructor(private readonly describe: () => string) {
    if (!process.stderr.isTTY) return;
    this.timer = setInterval(() => this.draw(), 1_000);
    this.draw();
  }

  line(text: string): void {
    this.clear();
    process.stderr.write(`${printable(text)}\n`);
    if (this.timer) this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.clear();
  }

  private draw(): void {
    this.clear();
    // A line that wraps could not be cleared.
    this.status = printable(this.describe()).slice(0, (process.stderr.columns || 80) - 1);
    process.stderr.write(this.status);
  }

  private clear(): void {
    if (this.status === "") return;
    process.stderr.clearLine(0);
    process.stderr.cursorTo(0);
    this.status = "";
  }
}
