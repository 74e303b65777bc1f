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

/** `aws.sqs.Queue` and `QueuePolicy`. */
export function sqsStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const call = (operation: string, input: object, of: PropertyMap) =>
    callJson("sqs", operation, input, cloudOf(cloud, of));
  const attributes = async (queueUrl: string, of: PropertyMap): Promise<Record<string, string>> => {
    const { Attributes } = await call(
      "GetQueueAttributes",
      { QueueUrl: queueUrl, AttributeNames: ["All"] },
      of,
    );
    return Object(Attributes ?? {});
  };
  const set = async (queueUrl: string, Attributes: Record<string, string>, of: PropertyMap) => {
    if (Object.keys(Attributes).length === 0) return;
    await call("SetQueueAttributes", { QueueUrl: queueUrl, Attributes }, of);
  };

  const queue = standInOf({
    type: "aws:sqs/queue:Queue",
    computed: ["arn", "tagsAll", "url"],
    replaces: ["name", "namePrefix", "fifoQueue", "region"],
    check: autoNaming(madeUp),
    async create(inputs) {
      const QueueName = String(inputs["name"]);
      const input = { QueueName, Attributes: attributesOf(QUEUE, inputs), tags: tagsOf(inputs) };
      const url = String((await call("CreateQueue", input, inputs))["QueueUrl"]);
      const arn = (await attributes(url, inputs))["QueueArn"] ?? "";
      return { id: url, computed: { arn, url, tagsAll: tagsOf(inputs) } };
    },
    now: async (outputs) => propertiesNow(QUEUE, outputs, await attributes(String(outputs["url"]), outputs)),
    async update(outputs, news) {
      const QueueUrl = String(outputs["url"]);
      await set(QueueUrl, changedAttributes(QUEUE, outputs, news, DEFAULTS), news);
      const { set: Tags, removed: TagKeys } = changedTags(outputs, news);
      if (Object.keys(Tags).length > 0) await call("TagQueue", { QueueUrl, Tags }, news);
      if (TagKeys.length > 0) await call("UntagQueue", { QueueUrl, TagKeys }, news);
      return { tagsAll: tagsOf(news) };
    },
    delete: (outputs) => call("DeleteQueue", { QueueUrl: String(outputs["url"]) }, outputs),
  });

  const POLICY = { policy: "Policy" };
  const queuePolicy = standInOf({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    computed: [],
    replaces: ["queueUrl", "region"],
    async create(inputs) {
      const id = String(inputs["queueUrl"]);
      await set(id, attributesOf(POLICY, inputs), inputs);
      return { id, computed: {} };
    },
    now: async (outputs) =>
      propertiesNow(POLICY, outputs, {
        Policy: "",
        ...(await attributes(String(outputs["queueUrl"]), outputs)),
      }),
    async update(outputs, news) {
      await set(String(outputs["queueUrl"]), attributesOf(POLICY, news), news);
      return {};
    },
    delete: (outputs) => set(String(outputs["queueUrl"]), { Policy: "" }, outputs),
  });

  return [queue, queuePolicy];
}
