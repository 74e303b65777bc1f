import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { lookUp, pendingDeletion } from "./identitySource";

const input = structure({ IdentitySourceArn: string({ max: 1000 }) }, ["IdentitySourceArn"]);

/** Idempotent: the API model has no ResourceNotFoundException for it, so deleting what is gone succeeds. */
export const deleteIdentitySource = operation("DeleteIdentitySource", input, (given, invocation) => {
  const source = lookUp(given.IdentitySourceArn, invocation);
  if (source === undefined || source.status === "DELETING") return undefined;
  if (source.usedByTeams.size > 0) {
    throw new AwsError(
      "ConflictException",
      409,
      `The identity source is used by approval teams: ${[...source.usedByTeams].join(", ")}`,
    );
  }
  source.status = "DELETING";
  source.pending = pendingDeletion(invocation.cloud.settings.identitySourceDeletion, invocation.now);
  delete source.statusCode;
  delete source.statusMessage;
  return undefined;
});
