import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { type IdentitySource, identitySourceArn, pendingCreation } from "./identitySource";
import type { MpaStore } from "./store";
import { refuseReservedTags, tags, tooManyTags } from "./tags";

const iamIdentityCenter = structure(
  {
    InstanceArn: string({
      min: 20,
      max: 2048,
      pattern: "arn:.+:sso:::instance/(?:sso)?ins-[a-zA-Z0-9-.]{16}",
    }),
    Region: string({ max: 1000 }),
  },
  ["InstanceArn", "Region"],
);

export const createIdentitySource = operation(
  {
    name: "CreateIdentitySource",
    route: { method: "POST", path: "/identity-sources" },
    input: structure(
      {
        IdentitySourceParameters: structure({ IamIdentityCenter: iamIdentityCenter }, []),
        ClientToken: string({ max: 4096 }),
        Tags: tags,
      },
      ["IdentitySourceParameters"],
    ),
  },
  (given, { caller, now, cloud }) => {
    const instance = given.IdentitySourceParameters.IamIdentityCenter;
    if (instance === undefined) {
      throw new AwsError(
        "ValidationException",
        400,
        "IdentitySourceParameters must have exactly one member set",
      );
    }
    const requestedTags = given.Tags ?? new Map<string, string>();
    refuseReservedTags(requestedTags.keys());
    if (tooManyTags(requestedTags.size)) {
      throw new AwsError("ValidationException", 400, "A resource can have at most 50 tags");
    }

    const fingerprint = JSON.stringify([instance, [...requestedTags].sort()]);
    const tokenKey = given.ClientToken === undefined ? undefined : `${caller.account} ${given.ClientToken}`;
    const earlier = earlierResult(tokenKey, fingerprint, cloud.mpa);
    if (earlier !== undefined) return outputFor(earlier);

    const arn = identitySourceArn(caller.account);
    if (cloud.mpa.identitySources.has(caller.account)) {
      throw new AwsError(
        "ServiceQuotaExceededException",
        402,
        `The account ${caller.account} has reached its quota of 1 identity source: ${arn}`,
      );
    }
    const source: IdentitySource = {
      account: caller.account,
      arn,
      instanceArn: instance.InstanceArn,
      instanceRegion: instance.Region,
      creationTime: now,
      tags: new Map(requestedTags),
      usedByTeams: new Set(),
      status: "CREATING",
      pending: pendingCreation(cloud.settings.identitySourceCreation, now),
    };
    cloud.mpa.identitySources.set(caller.account, source);
    if (tokenKey !== undefined) cloud.mpa.createResults.set(tokenKey, { fingerprint, source });
    return outputFor(source);
  },
);

/** The source that an earlier call with the same ClientToken created. */
function earlierResult(
  tokenKey: string | undefined,
  fingerprint: string,
  { createResults }: MpaStore,
): IdentitySource | undefined {
  const earlier = tokenKey === undefined ? undefined : createResults.get(tokenKey);
  if (earlier === undefined || earlier.fingerprint === fingerprint) return earlier?.source;
  throw new AwsError("ValidationException", 400, "The ClientToken was used before with different parameters");
}

const outputFor = (source: IdentitySource) => ({
  IdentitySourceType: "IAM_IDENTITY_CENTER",
  IdentitySourceArn: source.arn,
  CreationTime: source.creationTime,
});
