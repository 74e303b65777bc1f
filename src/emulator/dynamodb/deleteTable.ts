import { AwsError } from "../errors";
import { operation } from "../operation";
import { structure } from "../shapes";
import { arnOf, findTable, flatten, tableName } from "./tables";

/** The table is gone as soon as the call is answered. */
export const deleteTable = operation(
  { name: "DeleteTable", input: structure({ TableName: tableName }, ["TableName"]) },
  async ({ TableName }, invocation) => {
    const { tables } = invocation.cloud;
    const { name, settings, description } = await findTable(TableName, "DeleteTable", invocation);
    if (settings.deletionProtected) {
      const reason = "Resource cannot be deleted as it is currently protected against deletion";
      throw new AwsError("ValidationException", 400, `${reason}. Disable deletion protection first.`);
    }
    await tables.call("DeleteTable", { TableName: name }, invocation);
    tables.settings.delete(arnOf(name, invocation));
    const exists = () =>
      findTable(name, "DescribeTable", invocation).then(
        () => true,
        (error) => {
          if (error instanceof AwsError && error.code === "ResourceNotFoundException") return false;
          throw error;
        },
      );
    while (await exists());
    return { TableDescription: { ...flatten({ description, settings }), TableStatus: "DELETING" } };
  },
);
