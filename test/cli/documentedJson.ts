// docs/command.md says what --json prints. Whatever a test has the command print is held against it.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

type Shape = string | Shape[] | { [key: string]: Shape };

const page = readFileSync(resolve(__dirname, "../../docs/command.md"), "utf8");

/** By heading: `status --json`, `Sessions`. */
export const documented = new Map(
  [...page.matchAll(/^### `?([^`\n]+)`?\n(?:(?!\n#).)*?```json\n(.*?)```/gms)].map(
    ([, heading = "", text = ""]): [string, Shape] => [heading, JSON.parse(text)],
  ),
);

/** @throws Error when a command line has printed what the page does not say */
export function checkDocumented(args: readonly string[], stdout: string): void {
  const end = args.indexOf("--");
  const given = end < 0 ? args : args.slice(0, end);
  if (!given.includes("--json") || stdout === "") return;
  const variant = given.some((one) => one === "--team" || one === "--session") && given[0] === "wait";
  const words = [
    given[0],
    ...(variant ? ["--team"] : []),
    ...(given.includes("--remove") ? ["--remove"] : []),
  ];
  const heading = [...words, "--json"].join(" ");
  const shape = documented.get(heading);
  if (shape === undefined) throw new Error(`docs/command.md has no section ${heading}`);
  const differences = compare(shape, JSON.parse(stdout), "$");
  if (differences.length > 0) throw new Error(`${heading} in docs/command.md: ${differences.join("; ")}`);
}

function compare(shape: Shape, value: unknown, path: string): string[] {
  if (typeof shape === "string") {
    const found = shape.split(" | ").map((type) => compareType(type, value, path));
    return found.some((differences) => differences.length === 0) ? [] : (found[0] ?? []);
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((item, index) => compare(shape[0] ?? "", item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is no object`];
  const entries = new Map(Object.entries(shape).map(([key, one]) => [key.replace(/\?$/, ""), one]));
  const unknown = Object.keys(value).filter((key) => !entries.has(key));
  const missing = Object.keys(shape).filter((key) => !key.endsWith("?") && !(key in value));
  return [
    ...unknown.map((key) => `${path}.${key} is not documented`),
    ...missing.map((key) => `${path}.${key} is missing`),
    ...Object.entries(value).flatMap(([key, one]) => compare(entries.get(key) ?? [], one, `${path}.${key}`)),
  ];
}

function compareType(type: string, value: unknown, path: string): string[] {
  const named = documented.get(type);
  if (named !== undefined) return compare(named, value, path);
  const isOfType =
    type === "null"
      ? value === null
      : type === "time"
        ? typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)
        : type === "map"
          ? typeof value === "object"
          : typeof value === type || value === type;
  return isOfType ? [] : [`${path} is ${JSON.stringify(value)}, not ${type}`];
}
