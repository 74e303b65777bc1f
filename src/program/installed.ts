import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_IS_BUNDLED, PROVIDER_MODULE } from "../providerModule";

/** The folder that the program runs in, and that Pulumi starts the provider process in. The program may change its own. */
export const programFolder = process.cwd();

let isInstalled = false;

/**
 * Pulumi's provider process requires this package from the program's folder. Where that fails, the engine tells only that a
 * module was not found; here it is known which package.json lacks it.
 * @throws RunError when the package does not resolve from the program's folder
 */
export function requireInstalled(resource: string): void {
  if (isPlayed()) return;
  isInstalled ||= bases().some(resolves);
  if (isInstalled) return;
  throw new pulumi.RunError(
    `${resource}: Pulumi's provider process loads pulumi-aws-approvals from the program's folder, ${programFolder}, where it ` +
      `is not installed. Add it to the dependencies in ${nearestPackageFile(programFolder)}.`,
  );
}

/** Whether nothing, or mocks, play the engine. */
export const runsOnMocks = (): boolean => {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor === undefined || "mocks" in monitor;
};

/** Whether a stand-in plays the engine. */
const isPlayed = (): boolean => runsOnMocks() || process.env[PROVIDER_IS_BUNDLED] !== undefined;

/** Where the provider may run: of an inline program Pulumi's workspace decides, which can be the script's folder. */
function bases(): string[] {
  const script = process.argv[1] ?? "";
  const isRunByPulumi = /[/\\]@pulumi[/\\]pulumi[/\\]cmd[/\\]run/.test(script);
  return isRunByPulumi ? [programFolder] : [programFolder, dirname(script)];
}

function resolves(folder: string): boolean {
  try {
    createRequire(join(folder, "index.js")).resolve(PROVIDER_MODULE);
    return true;
  } catch (error) {
    // With any other error the package is there, and the provider process says what is wrong with it.
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}

function nearestPackageFile(folder: string): string {
  const file = join(folder, "package.json");
  const parent = dirname(folder);
  return existsSync(file) || parent === folder ? file : nearestPackageFile(parent);
}
