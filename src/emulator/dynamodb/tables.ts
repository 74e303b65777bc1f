/** DynamoDB's tables: dynalite in a worker thread, and beside it what AWS keeps of a table and dynalite does not. */
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import type { Output, OutputValue } from "../protocols/protocol";
import { string } from "../shapes";
import { WorkerThread } from "../workerThread";

/** What AWS keeps of a table beside what dynalite does. */
export interface TableSettings {
  /** When expired items were last deleted, on the emulator's clock. */
  timeToLive?: { readonly attribute: string; sweptAt: Date } | undefined;
  encryption?: { readonly keyArn: string } | undefined;
  tableClass?: string | undefined;
  pointInTimeRecovery?: { readonly since: Date; readonly days: number } | undefined;
  deletionProtected: boolean;
}

export class Tables {
  private readonly dynalite = new WorkerThread({
    services: "DynamoDB",
    installed: "dynalite@4",
    file: "dynamodb/dynalite.worker.js",
  });
  /** By the tables' ARNs. */
  readonly settings = new Map<string, TableSettings>();

  /** Has dynalite answer. Throws what it answers as an error. */
  async call(operation: string, input: object, { caller, region }: Invocation): Promise<Output> {
    const { account } = caller;
    const { status, body } = await this.dynalite.send({
      account,
      region,
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "x-amz-date": "20000101T000000Z",
        authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
      },
      payload: JSON.stringify(input),
    });
    const answer: unknown = JSON.parse(body);
    if (status === 200) return isOutput(answer) ? answer : {};
    const { __type, message, Message = message } = Object(answer);
    throw new AwsError(String(__type).replace(/^.*#/, ""), status, String(Message ?? __type));
  }

  close(): Promise<void> {
    return this.dynalite.close();
  }
}

// dynalite answers TagResource with an empty text.
export const isOutput = (value: unknown): value is Output => typeof value === "object" && value !== null;

/** A table's name or ARN. */
export const tableName = string({ min: 1, max: 1024 });

/** The name of a table of the caller's account and region. Another's is refused, since there are no resource policies. */
export function nameOf(nameOrArn: string, operation: string, { caller, region }: Invocation): string {
  if (!nameOrArn.startsWith("arn:")) return nameOrArn;
  const [, itsRegion, account, name] =
    /^arn:aws:dynamodb:([^:]*):(\d{12}):table\/([^/]+)$/.exec(nameOrArn) ?? [];
  if (name === undefined) throw new AwsError("ValidationException", 400, "Invalid table ARN");
  if (itsRegion !== region)
    throw new AwsError(
      "ValidationException",
      400,
      `The table is in ${itsRegion}, and the call goes to ${region}`,
    );
  if (account !== caller.account) {
    throw new AwsError(
      "AccessDeniedException",
      400,
      `User: ${caller.arn} is not authorized to perform: dynamodb:${operation} on resource: ${nameOrArn} ` +
        `because no resource-based policy allows the dynamodb:${operation} action`,
    );
  }
  return name;
}

export const arnOf = (name: string, { caller, region }: Invocation): string =>
  `arn:aws:dynamodb:${region}:${caller.account}:table/${name}`;

export interface Table {
  readonly name: string;
  readonly settings: TableSettings;
  /** As dynalite describes it. */
  readonly description: Output;
}

/** Throws ResourceNotFoundException when there is none. */
export async function findTable(
  nameOrArn: string,
  operation: string,
  invocation: Invocation,
): Promise<Table> {
  const { tables } = invocation.cloud;
  const name = nameOf(nameOrArn, operation, invocation);
  const { Table } = await tables.call("DescribeTable", { TableName: name }, invocation);
  const settings = tables.settings.get(arnOf(name, invocation)) ?? { deletionProtected: false };
  return { name, settings, description: members(Table) };
}

/** Waits, without a pause, until dynalite has done what it does after its answer. */
export async function waitUntilActive(name: string, invocation: Invocation): Promise<void> {
  for (;;) {
    const { description } = await findTable(name, "DescribeTable", invocation);
    if (description["TableStatus"] === "ACTIVE") return;
  }
}

/** As every operation answers it. */
export function flatten({ description, settings }: Omit<Table, "name">): Output {
  const { encryption, tableClass, deletionProtected } = settings;
  return {
    ...description,
    DeletionProtectionEnabled: deletionProtected,
    SSEDescription: encryption && {
      Status: "ENABLED",
      SSEType: "KMS",
      KMSMasterKeyArn: encryption.keyArn,
    },
    TableClassSummary: tableClass === undefined ? undefined : { TableClass: tableClass },
  };
}

export const members = (value: OutputValue | undefined): Output =>
  isOutput(value) && !Array.isArray(value) ? value : {};
