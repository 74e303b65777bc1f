import type { StandIn } from "../../engine";
import { autoNaming, type Cloud, cloudOf, type MadeUp, unbackedStandIn, uuidOf } from "./cloud";

/** `aws.ram.ResourceShare`, `ResourceAssociation` and `PrincipalAssociation`. In the embedded AWS, everything is shared. */
export function ramStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const share = unbackedStandIn({
    type: "aws:ram/resourceShare:ResourceShare",
    computed: ["arn", "tagsAll"],
    replaces: ["permissionArns", "region"],
    check: autoNaming(madeUp),
    identify(inputs, { urn }) {
      const id = uuidOf(madeUp, urn);
      const { account, region } = cloudOf(cloud, inputs);
      const arn = `arn:aws:ram:${region}:${account}:resource-share/${id}`;
      return { id: arn, computed: { arn } };
    },
  });
  const associations = (["resource", "principal"] as const).map((what) => {
    const Type = `${what === "resource" ? "Resource" : "Principal"}Association`;
    const property = what === "resource" ? "resourceArn" : "principal";
    return unbackedStandIn({
      type: `aws:ram/${what}Association:${Type}`,
      computed: [],
      replaces: [property, "resourceShareArn", "region"],
      identify: (inputs) => ({ id: `${inputs["resourceShareArn"]},${inputs[property]}`, computed: {} }),
    });
  });
  return [share, ...associations];
}
