import { operation } from "../operation";
import { structure } from "../shapes";
import { findTable, tableName } from "./tables";

export const describeTimeToLive = operation(
  { name: "DescribeTimeToLive", input: structure({ TableName: tableName }, ["TableName"]) },
  async ({ TableName }, invocation) => {
    const { settings } = await findTable(TableName, "DescribeTimeToLive", invocation);
    const { timeToLive } = settings;
    return {
      TimeToLiveDescription: timeToLive
        ? { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive.attribute }
        : { TimeToLiveStatus: "DISABLED" },
    };
  },
);
