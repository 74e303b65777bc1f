import { isDeepStrictEqual } from "node:util";
import type { PropertyMap, PropertyValue, StandIn } from "../../engine";
import { AwsCallError, callJson } from "../emulatorClient";
import { autoNaming, type Cloud, cloudOf, type MadeUp, standInOf } from "./cloud";
import { changedTags, tagsOf } from "./tags";

type Call = (operation: string, input: object, of: PropertyMap) => Promise<Record<string, unknown>>;

/** `aws.dynamodb.Table` and `TableItem`. */
export function dynamodbStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const call: Call = (operation, input, of) => callJson("dynamodb", operation, input, cloudOf(cloud, of));
  return [tableStandIn(call, madeUp), tableItemStandIn(call)];
}

function tableStandIn(call: Call, madeUp: MadeUp): StandIn {
  return standInOf({
    type: "aws:dynamodb/table:Table",
    computed: ["arn", "tagsAll"],
    replaces: ["name", "hashKey", "rangeKey", "localSecondaryIndexes", "region"],
    check: autoNaming(madeUp),
    async create(inputs) {
      const TableName = String(inputs["name"]);
      const input = {
        ...{ TableName, KeySchema: keySchema(inputs), AttributeDefinitions: attributesOf(inputs) },
        ...{ LocalSecondaryIndexes: indexesOf(inputs["localSecondaryIndexes"]) },
        ...{ GlobalSecondaryIndexes: indexesOf(inputs["globalSecondaryIndexes"]) },
        ...Object.assign({}, ...Object.values(settingsOf(inputs))),
        ...{ Tags: Object.entries(tagsOf(inputs)).map(([Key, Value]) => ({ Key, Value })) },
      };
      const { TableDescription } = await call("CreateTable", input, inputs);
      await applyTimeToLive(call, {}, inputs);
      await applyRecovery(call, {}, inputs);
      const arn = String(Object(TableDescription).TableArn);
      return { id: TableName, computed: { arn, tagsAll: tagsOf(inputs) } };
    },
    now: (outputs) => tableNow(call, outputs),
    async update(outputs, news) {
      const [before, after] = [settingsOf(outputs), settingsOf(news)];
      const changed = Object.entries(after).filter(([group, now]) => !same(before[group], now));
      if (changed.length > 0) {
        const input = Object.assign({}, ...changed.map(([, members]) => members));
        await call("UpdateTable", { TableName: news["name"], ...input }, news);
      }
      if (!same(outputs["globalSecondaryIndexes"], news["globalSecondaryIndexes"]))
        throw new Error("the stand-in for tables does not change indexes");
      await applyTimeToLive(call, outputs, news);
      await applyRecovery(call, outputs, news);
      const { set, removed } = changedTags(outputs, news);
      const ResourceArn = outputs["arn"];
      const Tags = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
      if (Tags.length > 0) await call("TagResource", { ResourceArn, Tags }, news);
      if (removed.length > 0) await call("UntagResource", { ResourceArn, TagKeys: removed }, news);
      return { tagsAll: tagsOf(news) };
    },
    delete: (outputs) => call("DeleteTable", { TableName: outputs["name"] }, outputs),
  });
}

const keySchema = ({ hashKey, rangeKey }: PropertyMap) => [
  { AttributeName: hashKey, KeyType: "HASH" },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" }]),
];

const attributesOf = ({ attributes }: PropertyMap) =>
  list(attributes).map(({ name, type }) => ({ AttributeName: name, AttributeType: type }));

function indexesOf(indexes: PropertyValue | undefined) {
  if (indexes === undefined) return undefined;
  return list(indexes).map((index) => ({
    IndexName: index["name"],
    KeySchema: keySchema(index),
    Projection: { ProjectionType: index["projectionType"], NonKeyAttributes: index["nonKeyAttributes"] },
  }));
}

/** The members of CreateTable and UpdateTable for what can be changed, in groups that are changed as one. */
function settingsOf(properties: PropertyMap): Record<string, object> {
  const { billingMode = "PROVISIONED", readCapacity, writeCapacity } = properties;
  const capacity = { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity };
  const { enabled, kmsKeyArn } = Object(properties["serverSideEncryption"] ?? {});
  return {
    billing: {
      BillingMode: billingMode,
      ...(billingMode === "PROVISIONED" && { ProvisionedThroughput: capacity }),
    },
    encryption: {
      SSESpecification:
        enabled === true
          ? { Enabled: true, SSEType: "KMS", ...(kmsKeyArn !== undefined && { KMSMasterKeyId: kmsKeyArn }) }
          : { Enabled: false },
    },
    protection: { DeletionProtectionEnabled: properties["deletionProtectionEnabled"] === true },
    tableClass: { TableClass: properties["tableClass"] ?? "STANDARD" },
  };
}

