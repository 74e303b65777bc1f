import { AwsClients } from "../aws/clients";
import type { Remedies } from "../aws/errors";
import { Failure } from "./exitCodes";
import type { AwsOptions } from "./options";

/** Tells a process that we start, by way of an AWS profile, which request we are getting credentials for. */
const IN_PROGRESS = "AWS_APPROVALS_REQUEST_IN_PROGRESS";

/**
 * Clients of the account that made the request.
 * @throws Failure when getting the credentials of a request needs, by way of `credential_process`, those very ones
 */
export function clientsFor({ profile, region }: AwsOptions, requestId?: string): AwsClients {
  if (requestId !== undefined) {
    if (process.env[IN_PROGRESS] === requestId) {
      throw new Failure(
        `To get the credentials of ${requestId}, AWS was called with the profile that asks for them. ` +
          "Name the profile of the account that made the request: --profile NAME.",
      );
    }
    process.env[IN_PROGRESS] = requestId;
  }
  // The SDK would say so before every answer: no news for who runs a command.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  return new AwsClients({
    assumeRoles: [],
    endpoints: {},
    ...(profile && { profile }),
    ...(region && { region }),
  });
}

const CREDENTIALS =
  "Check the credentials of the account that made the request: --profile, AWS_PROFILE or the other AWS_* variables.";

/** What to do, where it differs from what a Pulumi program is told. */
export const REMEDIES: Remedies = {
  CredentialsProviderError: CREDENTIALS,
  TokenProviderError: CREDENTIALS,
  InvalidClientTokenId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  UnrecognizedClient: CREDENTIALS,
  IncompleteSignature: CREDENTIALS,
  MissingAuthenticationToken: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  RegionDisabled: "Use STS in a region that the account has enabled: --region, or AWS_REGION.",
  Throttling: "AWS asks for fewer calls, and went on asking after retries. Run again in a while.",
};
