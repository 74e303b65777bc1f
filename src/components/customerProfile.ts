import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** Whose credentials an AWS profile has. */
export interface Grant {
  /** The name of the request in the stack, and of the profile. */
  name: string;
  /** `organization/project/stack`. */
  stack: string;
  /** The profile and the region of the account that made the request, where the stack's configuration names them. */
  vendor: { profile?: string | undefined; region?: string | undefined };
}

const PACKAGE = "pulumi-aws-approvals";

const HEADER = `# AWS profiles for customers' accounts. pulumi refresh and destroy need them on every machine, so keep this file with the
# program. Profiles that are in the file are not changed again, so you can edit them.
`;

/**
 * Adds the profile of a grant to a shared configuration file of AWS, unless the file has one of the name.
 *
 * The profile's `credential_process` finds the request by its name in the stack, and its credentials by the table of its
 * inbox. So it holds no secret, and stays the same when the request is renewed.
 *
 * @param file absolute, or relative to the program's folder, in which Pulumi runs the plugin of `aws`
 * @returns whether it was added
 */
export function addProfile(file: string, grant: Grant, programFolder: string): boolean {
  const path = resolve(programFolder, file);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (profilesIn(text).includes(grant.name)) return false;
  const begin = text === "" ? HEADER : text.endsWith("\n") ? "" : "\n";
  mkdirSync(dirname(path), { recursive: true });
  // In one write, since another customer's, in another process, may be added at the same time.
  appendFileSync(
    path,
    `${begin}\n[profile ${grant.name}]\ncredential_process = ${credentialProcess(grant, programFolder)}\n`,
  );
  return true;
}

/** What may name a profile, be an argument in every shell, and needs no quotes in either. */
export const PROFILE_NAME = /^[\w.@+-]+$/;

const profilesIn = (text: string): string[] =>
  [...text.matchAll(/^\s*\[\s*profile\s+"?([^\]"]+?)"?\s*\]/gm)].map(([, name = ""]) => name);

function credentialProcess({ name, stack, vendor }: Grant, programFolder: string): string {
  const options = Object.entries(vendor).flatMap(([key, value]) =>
    value ? [`--${key} ${quoted(value)}`] : [],
  );
  const command = `node ${quoted(`${packageFolder(programFolder)}/bin/aws-approvals.js`)}`;
  return [command, "credentials", `--request ${name}`, `--stack ${stack}`, ...options].join(" ");
}

/** Where the package is installed for the program, relative to it, and the same in every clone. */
function packageFolder(programFolder: string): string {
  const installed = join("node_modules", PACKAGE);
  for (let folder = programFolder; ; folder = dirname(folder)) {
    const found = join(folder, installed);
    if (existsSync(found)) return toSlashes(relative(programFolder, found));
    if (dirname(folder) === folder) break;
  }
  return toSlashes(relative(programFolder, join(__dirname, "../..")) || ".");
}

const toSlashes = (path: string) => path.split(sep).join("/");

const quoted = (word: string) => (/^[\w./@+-]+$/.test(word) ? word : `"${word}"`);
