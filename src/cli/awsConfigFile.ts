import { CommandError } from "./exitCodes";

// What the AWS tools agree on: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

/** The settings of a profile that is ours. */
export interface ProfileSettings {
  credentialProcess: string;
  region?: string;
}

/**
 * The text of an AWS config file with a profile added, or changed where it is ours. All other lines stay as they are.
 * @throws CommandError when there is such a profile, and it is not ours
 */
export function withProfile(text: string, name: string, settings: ProfileSettings): string {
  const lines = splitLines(text);
  const entries: [string, string][] = [
    ["credential_process", settings.credentialProcess],
    ...(settings.region === undefined ? [] : [["region", settings.region] as [string, string]]),
  ];
  const section = findOurs(lines, name);
  if (section === undefined) {
    const header = name === "default" ? "[default]" : `[profile ${name}]`;
    lines.push(...(lines.length === 0 ? [] : [""]), header, ...entries.map(setting));
  } else {
    for (const entry of entries.reverse()) setEntry(lines, section, entry);
  }
  return joinLines(lines, text);
}

/**
 * The text without a profile of ours.
 * @returns undefined when there is no such profile
 * @throws CommandError when it is not ours
 */
export function withoutProfile(text: string, name: string): string | undefined {
  const lines = splitLines(text);
  const section = findOurs(lines, name);
  if (section === undefined) return undefined;
  const isSeparator = section.start > 0 && lines[section.start - 1] === "";
  lines.splice(section.start - (isSeparator ? 1 : 0), section.end - section.start + (isSeparator ? 1 : 0));
  return joinLines(lines, text);
}

/** Whether a shared credentials file has the profile: the AWS tools take what it says first. */
export const hasSection = (text: string, name: string): boolean =>
  splitLines(text).some((line) => nameOf(line, /^\[\s*(.+?)\s*\]/) === name);

/** The lines of a section, without the comments and empty lines that precede the next one. */
interface Section {
  start: number;
  end: number;
}

function findOurs(lines: readonly string[], name: string): Section | undefined {
  const starts = lines.flatMap((line, index) => (profileOf(line) === name ? [index] : []));
  const [start] = starts;
  if (start === undefined) return undefined;
  const next = lines.findIndex((line, index) => index > start && line.startsWith("["));
  let end = next === -1 ? lines.length : next;
  while (/^\s*([#;].*)?$/.test(lines[end - 1] ?? "")) end--;
  const isOurs = lines.slice(start, end).some((line) => OURS.test(line));
  if (starts.length === 1 && isOurs) return { start, end };
  throw new CommandError(
    `There is a profile ${name} that this command has not written. Choose another name, or remove that profile first.`,
  );
}

/** `[profile acme]`, `[profile "acme"]`; of `default` the word may be missing. */
function profileOf(line: string): string | undefined {
  const name = nameOf(line, /^\[\s*profile\s+(.+?)\s*\]/);
  return name ?? nameOf(line, /^\[\s*(default)\s*\]/);
}

const nameOf = (line: string, pattern: RegExp): string | undefined =>
  pattern.exec(line)?.[1]?.replace(/^(["'])(.*)\1$/, "$2");

const OURS = /^credential_process\s*=.*\baws-approvals(\.js|\.cmd)?["']?\s+credentials\s/;

function setEntry(lines: string[], section: Section, entry: [string, string]): void {
  const { start, end } = section;
  const isSame = (line: string) => line.split("=")[0]?.trim().toLowerCase() === entry[0];
  const index = lines.findIndex((line, index) => index > start && index < end && isSame(line));
  if (index >= 0) {
    lines[index] = setting(entry);
  } else {
    lines.splice(start + 1, 0, setting(entry));
    section.end++;
  }
}

const setting = ([key, value]: [string, string]): string => `${key} = ${value}`;

function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function joinLines(lines: readonly string[], original: string): string {
  const lineBreak = original.includes("\r\n") ? "\r\n" : "\n";
  return lines.map((line) => line + lineBreak).join("");
}
