import type { Attempt } from "../aws/attempts";
import { AwsClients } from "../aws/clients";
import type { AwsConfiguration } from "../aws/configuration";
import { CREDENTIAL_CODES, type Remedies, remedyFor } from "../aws/errors";
import { systemClock } from "../clock";
import { chainTo } from "./chain";
import type { AwsOptions } from "./options";
import { isVerbose, trace, warn } from "./output";

/**
 * Clients of the account of the request or team.
 * @throws CommandError when the profile to use is one whose `credential_process` needs the same request's credentials
 */
export function clientsFor(
  { profile, region }: AwsOptions,
  requestId?: string,
  more: Pick<AwsConfiguration, "maxRetries"> = {},
): AwsClients {
  // The SDK gives it on to the profile's credential_process.
  if (requestId !== undefined) Object.assign(process.env, chainTo(`request ${requestId}`, NAME_PROFILE));
  // The SDK would print its warning about Node.js versions at each run.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  return new AwsClients(
    { ...more, profile, region, keys: { profile: "--profile", region: "--region" } },
    {
      clock: systemClock,
      log: warn,
      callTimeout: CALL_TIMEOUT_MS,
      outage: OUTAGE_MS,
      remedies: REMEDIES,
      ...(isVerbose() && { onAttempt }),
    },
  );
}

/** Longer than a long poll. */
const CALL_TIMEOUT_MS = 60_000;
/** A network that changes is away for some seconds. */
const OUTAGE_MS = 8_000;

const onAttempt = ({ operation, region, number, milliseconds, outcome }: Attempt): void =>
  trace(`${operation} ${region} attempt ${number}: ${outcome} in ${milliseconds} ms`);

const NAME_PROFILE =
  "Name the profile of the account that made the request, with credentials of its own: --profile NAME.";

const CHECK_CREDENTIALS =
  "Check the credentials of the account of the request or team: --profile, AWS_PROFILE or the other AWS_* variables.";

/** What to do, where it differs from what a Pulumi program is told. */
const REMEDIES: Remedies = {
  ...remedyFor(CREDENTIAL_CODES, CHECK_CREDENTIALS),
  RegionDisabled: "Use STS in a region that the account has enabled: --region, or AWS_REGION.",
  Throttling: "AWS throttled the call, and retries did not help. Run again later.",
};
