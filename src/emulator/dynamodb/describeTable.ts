import { operation } from "../operation";
import { structure } from "../shapes";
import { findTable, flatten, tableName } from "./tables";

export const describeTable = operation(
  { name: "DescribeTable", input: structure({ TableName: tableName }, ["TableName"]) },
  async ({ TableName }, invocation) => ({
    Table: flatten(await findTable(TableName, "DescribeTable", invocation)),
  }),
);
