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

const POLICY: AttributeNames = { policy: "Policy" };

type Call = (operation: string, parameters: Record<string, string>, of: PropertyMap) => Promise<string>;

/** `aws.sns.Topic`, `TopicPolicy` and `TopicSubscription`. */
export function snsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const call: Call = (operation, parameters, of) =>
    callQuery({ service: "sns", operation, version: "2010-03-31" }, parameters, cloudOf(cloud, of));
  const { account } = cloud;
  return [
    topicStandIn(call, account, madeUp),
    topicPolicyStandIn(call, account),
    subscriptionStandIn(call, account),
  ];
}

async function setTopic(
  call: Call,
  arn: string,
  attributes: Record<string, string>,
  of: PropertyMap,
): Promise<void> {
  for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
    await call("SetTopicAttributes", { TopicArn: arn, AttributeName, AttributeValue }, of);
  }
}

/** The properties of a topic, or of its policy, as they are now. */
const topicNow = async (call: Call, names: AttributeNames, outputs: PropertyMap): Promise<PropertyMap> =>
  propertiesNow(
    names,
    outputs,
    xmlEntries(await call("GetTopicAttributes", { TopicArn: String(outputs["arn"]) }, outputs)),
  );

function topicStandIn(call: Call, account: string, madeUp: MadeUp): StandIn {
  return standInOf({
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
      return { id: arn, computed: { arn, owner: account, tagsAll: tagsOf(inputs) } };
    },
    now: (outputs) => topicNow(call, TOPIC, outputs),
    async update(outputs, news) {
      const arn = String(outputs["arn"]);
      await setTopic(call, arn, changedAttributes(TOPIC, outputs, news), news);
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
}

function topicPolicyStandIn(call: Call, account: string): StandIn {
  return standInOf({
    type: "aws:sns/topicPolicy:TopicPolicy",
    computed: ["owner"],
    replaces: ["arn", "region"],
    async create(inputs) {
      const arn = String(inputs["arn"]);
      await setTopic(call, arn, attributesOf(POLICY, inputs), inputs);
      return { id: arn, computed: { owner: account } };
    },
    now: (outputs) => topicNow(call, POLICY, outputs),
    async update(outputs, news) {
      await setTopic(call, String(outputs["arn"]), attributesOf(POLICY, news), news);
      return {};
    },
    delete: (outputs) =>
      setTopic(
        call,
        String(outputs["arn"]),
        { Policy: ownersOnly(String(outputs["arn"]), account) },
        outputs,
      ),
  });
}

function subscriptionStandIn(call: Call, account: string): StandIn {
  return standInOf({
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
      const confirmed = { confirmationWasAuthenticated: true, ownerId: account, pendingConfirmation: false };
      return { id: arn, computed: { arn, ...confirmed } };
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
