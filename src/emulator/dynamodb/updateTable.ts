import type { Operation } from "../operation";
import type { Output } from "../protocols/protocol";
import { structure } from "../shapes";
import { refuseMissing } from "./forwarded";
import { readAll, readMembers } from "./input";
import { changedSettings, settingsMembers } from "./settings";
import { arnOf, findTable, flatten, members, tableName, waitUntilActive } from "./tables";

const input = structure({ ...settingsMembers, TableName: tableName }, ["TableName"]);

/** The change is made as soon as the call is answered. */
export const updateTable: Operation<undefined> = {
  name: "UpdateTable",
  route: undefined,
  async run(read, invocation) {
    const { tables } = invocation.cloud;
    const given = readAll(read);
    refuseMissing("UpdateTable", given);
    const { TableName, ...more } = readMembers(input, read);
    const { name, settings, description } = await findTable(TableName, "UpdateTable", invocation);
    const changed = changedSettings(settings, more, invocation);
    // dynalite refuses a change of what it does not know.
    const onlyOurs = Object.values(more).some((value) => value !== undefined) && !isDynalites(given);
    const updated = onlyOurs
      ? description
      : members(
          (await tables.call("UpdateTable", { ...given, TableName: name }, invocation))["TableDescription"],
        );
    tables.settings.set(arnOf(name, invocation), changed);
    await waitUntilActive(name, invocation);
    return { TableDescription: flatten({ description: updated, settings: changed }) };
  },
};

const isDynalites = (input: Output): boolean =>
  ["ProvisionedThroughput", "BillingMode", "GlobalSecondaryIndexUpdates"].some((name) => name in input);
