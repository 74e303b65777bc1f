import { createRequire } from "node:module";
import { join } from "node:path";

/** Finds a module as the program in `folder` would, or else as we do: programs bring their own copy of the SDK. */
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
