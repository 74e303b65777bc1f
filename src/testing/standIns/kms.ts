import type { StandIn } from "../../engine";
import { type Cloud, cloudOf, type MadeUp, standInOf } from "./cloud";

/** `aws.kms.Key` and `KeyPolicy`. The embedded AWS has no KMS: they have ids, and encrypt nothing. */
export function kmsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const key = standInOf({
    type: "aws:kms/key:Key",
    computed: ["arn", "keyId", "tagsAll"],
    replaces: ["region"],
    async create(inputs, { urn }) {
      const digits = madeUp(urn, 32);
      const keyId = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      const { account, region } = cloudOf(cloud, inputs);
      const arn = `arn:aws:kms:${region}:${account}:key/${keyId}`;
      return { id: keyId, computed: { arn, keyId, tagsAll: inputs["tags"] ?? {} } };
    },
    update: async (_, { tags = {} }) => ({ tagsAll: tags }),
  });
  const keyPolicy = standInOf({
    type: "aws:kms/keyPolicy:KeyPolicy",
    computed: [],
    replaces: ["keyId", "region"],
    create: async (inputs) => ({ id: String(inputs["keyId"]), computed: {} }),
    update: async () => ({}),
  });
  return [key, keyPolicy];
}
