import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { fingerprintOf } from "./fingerprint";
import { type IdentitySource, identitySourceArn, pendingCreation } from "./identitySource";
import { checkNewTags, tags } from "./tags";

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
  ({ ClientToken, ...given }, { caller, now, cloud }) => {
    const instance = given.IdentitySourceParameters.IamIdentityCenter;
    if (instance === undefined) {
      throw new AwsError(
        "ValidationException",
        400,
        "IdentitySourceParameters must have exactly one member set",
      );
    }
    const requestedTags = given.Tags ?? new Map<string, string>();
    checkNewTags(requestedTags);

    const token = ClientToken === undefined ? undefined : `source ${caller.account} ${ClientToken}`;
    return cloud.mpa.once(token, fingerprintOf(given), () => {
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
        status: "CREATING",
        pending: pendingCreation(cloud.settings.identitySourceCreation, now),
      };
      cloud.mpa.identitySources.set(caller.account, source);
      return { IdentitySourceType: "IAM_IDENTITY_CENTER", IdentitySourceArn: arn, CreationTime: now };
    });
  },
);
