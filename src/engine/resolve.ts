import { createRequire } from "node:module";
import { join } from "node:path";

/** Resolves a module from `folder`, because programs bring their own copy of the SDK, or else from this package. */
export function resolveFrom(folder: string, request: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
      return require.resolve(request);
    }
    throw error;
  }
}
