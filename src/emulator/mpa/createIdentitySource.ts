import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import {
  type IdentitySource,
  identitySourceArn,
  pendingCreation,
  refuseReservedTags,
  tags,
  tooManyTags,
} from "./identitySource";

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

const input = structure(
  {
    IdentitySourceParameters: structure({ IamIdentityCenter: iamIdentityCenter }, []),
    ClientToken: string({ max: 4096 }),
    Tags: tags,
  },
  ["IdentitySourceParameters"],
);

export const createIdentitySource = operation(
  "CreateIdentitySource",
  input,
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
    const answered = tokenKey === undefined ? undefined : cloud.answeredCreates.get(tokenKey);
    if (answered !== undefined) {
      if (answered.fingerprint !== fingerprint) {
        throw new AwsError(
          "ValidationException",
          400,
          "The ClientToken was used before with different parameters",
        );
      }
      return answerOf(answered.source);
    }

    const arn = identitySourceArn(caller.account);
    if (cloud.identitySources.has(caller.account)) {
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
    cloud.identitySources.set(caller.account, source);
    if (tokenKey !== undefined) cloud.answeredCreates.set(tokenKey, { fingerprint, source });
    return answerOf(source);
  },
);

const answerOf = (source: IdentitySource) => ({
  IdentitySourceType: "IAM_IDENTITY_CENTER",
  IdentitySourceArn: source.arn,
  CreationTime: source.creationTime,
});
