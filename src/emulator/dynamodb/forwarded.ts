/** The operations that dynalite answers, with tables named by ARN as AWS lets them be, and expired items deleted. */
import { AwsError } from "../errors";
import type { Invocation, Operation } from "../operation";
import type { Output } from "../protocols/protocol";
import { deleteExpired } from "./expiry";
import { readAll } from "./input";
import { members, nameOf } from "./tables";

/** What AWS has and dynalite would silently leave out. */
const NOT_EMULATED: Readonly<Record<string, readonly string[]>> = {
  CreateTable: ["StreamSpecification", "ResourcePolicy", "OnDemandThroughput", "WarmThroughput"],
  UpdateTable: ["StreamSpecification", "ReplicaUpdates", "OnDemandThroughput", "WarmThroughput"],
  PutItem: ["ReturnValuesOnConditionCheckFailure"],
  UpdateItem: ["ReturnValuesOnConditionCheckFailure"],
  DeleteItem: ["ReturnValuesOnConditionCheckFailure"],
};

/** Throws for what would be ignored. */
export function refuseMissing(operation: string, input: Output): void {
  const missing = NOT_EMULATED[operation]?.find((name) => input[name] !== undefined && input[name] !== null);
  if (missing === undefined) return;
  throw new AwsError("ValidationException", 400, `The embedded AWS has no ${missing} of ${operation}`);
}

/** An operation on items or tags. */
export const forwarded = (name: string): Operation<undefined> => ({
  name,
  route: undefined,
  async run(read, invocation) {
    const input = readAll(read);
    refuseMissing(name, input);
    const named = namedTables(input, name, invocation);
    for (const table of named.keys()) await deleteExpired(table, invocation);
    const output = await invocation.cloud.tables.call(
      name,
      renamed(input, (given) => nameOf(given, name, invocation)),
      invocation,
    );
    // A batch answers by the names that it was given.
    return renamed(output, (table) => named.get(table) ?? table);
  },
});

/** How the input names each table that it is about. */
function namedTables(input: Output, operation: string, invocation: Invocation): Map<string, string> {
  const { TableName, ResourceArn, RequestItems } = input;
  const given = [TableName, ResourceArn].filter((value) => typeof value === "string");
  const all = [...given, ...Object.keys(members(RequestItems))];
  return new Map(all.map((item) => [nameOf(item, operation, invocation), item]));
}

const BY_TABLE = ["RequestItems", "Responses", "UnprocessedKeys", "UnprocessedItems"];

/** The input or output of an operation, with other names for its tables. */
function renamed(value: Output, rename: (name: string) => string): Output {
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => {
      if (member === "TableName" && typeof item === "string") return [member, rename(item)];
      if (!BY_TABLE.includes(member)) return [member, item];
      return [
        member,
        Object.fromEntries(Object.entries(members(item)).map(([key, of]) => [rename(key), of])),
      ];
    }),
  );
}
