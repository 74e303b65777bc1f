export type { MPAClient } from "./client";
export type { MPAClientConfig } from "./configuration";
export type { MPAServiceException } from "./errors";
export type { GetIdentitySourceCommandOutput } from "./identitySources";

/** The client and the commands that we use; `@aws-sdk/client-mpa` has these and more. */
export type MpaModule = typeof import("./ownClient");

const OFFICIAL = "@aws-sdk/client-mpa";

/**
 * Loads `@aws-sdk/client-mpa` where it is installed, and our own client of the same shape where it is not.
 *
 * @param from whose installed packages count; ours by default
 * @throws whatever an installed but broken `@aws-sdk/client-mpa` throws: only its absence is made up for
 */
export function loadMpa(from: NodeJS.Require = require): MpaModule {
  return isInstalled(from) ? from(OFFICIAL) : require("./ownClient");
}

function isInstalled(from: NodeJS.Require): boolean {
  try {
    // The manifest, not the package: a missing file inside an installed package is an error to surface.
    from.resolve(`${OFFICIAL}/package.json`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}