async function applyTimeToLive(call: Call, olds: PropertyMap, news: PropertyMap): Promise<void> {
  const [before, after] = [timeToLiveOf(olds), timeToLiveOf(news)];
  if (before === after) return;
  const set = (Enabled: boolean, AttributeName: string) => {
    const input = { TableName: news["name"], TimeToLiveSpecification: { Enabled, AttributeName } };
    return call("UpdateTimeToLive", input, news);
  };
  if (before !== undefined) await set(false, before);
  if (after !== undefined) await set(true, after);
}

/** The name of the attribute, when it is enabled. */
function timeToLiveOf({ ttl }: PropertyMap): string | undefined {
  const { enabled, attributeName } = Object(ttl ?? {});
  return enabled === true ? String(attributeName) : undefined;
}

async function applyRecovery(call: Call, olds: PropertyMap, news: PropertyMap): Promise<void> {
  const [before, after] = [olds["pointInTimeRecovery"], news["pointInTimeRecovery"]];
  if (same(before, after)) return;
  const { enabled = false, recoveryPeriodInDays } = Object(after ?? {});
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: enabled,
    ...(enabled === true && { RecoveryPeriodInDays: recoveryPeriodInDays }),
  };
  await call("UpdateContinuousBackups", { TableName: news["name"], PointInTimeRecoverySpecification }, news);
}

/** The properties that are declared, as they are in AWS. */
async function tableNow(call: Call, outputs: PropertyMap): Promise<PropertyMap> {
  const input = { TableName: outputs["name"] };
  const table = Object((await call("DescribeTable", input, outputs))["Table"]);
  const timeToLive = Object((await call("DescribeTimeToLive", input, outputs))["TimeToLiveDescription"]);
  const backups = Object(
    (await call("DescribeContinuousBackups", input, outputs))["ContinuousBackupsDescription"],
  );
  const recovery = Object(backups.PointInTimeRecoveryDescription);
  const now: PropertyMap = {
    billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
    readCapacity: table.ProvisionedThroughput.ReadCapacityUnits,
    writeCapacity: table.ProvisionedThroughput.WriteCapacityUnits,
    serverSideEncryption: {
      enabled: table.SSEDescription !== undefined,
      kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn,
    },
    deletionProtectionEnabled: table.DeletionProtectionEnabled,
    tableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
    ttl: {
      enabled: timeToLive.TimeToLiveStatus === "ENABLED",
      attributeName: timeToLive.AttributeName,
    },
    pointInTimeRecovery: {
      enabled: recovery.PointInTimeRecoveryStatus === "ENABLED",
      recoveryPeriodInDays: recovery.RecoveryPeriodInDays,
    },
  };
  return { ...outputs, ...declared(outputs, now) };
}

/** Those of the values whose properties are set, of nested ones too. */
function declared(properties: PropertyMap, now: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]) => {
      const known = properties[name];
      if (known === undefined || value === undefined) return [];
      return [
        [name, isMap(known) && isMap(value) ? { ...known, ...declared(known, value) } : value] as const,
      ];
    }),
  );
}

function tableItemStandIn(call: Call): StandIn {
  const keyOf = ({ hashKey, rangeKey, item }: PropertyMap): PropertyMap => {
    const attributes: PropertyMap = JSON.parse(String(item));
    return Object.fromEntries(
      Object.entries(attributes).filter(([name]) => name === hashKey || name === rangeKey),
    );
  };
  const put = (properties: PropertyMap, more: object = {}) => {
    const Item = JSON.parse(String(properties["item"]));
    return call("PutItem", { TableName: properties["tableName"], Item, ...more }, properties);
  };
  const remove = (properties: PropertyMap) =>
    call("DeleteItem", { TableName: properties["tableName"], Key: keyOf(properties) }, properties);
  return standInOf({
    type: "aws:dynamodb/tableItem:TableItem",
    computed: [],
    replaces: ["tableName", "hashKey", "rangeKey", "region"],
    async create(inputs) {
      await put(inputs, {
        ConditionExpression: "attribute_not_exists(#key)",
        ExpressionAttributeNames: { "#key": inputs["hashKey"] },
      });
      return { id: [inputs["tableName"], JSON.stringify(keyOf(inputs))].join("|"), computed: {} };
    },
    async now(outputs) {
      const input = { TableName: outputs["tableName"], Key: keyOf(outputs), ConsistentRead: true };
      const { Item } = await call("GetItem", input, outputs);
      if (Item === undefined) throw new AwsCallError("NotFound", 404, "There is no such item");
      const item = JSON.stringify(Item);
      return same(JSON.parse(String(outputs["item"])), Item as PropertyValue)
        ? outputs
        : { ...outputs, item };
    },
    async update(outputs, news) {
      await put(news);
      if (!same(keyOf(outputs), keyOf(news))) await remove(outputs);
      return {};
    },
    delete: remove,
  });
}

const isMap = (value: PropertyValue | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const list = (value: PropertyValue | undefined): PropertyMap[] =>
  Array.isArray(value) ? value.filter(isMap) : [];

/** Whether two values are equal, whatever the order of their keys. */
const same: (a: unknown, b: unknown) => boolean = isDeepStrictEqual;
