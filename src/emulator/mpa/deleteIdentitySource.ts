import { operation } from "../operation";
import { string, structure } from "../shapes";
import { conflict } from "./errors";
import { pendingDeletion } from "./identitySource";

/** Idempotent: the API model has no ResourceNotFoundException for it, so deleting a source that does not exist succeeds. */
export const deleteIdentitySource = operation(
  {
    name: "DeleteIdentitySource",
    route: { method: "DELETE", path: "/identity-sources/{IdentitySourceArn}" },
    input: structure({ IdentitySourceArn: string({ max: 1000 }) }, ["IdentitySourceArn"]),
  },
  (given, { caller, now, cloud }) => {
    const source = cloud.mpa.lookUpIdentitySource(given.IdentitySourceArn, caller);
    if (source === undefined || source.status === "DELETING") return undefined;
    const teams = cloud.mpa.teamsOf(source.account).map(({ arn }) => arn);
    if (teams.length > 0)
      throw conflict(`The identity source is used by approval teams: ${teams.join(", ")}`);
    source.status = "DELETING";
    source.pending = pendingDeletion(cloud.settings.identitySourceDeletion, now);
    delete source.statusCode;
    delete source.statusMessage;
    return undefined;
  },
);
