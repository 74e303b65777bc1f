import type { StandIn } from "../../engine";
import { autoNaming, type Cloud, cloudOf, type MadeUp, unbackedStandIn } from "./cloud";

/** `aws.cloudwatch.EventRule` and `EventTarget`. The embedded AWS has no EventBridge: they pass nothing on. */
export function eventStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const rule = unbackedStandIn({
    type: "aws:cloudwatch/eventRule:EventRule",
    computed: ["arn", "tagsAll"],
    replaces: ["name", "namePrefix", "eventBusName", "region"],
    check: autoNaming(madeUp),
    identify(inputs) {
      const { account, region } = cloudOf(cloud, inputs);
      const id = String(inputs["name"]);
      return { id, computed: { arn: `arn:aws:events:${region}:${account}:rule/${id}` } };
    },
  });
  const target = unbackedStandIn({
    type: "aws:cloudwatch/eventTarget:EventTarget",
    computed: ["targetId"],
    replaces: ["rule", "targetId", "eventBusName", "region"],
    identify(inputs, { urn }) {
      const targetId = inputs["targetId"] ?? `terraform-${madeUp(urn, 26)}`;
      return { id: `${inputs["rule"]}-${targetId}`, computed: { targetId } };
    },
  });
  return [rule, target];
}
