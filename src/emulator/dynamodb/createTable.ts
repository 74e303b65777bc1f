import type { Operation } from "../operation";
import { structure } from "../shapes";
import { refuseMissing } from "./forwarded";
import { readAll, readMembers } from "./input";
import { changedSettings, settingsMembers, tags } from "./settings";
import { arnOf, flatten, members, waitUntilActive } from "./tables";

const input = structure({ ...settingsMembers, Tags: tags }, []);

/** The table is ACTIVE as soon as the call is answered. */
export const createTable: Operation<undefined> = {
  name: "CreateTable",
  route: undefined,
  async run(read, invocation) {
    const { tables } = invocation.cloud;
    const given = readAll(read);
    refuseMissing("CreateTable", given);
    const { Tags = [], ...more } = readMembers(input, read);
    const settings = changedSettings({ deletionProtected: false }, more, invocation);
    const description = members((await tables.call("CreateTable", given, invocation))["TableDescription"]);
    const name = String(description["TableName"]);
    const ResourceArn = arnOf(name, invocation);
    tables.settings.set(ResourceArn, settings);
    await waitUntilActive(name, invocation);
    if (Tags.length > 0) await tables.call("TagResource", { ResourceArn, Tags }, invocation);
    return { TableDescription: flatten({ description, settings }) };
  },
};
