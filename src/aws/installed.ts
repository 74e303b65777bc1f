/**
 * Whether an optional package is installed. It is its manifest that is resolved, so that a package with a missing file counts
 * as installed and fails.
 *
 * @param from the `require` to resolve it with; ours by default
 */
export function isInstalled(name: string, from: NodeJS.Require = require): boolean {
  try {
    from.resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}
