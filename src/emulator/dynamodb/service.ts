import { awsJsonService } from "../service";
import { describeContinuousBackups, updateContinuousBackups } from "./continuousBackups";
import { createTable } from "./createTable";
import { deleteTable } from "./deleteTable";
import { describeTable } from "./describeTable";
import { describeTimeToLive } from "./describeTimeToLive";
import { forwarded } from "./forwarded";
import { updateTable } from "./updateTable";
import { updateTimeToLive } from "./updateTimeToLive";

/** DynamoDB, API version 2012-08-10, by dynalite: tables and items, and of a table what the `aws` provider asks for. */
export const dynamodb = awsJsonService({
  name: "dynamodb",
  targetPrefix: "DynamoDB_20120810",
  version: "1.0",
  operations: [
    createTable,
    describeTable,
    updateTable,
    deleteTable,
    updateTimeToLive,
    describeTimeToLive,
    describeContinuousBackups,
    updateContinuousBackups,
    ...[
      "BatchGetItem",
      "BatchWriteItem",
      "DeleteItem",
      "GetItem",
      "ListTables",
      "ListTagsOfResource",
      "PutItem",
      "Query",
      "Scan",
      "TagResource",
      "UntagResource",
      "UpdateItem",
    ].map(forwarded),
  ],
});
