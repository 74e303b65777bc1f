import type { PropertyMap, StandIn } from "../../engine";
import { callJson } from "../emulatorClient";
import { type AttributeNames, attributesOf, changedAttributes, propertiesNow } from "./attributes";
import { autoNaming, type Cloud, cloudOf, type MadeUp, standInOf } from "./cloud";
import { changedTags, tagsOf } from "./tags";

// Without those that fauxqs does not play: redriveAllowPolicy and sqsManagedSseEnabled stay as they are declared.
const QUEUE: AttributeNames = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  delaySeconds: "DelaySeconds",
  fifoQueue: "FifoQueue",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redrivePolicy: "RedrivePolicy",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

const DEFAULTS = {
  DelaySeconds: "0",
  KmsDataKeyReusePeriodSeconds: "300",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
};

const POLICY: AttributeNames = { policy: "Policy" };

/** The attributes of queues. */
interface Attributes {
  get(queueUrl: string, of: PropertyMap): Promise<Record<string, string>>;
  set(queueUrl: string, attributes: Record<string, string>, of: PropertyMap): Promise<void>;
}

type Call = (operation: string, input: object, of: PropertyMap) => Promise<Record<string, unknown>>;

/** `aws.sqs.Queue` and `QueuePolicy`. */
export function sqsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const call: Call = (operation, input, of) => callJson("sqs", operation, input, cloudOf(cloud, of));
  const attributes: Attributes = {
    async get(QueueUrl, of) {
      const input = { QueueUrl, AttributeNames: ["All"] };
      return Object((await call("GetQueueAttributes", input, of))["Attributes"] ?? {});
    },
    async set(QueueUrl, Attributes, of) {
      if (Object.keys(Attributes).length > 0) await call("SetQueueAttributes", { QueueUrl, Attributes }, of);
    },
  };
  return [queueStandIn(call, attributes, madeUp), queuePolicyStandIn(attributes)];
}

function queueStandIn(call: Call, attributes: Attributes, madeUp: MadeUp): StandIn {
  return standInOf({
    type: "aws:sqs/queue:Queue",
    computed: ["arn", "tagsAll", "url"],
    replaces: ["name", "namePrefix", "fifoQueue", "region"],
    check: autoNaming(madeUp),
    async create(inputs) {
      const QueueName = String(inputs["name"]);
      const input = { QueueName, Attributes: attributesOf(QUEUE, inputs), tags: tagsOf(inputs) };
      const url = String((await call("CreateQueue", input, inputs))["QueueUrl"]);
      const arn = (await attributes.get(url, inputs))["QueueArn"] ?? "";
      return { id: url, computed: { arn, url, tagsAll: tagsOf(inputs) } };
    },
    now: async (outputs) =>
      propertiesNow(QUEUE, outputs, await attributes.get(String(outputs["url"]), outputs)),
    async update(outputs, news) {
      const QueueUrl = String(outputs["url"]);
      await attributes.set(QueueUrl, changedAttributes(QUEUE, outputs, news, DEFAULTS), news);
      const { set: Tags, removed: TagKeys } = changedTags(outputs, news);
      if (Object.keys(Tags).length > 0) await call("TagQueue", { QueueUrl, Tags }, news);
      if (TagKeys.length > 0) await call("UntagQueue", { QueueUrl, TagKeys }, news);
      return { tagsAll: tagsOf(news) };
    },
    delete: (outputs) => call("DeleteQueue", { QueueUrl: String(outputs["url"]) }, outputs),
  });
}

function queuePolicyStandIn(attributes: Attributes): StandIn {
  return standInOf({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    computed: [],
    replaces: ["queueUrl", "region"],
    async create(inputs) {
      const id = String(inputs["queueUrl"]);
      await attributes.set(id, attributesOf(POLICY, inputs), inputs);
      return { id, computed: {} };
    },
    now: async (outputs) =>
      propertiesNow(POLICY, outputs, {
        Policy: "",
        ...(await attributes.get(String(outputs["queueUrl"]), outputs)),
      }),
    async update(outputs, news) {
      await attributes.set(String(outputs["queueUrl"]), attributesOf(POLICY, news), news);
      return {};
    },
    delete: (outputs) => attributes.set(String(outputs["queueUrl"]), { Policy: "" }, outputs),
  });
}
