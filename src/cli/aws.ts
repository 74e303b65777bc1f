import { AwsClients } from "../aws/clients";
import { CREDENTIAL_CODES, type Remedies, remedyFor } from "../aws/errors";
import { systemClock } from "../clock";
import { CommandError } from "./exitCodes";
import type { AwsOptions } from "./options";
import { warn } from "./output";

/**
 * Set for child processes: the request that credentials are being obtained for. A profile's `credential_process` may start
 * this command again, which would never end.
 */
const IN_PROGRESS = "AWS_APPROVALS_REQUEST_IN_PROGRESS";

/**
 * Clients of the account that made the request.
 * @throws CommandError when the profile to use is one whose `credential_process` asks for the same request's credentials
 */
export function clientsFor({ profile, region }: AwsOptions, requestId?: string): AwsClients {
  if (requestId !== undefined) {
    if (process.env[IN_PROGRESS] === requestId) {
      throw new CommandError(
        `The AWS profile in use gets its credentials from request ${requestId}, whose credentials it is needed for. ` +
          "Name the profile of the account that made the request: --profile NAME.",
      );
    }
    process.env[IN_PROGRESS] = requestId;
  }
  // The SDK would print its warning about Node.js versions at each run.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  return new AwsClients(
    { profile, region, keys: { profile: "--profile", region: "--region" } },
    { clock: systemClock, log: warn },
  );
}

const CHECK_CREDENTIALS =
  "Check the credentials of the account that made the request: --profile, AWS_PROFILE or the other AWS_* variables.";

/** What to do, where it differs from what a Pulumi program is told. */
export const REMEDIES: Remedies = {
  ...remedyFor(CREDENTIAL_CODES, CHECK_CREDENTIALS),
  RegionDisabled: "Use STS in a region that the account has enabled: --region, or AWS_REGION.",
  Throttling: "AWS throttled the call, and retries did not help. Run again later.",
};
