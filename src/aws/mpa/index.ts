import { isInstalled } from "../installed";

export type { GetApprovalTeamCommandOutput } from "./approvalTeams";
export type { MPAClient, MPAServiceException } from "./client";
export type { GetIdentitySourceCommandOutput } from "./identitySources";
export type { GetSessionCommandOutput, SessionSummary } from "./sessions";

/** The client and the commands that we use; `@aws-sdk/client-mpa` has these and more. */
export type MpaModule = typeof import("./ownClient");

const OFFICIAL = "@aws-sdk/client-mpa";

/**
 * Loads `@aws-sdk/client-mpa` where it is installed, and our own client of the same shape where it is not.
 *
 * @param from the `require` to resolve it with; ours by default
 * @throws what an installed but broken `@aws-sdk/client-mpa` throws: our client replaces a missing one only
 */
export function loadMpa(from: NodeJS.Require = require): MpaModule {
  return isInstalled(OFFICIAL, from) ? from(OFFICIAL) : require("./ownClient");
}
