import { realpathSync } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { quoteForShell } from "./quote";

/** This command's own file, wherever it is installed. */
export const OWN_FILE = resolve(__dirname, "../../bin/aws-approvals.js");

/** Whether it is installed for all folders, so that its name alone starts it. */
export function isOnPath(): boolean {
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    // Package managers put this before the PATH for what they run.
    .filter((one) => !/node_modules[\\/]\.bin$/.test(one));
  return folders.some((folder) => isOwnFile(join(folder, "aws-approvals")));
}

function isOwnFile(path: string): boolean {
  try {
    return realpathSync(path) === realpathSync(OWN_FILE);
  } catch {
    return false;
  }
}

/** How it is started again from this folder, as it is typed into a shell. */
export function typedCommand(file = OWN_FILE): string {
  if (isOnPath()) return "aws-approvals";
  if (process.versions["pnp"] !== undefined) return "yarn aws-approvals";
  if (/[\\/]_npx[\\/]/.test(file)) return "npx --package pulumi-aws-approvals aws-approvals";
  if (/[\\/]node_modules[\\/]/.test(file)) return "npx aws-approvals";
  const inFolder = relative(process.cwd(), file);
  return `node ${quoteForShell(inFolder.startsWith("..") ? file : inFolder)}`;
}
