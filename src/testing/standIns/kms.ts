import type { StandIn } from "../../engine";
import { type Cloud, cloudOf, type MadeUp, unbackedStandIn, uuidOf } from "./cloud";

/** `aws.kms.Key` and `KeyPolicy`. The embedded AWS has no KMS: they have ids, and encrypt nothing. */
export function kmsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const key = unbackedStandIn({
    type: "aws:kms/key:Key",
    computed: ["arn", "keyId", "tagsAll"],
    replaces: ["region"],
    identify(inputs, { urn }) {
      const keyId = uuidOf(madeUp, urn);
      const { account, region } = cloudOf(cloud, inputs);
      return { id: keyId, computed: { arn: `arn:aws:kms:${region}:${account}:key/${keyId}`, keyId } };
    },
  });
  const keyPolicy = unbackedStandIn({
    type: "aws:kms/keyPolicy:KeyPolicy",
    computed: [],
    replaces: ["keyId", "region"],
    identify: (inputs) => ({ id: String(inputs["keyId"]), computed: {} }),
  });
  return [key, keyPolicy];
}
