/** Whether a table could be restored to a point in time. The embedded AWS restores none. */
import type { Invocation } from "../operation";
import { operation } from "../operation";
import { boolean, integer, structure } from "../shapes";
import { arnOf, findTable, type TableSettings, tableName } from "./tables";

const DEFAULT_DAYS = 35;

const flattenBackups = ({ pointInTimeRecovery }: TableSettings, { now }: Pick<Invocation, "now">) => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription: pointInTimeRecovery
      ? {
          PointInTimeRecoveryStatus: "ENABLED",
          RecoveryPeriodInDays: pointInTimeRecovery.days,
          EarliestRestorableDateTime: pointInTimeRecovery.since,
          LatestRestorableDateTime: now,
        }
      : { PointInTimeRecoveryStatus: "DISABLED" },
  },
});

export const describeContinuousBackups = operation(
  { name: "DescribeContinuousBackups", input: structure({ TableName: tableName }, ["TableName"]) },
  async ({ TableName }, invocation) => {
    const { settings } = await findTable(TableName, "DescribeContinuousBackups", invocation);
    return flattenBackups(settings, invocation);
  },
);

const specification = structure(
  { PointInTimeRecoveryEnabled: boolean, RecoveryPeriodInDays: integer({ min: 1, max: 35 }) },
  ["PointInTimeRecoveryEnabled"],
);

export const updateContinuousBackups = operation(
  {
    name: "UpdateContinuousBackups",
    input: structure({ TableName: tableName, PointInTimeRecoverySpecification: specification }, [
      "TableName",
      "PointInTimeRecoverySpecification",
    ]),
  },
  async ({ TableName, PointInTimeRecoverySpecification: given }, invocation) => {
    const { name, settings } = await findTable(TableName, "UpdateContinuousBackups", invocation);
    const { since } = settings.pointInTimeRecovery ?? { since: invocation.now };
    const changed: TableSettings = {
      ...settings,
      pointInTimeRecovery: given.PointInTimeRecoveryEnabled
        ? { since, days: given.RecoveryPeriodInDays ?? DEFAULT_DAYS }
        : undefined,
    };
    invocation.cloud.tables.settings.set(arnOf(name, invocation), changed);
    return flattenBackups(changed, invocation);
  },
);
