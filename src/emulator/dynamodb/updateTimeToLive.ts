import { AwsError } from "../errors";
import { operation } from "../operation";
import { boolean, string, structure } from "../shapes";
import { arnOf, findTable, tableName } from "./tables";

const specification = structure({ Enabled: boolean, AttributeName: string({ min: 1, max: 255 }) }, [
  "Enabled",
  "AttributeName",
]);

/** It counts at once. AWS takes up to an hour, in which it refuses another change. */
export const updateTimeToLive = operation(
  {
    name: "UpdateTimeToLive",
    input: structure({ TableName: tableName, TimeToLiveSpecification: specification }, [
      "TableName",
      "TimeToLiveSpecification",
    ]),
  },
  async ({ TableName, TimeToLiveSpecification }, invocation) => {
    const { Enabled, AttributeName } = TimeToLiveSpecification;
    const { name, settings } = await findTable(TableName, "UpdateTimeToLive", invocation);
    const enabled = settings.timeToLive?.attribute;
    if (Enabled === (enabled !== undefined)) {
      const state = Enabled ? "enabled" : "disabled";
      throw new AwsError("ValidationException", 400, `TimeToLive is already ${state}`);
    }
    if (!Enabled && AttributeName !== enabled) {
      const reason = "TimeToLive is active on a different AttributeName";
      throw new AwsError("ValidationException", 400, `${reason}: current AttributeName is ${enabled}`);
    }
    invocation.cloud.tables.settings.set(arnOf(name, invocation), {
      ...settings,
      timeToLive: Enabled ? { attribute: AttributeName, sweptAt: invocation.now } : undefined,
    });
    return { TimeToLiveSpecification: { Enabled, AttributeName } };
  },
);
