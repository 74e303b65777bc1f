/** Deletes items whose time to live has ended. */
import type { Invocation } from "../operation";
import type { OutputValue } from "../protocols/protocol";
import { arnOf, members, type TableSettings } from "./tables";

/** How often expired items are looked for. AWS says "within a few days". */
const INTERVAL_MS = 3_600_000;
/** AWS keeps items that ended longer ago. */
const OLDEST_SECONDS = 5 * 365 * 86_400;

/** Deletes the expired items of a table, if its time to live is enabled and none were deleted in the last hour. */
export async function deleteExpired(name: string, invocation: Invocation): Promise<void> {
  const { now, cloud } = invocation;
  const { timeToLive } = cloud.tables.settings.get(arnOf(name, invocation)) ?? {};
  if (timeToLive === undefined || now.getTime() - timeToLive.sweptAt.getTime() < INTERVAL_MS) return;
  timeToLive.sweptAt = now;
  await sweep(name, timeToLive, invocation);
}

async function sweep(
  TableName: string,
  { attribute }: NonNullable<TableSettings["timeToLive"]>,
  invocation: Invocation,
): Promise<void> {
  const { tables } = invocation.cloud;
  const { Table } = await tables.call("DescribeTable", { TableName }, invocation);
  const keys = list(members(Table)["KeySchema"]).map((key) => String(members(key)["AttributeName"]));
  const seconds = Math.floor(invocation.now.getTime() / 1_000);
  const expired = {
    ExpressionAttributeNames: { "#end": attribute },
    ExpressionAttributeValues: {
      ":oldest": { N: `${seconds - OLDEST_SECONDS}` },
      ":now": { N: `${seconds}` },
    },
  };
  const condition = "#end BETWEEN :oldest AND :now";
  let ExclusiveStartKey: OutputValue;
  do {
    const page = await tables.call(
      "Scan",
      { TableName, ...expired, FilterExpression: condition, ExclusiveStartKey },
      invocation,
    );
    for (const item of list(page["Items"])) {
      const Key = Object.fromEntries(keys.map((key) => [key, members(item)[key]]));
      await tables
        .call("DeleteItem", { TableName, Key, ...expired, ConditionExpression: condition }, invocation)
        .catch(unlessChanged);
    }
    ExclusiveStartKey = page["LastEvaluatedKey"];
  } while (ExclusiveStartKey !== undefined);
}

/** An item that got a later end meanwhile stays. */
function unlessChanged(error: { code?: string }): void {
  if (error.code !== "ConditionalCheckFailedException") throw error;
}

const list = (value: OutputValue): readonly OutputValue[] => (Array.isArray(value) ? value : []);
