import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { Fault } from "../../../src/emulator";
import { CUSTOMER, failure, PARTNER, roleSession, START, signed, startHarness, useHarness } from "../harness";

let injected: Fault | undefined;
const harness = useHarness({
  intercept: () => injected,
  rateLimits: { "dynamodb:ListTables": { burst: 2, perSecond: 1 } },
});
const client = (account = PARTNER) => harness().dynamodb(account);

const arnOf = (name: string, account = PARTNER, region = "us-east-1") =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;
const mailbox = (TableName: string, more: Partial<CreateTableCommandInput> = {}) =>
  new CreateTableCommand({
    TableName,
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  });
const create = async (name: string, more: Partial<CreateTableCommandInput> = {}, account = PARTNER) => {
  await client(account).send(mailbox(name, more));
  return name;
};
const describeTable = async (TableName: string, account = PARTNER) =>
  (await client(account).send(new DescribeTableCommand({ TableName }))).Table;
const put = (TableName: string, pk: string, more: object = {}) =>
  client().send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, ...more } }));
const get = async (TableName: string, pk: string, account = PARTNER) =>
  (await client(account).send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }))).Item;

describe("a table", () => {
  it("is the caller's account's and region's, ACTIVE at once, and as it was asked for", async () => {
    const { TableDescription } = await client().send(mailbox("made"));
    expect(TableDescription).toMatchObject({ TableName: "made", TableStatus: "CREATING" });
    expect(await describeTable("made")).toMatchObject({
      TableName: "made",
      TableArn: arnOf("made"),
      TableStatus: "ACTIVE",
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      DeletionProtectionEnabled: false,
    });
    expect((await describeTable("made"))?.SSEDescription).toBeUndefined();
    expect(await failure(client().send(mailbox("made")))).toMatchObject({ code: "ResourceInUseException" });
  });

  it("is not there in another account or region", async () => {
    await create("apart");
    await put("apart", "a");
    expect(await failure(describeTable("apart", CUSTOMER))).toMatchObject({
      code: "ResourceNotFoundException",
    });
    const inIreland = signed("dynamodb", { region: "eu-west-1" });
    const response = await fetch(harness().emulator.endpoint, {
      method: "POST",
      headers: {
        ...inIreland,
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.DescribeTable",
      },
      body: JSON.stringify({ TableName: "apart" }),
    });
    expect(await response.json()).toMatchObject({ __type: "ResourceNotFoundException" });

    await create("apart", {}, CUSTOMER);
    expect(await describeTable("apart", CUSTOMER)).toMatchObject({ TableArn: arnOf("apart", CUSTOMER) });
    expect(await get("apart", "a", CUSTOMER)).toBeUndefined();
  });

  it("keeps its key, its class, its protection and its tags", async () => {
    const key = `arn:aws:kms:us-east-1:${PARTNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    await create("kept", {
      SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: key },
      TableClass: "STANDARD_INFREQUENT_ACCESS",
      DeletionProtectionEnabled: true,
      Tags: [{ Key: "team", Value: "backup" }],
    });
    expect(await describeTable("kept")).toMatchObject({
      SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: key },
      TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      DeletionProtectionEnabled: true,
    });
    const tags = async () =>
      (await client().send(new ListTagsOfResourceCommand({ ResourceArn: arnOf("kept") }))).Tags;
    expect(await tags()).toEqual([{ Key: "team", Value: "backup" }]);
    await client().send(
      new TagResourceCommand({ ResourceArn: arnOf("kept"), Tags: [{ Key: "stage", Value: "dev" }] }),
    );
    await client().send(new UntagResourceCommand({ ResourceArn: arnOf("kept"), TagKeys: ["team"] }));
    expect(await tags()).toEqual([{ Key: "stage", Value: "dev" }]);

    expect(await failure(client().send(new DeleteTableCommand({ TableName: "kept" })))).toMatchObject({
      code: "ValidationException",
      message: expect.stringContaining("protected against deletion"),
    });
    await client().send(
      new UpdateTableCommand({
        TableName: "kept",
        SSESpecification: { Enabled: false },
        DeletionProtectionEnabled: false,
      }),
    );
    expect(await describeTable("kept")).toMatchObject({ DeletionProtectionEnabled: false });
    expect((await describeTable("kept"))?.SSEDescription).toBeUndefined();
    await client().send(new DeleteTableCommand({ TableName: "kept" }));
    expect(await failure(describeTable("kept"))).toMatchObject({ code: "ResourceNotFoundException" });
    await create("kept");
    expect(await tags()).toEqual([]);
  });

  it("changes its billing", async () => {
    await create("billed", {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    });
    const { TableDescription } = await client().send(
      new UpdateTableCommand({ TableName: "billed", BillingMode: "PAY_PER_REQUEST" }),
    );
    expect(TableDescription).toMatchObject({ TableName: "billed" });
    expect(await describeTable("billed")).toMatchObject({
      TableStatus: "ACTIVE",
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    });
    expect(await failure(client().send(new UpdateTableCommand({ TableName: "billed" })))).toMatchObject({
      code: "ValidationException",
    });
  });

  it("is named by its ARN as well, in batches too, and another account's is not shared", async () => {
    await create("named");
    const TableName = arnOf("named");
    await put(TableName, "a", { n: { N: "1" } });
    expect(await get(TableName, "a")).toEqual({ pk: { S: "a" }, n: { N: "1" } });
    const keys = (pk: string) => ({ Keys: [{ pk: { S: pk } }] });
    const { Responses, UnprocessedKeys } = await client().send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: keys("a") } }),
    );
    expect({ Responses, UnprocessedKeys }).toEqual({
      Responses: { [TableName]: [{ pk: { S: "a" }, n: { N: "1" } }] },
      UnprocessedKeys: {},
    });
    expect(await describeTable(TableName)).toMatchObject({ TableName: "named" });

    expect(await failure(get(TableName, "a", CUSTOMER))).toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining(`dynamodb:GetItem on resource: ${TableName}`),
    });
    const elsewhere = arnOf("named", PARTNER, "eu-west-1");
    expect(await failure(get(elsewhere, "a"))).toMatchObject({ code: "ValidationException" });
    expect(await failure(get("arn:aws:sqs:us-east-1:1:x", "a"))).toMatchObject({
      code: "ValidationException",
    });
  });

  it("says what its recovery and its time to live are", async () => {
    const TableName = await create("told");
    const backups = new DescribeContinuousBackupsCommand({ TableName });
    const timeToLive = new DescribeTimeToLiveCommand({ TableName });
    const recovery = async () =>
      (await client().send(backups)).ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
    await client().send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await recovery()).toMatchObject({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 35,
      EarliestRestorableDateTime: START,
    });

    const described = async () => (await client().send(timeToLive)).TimeToLiveDescription;
    const update = (Enabled: boolean, AttributeName = "expiresAt") =>
      client().send(
        new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }),
      );
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
    expect(await failure(update(false))).toMatchObject({ message: "TimeToLive is already disabled" });
    await update(true);
    expect(await described()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    expect(await failure(update(true))).toMatchObject({ message: "TimeToLive is already enabled" });
    expect(await failure(update(false, "other"))).toMatchObject({ code: "ValidationException" });
    await update(false);
    expect(await described()).toEqual({ TimeToLiveStatus: "DISABLED" });
  });
});

describe("items", () => {
  it("are written under conditions, of which one of two at once holds", async () => {
    const TableName = await create("conditional");
    const claim = (by: string) =>
      client().send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: "a" } },
          UpdateExpression: "SET #by = :by",
          ConditionExpression: "attribute_not_exists(#by)",
          ExpressionAttributeNames: { "#by": "by" },
          ExpressionAttributeValues: { ":by": { S: by } },
        }),
      );
    const results = await Promise.allSettled(["x", "y", "z"].map(claim));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(await failure(claim("w"))).toMatchObject({
      code: "ConditionalCheckFailedException",
      status: 400,
      message: "The conditional request failed",
    });
  });

  it("are written, found and deleted in batches, by key and by scan", async () => {
    const TableName = await create("batched");
    const RequestItems = {
      [TableName]: ["a", "b", "c"].map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } })),
    };
    await client().send(new BatchWriteItemCommand({ RequestItems }));
    const query = new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :a",
      ExpressionAttributeValues: { ":a": { S: "a" } },
    });
    expect((await client().send(query)).Items).toEqual([{ pk: { S: "a" } }]);
    await client().send(new DeleteItemCommand({ TableName, Key: { pk: { S: "a" } } }));
    expect((await client().send(new ScanCommand({ TableName }))).Count).toBe(2);
  });

  it("are deleted when their time to live has ended, some time after", async () => {
    await using own = await startHarness();
    const dynamodb = own.dynamodb(PARTNER);
    const TableName = "tidy";
    await dynamodb.send(mailbox(TableName));
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
      }),
    );
    const end = START.getTime() / 1_000 + 60;
    const ends = { soon: end, later: end + 86_400, longAgo: end - 6 * 365 * 86_400 };
    for (const [pk, N] of Object.entries(ends)) {
      const Item = { pk: { S: pk }, expiresAt: { N: `${N}` } };
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
    }
    await dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: "never" } } }));
    const keys = async () =>
      (await dynamodb.send(new ScanCommand({ TableName }))).Items?.map(({ pk }) => pk?.S).sort();
    own.clock.advance("2m");
    expect(await keys()).toEqual(["later", "longAgo", "never", "soon"]);
    own.clock.advance("1h");
    expect(await keys()).toEqual(["later", "longAgo", "never"]);
  });
});

describe("what is not there", () => {
  it("fails by its name", async () => {
    expect(await failure(client().send(new TransactWriteItemsCommand({ TransactItems: [] })))).toMatchObject({
      code: "UnknownOperationException",
      message: "The embedded AWS has no operation TransactWriteItems",
    });
    const TableName = await create("refusing");
    expect(
      await failure(
        put(TableName, "a").then(() =>
          client().send(
            new PutItemCommand({
              TableName,
              Item: { pk: { S: "a" } },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        ),
      ),
    ).toMatchObject({
      code: "ValidationException",
      message: "The embedded AWS has no ReturnValuesOnConditionCheckFailure of PutItem",
    });
    expect(
      await failure(client().send(mailbox("streamed", { StreamSpecification: { StreamEnabled: true } }))),
    ).toMatchObject({ message: "The embedded AWS has no StreamSpecification of CreateTable" });
  });
});

describe("a call", () => {
  it("needs credentials that have not expired", async () => {
    const session = await roleSession(harness(), PARTNER, { DurationSeconds: 900 });
    const dynamodb = harness().dynamodb(session);
    await dynamodb.send(mailbox("of-a-role"));
    expect(await describeTable("of-a-role")).toMatchObject({ TableArn: arnOf("of-a-role") });
    harness().clock.advance("900s");
    expect(await failure(dynamodb.send(new DescribeTableCommand({ TableName: "of-a-role" })))).toMatchObject({
      code: "ExpiredTokenException",
      status: 403,
    });
  });

  it("is throttled, and fails as a test asks", async () => {
    const list = () => client().send(new ListTablesCommand({}));
    await list();
    expect((await list()).TableNames).toContain("made");
    expect(await failure(list())).toMatchObject({ code: "ThrottlingException", status: 400 });

    injected = { error: { code: "ProvisionedThroughputExceededException", status: 400 } };
    expect(await failure(get("made", "a"))).toMatchObject({
      code: "ProvisionedThroughputExceededException",
    });
    injected = { drop: true };
    await expect(get("made", "a")).rejects.toThrow(/socket hang up|ECONNRESET/);
    injected = undefined;
    expect(await get("made", "a")).toBeUndefined();
    expect(harness().emulator.calls.at(-1)).toMatchObject({ service: "dynamodb", operation: "GetItem" });
  });
});
