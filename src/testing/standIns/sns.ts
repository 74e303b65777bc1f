import type { PropertyMap, StandIn } from "../../engine";
import { callQuery, xmlElement, xmlEntries } from "../emulatorClient";
import { type AttributeNames, attributesOf, changedAttributes, propertiesNow } from "./attributes";
import { autoNaming, type Cloud, cloudOf, type MadeUp, standInOf } from "./cloud";
import { changedTags, tagsOf } from "./tags";

const TOPIC: AttributeNames = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deliveryPolicy: "DeliveryPolicy",
  displayName: "DisplayName",
  fifoTopic: "FifoTopic",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
};

const SUBSCRIPTION: AttributeNames = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
};

/** `aws.sns.Topic`, `TopicPolicy` and `TopicSubscription`. */
export function snsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const call = (operation: string, parameters: Record<string, string>, of: PropertyMap) =>
    callQuery({ service: "sns", operation, version: "2010-03-31" }, parameters, cloudOf(cloud, of));
  const setTopic = async (arn: string, attributes: Record<string, string>, of: PropertyMap) => {
    for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
      await call("SetTopicAttributes", { TopicArn: arn, AttributeName, AttributeValue }, of);
    }
  };

  const topic = standInOf({
    type: "aws:sns/topic:Topic",
    computed: ["arn", "owner", "tagsAll"],
    replaces: ["name", "namePrefix", "fifoTopic", "region"],
    check: autoNaming(madeUp),
    async create(inputs) {
      const parameters = {
        Name: String(inputs["name"]),
        ...entries("Attributes.entry", "key", "value", attributesOf(TOPIC, inputs)),
        ...entries("Tags.member", "Key", "Value", tagsOf(inputs)),
      };
      const arn = xmlElement(await call("CreateTopic", parameters, inputs), "TopicArn") ?? "";
      return { id: arn, computed: { arn, owner: cloud.account, tagsAll: tagsOf(inputs) } };
    },
    now: async (outputs) =>
      propertiesNow(
        TOPIC,
        outputs,
        xmlEntries(await call("GetTopicAttributes", { TopicArn: String(outputs["arn"]) }, outputs)),
      ),
    async update(outputs, news) {
      const arn = String(outputs["arn"]);
      await setTopic(arn, changedAttributes(TOPIC, outputs, news), news);
      const { set, removed } = changedTags(outputs, news);
      if (Object.keys(set).length > 0) {
        await call("TagResource", { ResourceArn: arn, ...entries("Tags.member", "Key", "Value", set) }, news);
      }
      if (removed.length > 0) {
        const keys = removed.map((key, index) => [`TagKeys.member.${index + 1}`, key]);
        await call("UntagResource", { ResourceArn: arn, ...Object.fromEntries(keys) }, news);
      }
      return { tagsAll: tagsOf(news) };
    },
    delete: (outputs) => call("DeleteTopic", { TopicArn: String(outputs["arn"]) }, outputs),
  });

  const topicPolicy = standInOf({
    type: "aws:sns/topicPolicy:TopicPolicy",
    computed: ["owner"],
    replaces: ["arn", "region"],
    async create(inputs) {
      const arn = String(inputs["arn"]);
      await setTopic(arn, attributesOf({ policy: "Policy" }, inputs), inputs);
      return { id: arn, computed: { owner: cloud.account } };
    },
    now: async (outputs) =>
      propertiesNow(
        { policy: "Policy" },
        outputs,
        xmlEntries(await call("GetTopicAttributes", { TopicArn: String(outputs["arn"]) }, outputs)),
      ),
    async update(outputs, news) {
      await setTopic(String(outputs["arn"]), attributesOf({ policy: "Policy" }, news), news);
      return {};
    },
    delete: (outputs) =>
      setTopic(
        String(outputs["arn"]),
        { Policy: ownersOnly(String(outputs["arn"]), cloud.account) },
        outputs,
      ),
  });

  const topicSubscription = standInOf({
    type: "aws:sns/topicSubscription:TopicSubscription",
    computed: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
    replaces: ["topic", "protocol", "endpoint", "region"],
    async create(inputs) {
      const parameters = {
        TopicArn: String(inputs["topic"]),
        Protocol: String(inputs["protocol"]),
        Endpoint: String(inputs["endpoint"]),
        ReturnSubscriptionArn: "true",
        ...entries("Attributes.entry", "key", "value", attributesOf(SUBSCRIPTION, inputs)),
      };
      const arn = xmlElement(await call("Subscribe", parameters, inputs), "SubscriptionArn") ?? "";
      const told = { confirmationWasAuthenticated: true, ownerId: cloud.account, pendingConfirmation: false };
      return { id: arn, computed: { arn, ...told } };
    },
    now: async (outputs) =>
      propertiesNow(
        SUBSCRIPTION,
        outputs,
        xmlEntries(
          await call("GetSubscriptionAttributes", { SubscriptionArn: String(outputs["arn"]) }, outputs),
        ),
      ),
    async update(outputs, news) {
      for (const [AttributeName, AttributeValue] of Object.entries(
        changedAttributes(SUBSCRIPTION, outputs, news),
      )) {
        const parameters = { SubscriptionArn: String(outputs["arn"]), AttributeName, AttributeValue };
        await call("SetSubscriptionAttributes", parameters, news);
      }
      return {};
    },
    delete: (outputs) => call("Unsubscribe", { SubscriptionArn: String(outputs["arn"]) }, outputs),
  });

  return [topic, topicPolicy, topicSubscription];
}

/** A list of pairs as the query protocol writes it. */
const entries = (list: string, key: string, value: string, map: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(map).flatMap(([name, text], index) => [
      [`${list}.${index + 1}.${key}`, name],
      [`${list}.${index + 1}.${value}`, text],
    ]),
  );

/** What a topic has without a policy of its own, in short. */
const ownersOnly = (topicArn: string, account: string) =>
  JSON.stringify({
    Version: "2008-10-17",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes"],
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });
