/** Inputs of the fuzz tests: malicious texts and JSON, and a valid call of each operation to put them into. */
import fc from "fast-check";
import { arnOf, CUSTOMER, INSTANCE_ARN, PARTNER, TEMPLATE_ARN } from "./harness";

/** The name of the element in the markup below: a page in which it is a tag was not escaped. */
export const MARKER = "fz";

/** A value for members that AWS's models call sensitive. It must never be in a response or a log. */
export const SECRET = "TopSecret0815";

/** A long text in short form, so that a counterexample stays readable. */
export interface RepeatedText {
  readonly repeat: string;
  readonly times: number;
  readonly closing?: string;
}
export type FuzzText = string | RepeatedText;

export const expand = (text: FuzzText): string =>
  typeof text === "string" ? text : text.repeat.repeat(text.times) + (text.closing ?? "").repeat(text.times);

const STRINGS: readonly FuzzText[] = [
  "",
  `<${MARKER} a="b">'&]]>`,
  `"><script>${MARKER}()</script>`,
  `<![CDATA[<${MARKER}>]]>`,
  `<!DOCTYPE ${MARKER} [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;`,
  "</Message></Error></ErrorResponse>",
  "&#0;&amp;&bogus;&#xD800;",
  "\u0000\u0001\b\u001F\u007F\u0085\u2028\uFFFE\uFFFF",
  "\uD800 and \uDFFF",
  "\u202Ertl\u2066\u200F",
  "a\r\nSet-Cookie: x=1\r\n\r\nHTTP/1.1 200 OK",
  "../../../../etc/passwd",
  "%",
  "%zz%ff%00",
  "__proto__",
  "constructor",
  "toString",
  '{"toString":1,"__proto__":{"length":1}}',
  '[{"Effect":"Allow"}]',
  "null",
  "true",
  "-1",
  "999999999999999999999",
  "1e999",
  "NaN",
  `arn:aws:iam::${PARTNER}:role/x`,
  `arn:aws:sns:us-east-1:${CUSTOMER}:a:b:c`,
  "arn:aws:sqs:::",
  "$&$1`",
  "(a+)+$[",
  { repeat: "x", times: 100_000 },
  { repeat: "<&\uD83D", times: 30_000 },
  { repeat: "*a", times: 5_000 },
  { repeat: '{"a":', times: 100_000, closing: "}" },
];

/** Any character but half a pair. (fast-check's own unit for them takes more than a second for its table of them all.) */
const character = fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map(
  (index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800),
  (text) => {
    const [codePoint = 0, ...more] = [...String(text)].map((one) => Number(one.codePointAt(0)));
    if (text === "" || more.length > 0) throw new RangeError("not one character");
    return codePoint < 0xd800 ? codePoint : codePoint - 0x800;
  },
);

export const fuzzText: fc.Arbitrary<FuzzText> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 1, arbitrary: fc.string({ unit: character }) },
  { weight: 1, arbitrary: fc.string() },
);

/** JSON, valid or not, to replace any value. */
export const fuzzJson: fc.Arbitrary<FuzzText> = fc.oneof(
  fc.constantFrom<FuzzText[]>(
    "null",
    "true",
    "-0",
    "1.5",
    "1e999",
    "123456789012345678901234567890",
    "[]",
    "{}",
    "[null]",
    '[[],{},"x",1]',
    '{"__proto__":{"x":1},"constructor":1,"toString":null}',
    '"\\ud800\\u0000"',
    "NaN",
    "undefined",
    "'single'",
    '"unclosed',
    { repeat: "[", times: 100_000, closing: "]" },
    { repeat: '{"a":', times: 100_000 },
    { repeat: "9", times: 10_000 },
  ),
  fc.json({ depthSize: "small" }),
  fuzzText.map((text) => JSON.stringify(expand(text)).slice(0, 5_000)),
);

/** A valid call in AWS's query protocol. */
export interface QueryCall {
  readonly service: "iam" | "sts" | "sns";
  readonly version: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A valid call whose input is JSON. */
export interface JsonCall {
  readonly service: "mpa" | "sqs" | "dynamodb";
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

/** The name of a table with the key `pk`. */
export const TABLE = "fuzzed";

const TOPIC = `arn:aws:sns:us-east-1:${PARTNER}:news`;

export function queryCalls(delegationRequestId: string): readonly QueryCall[] {
  const call =
    (service: QueryCall["service"], version: string) =>
    (operation: string, parameters: Record<string, string>): QueryCall => ({
      service,
      version,
      operation,
      parameters,
    });
  const [iam, sts, sns] = [call("iam", "2010-05-08"), call("sts", "2011-06-15"), call("sns", "2010-03-31")];
  const request = { DelegationRequestId: delegationRequestId };
  return [
    iam("CreateDelegationRequest", {
      OwnerAccountId: CUSTOMER,
      Description: "Back up",
      "Permissions.PolicyTemplateArn": TEMPLATE_ARN,
      "Permissions.Parameters.member.1.Name": "Bucket",
      "Permissions.Parameters.member.1.Values.member.1": "b",
      "Permissions.Parameters.member.1.Type": "string",
      RequestMessage: "Please",
      RequestorWorkflowId: "workflow",
      RedirectUrl: "https://partner.example/",
      NotificationChannel: TOPIC,
      SessionDuration: "3600",
      OnlySendByOwner: "false",
    }),
    iam("GetDelegationRequest", { ...request, DelegationPermissionCheck: "true" }),
    iam("ListDelegationRequests", { OwnerId: `arn:aws:iam::${PARTNER}:root`, Marker: "m", MaxItems: "10" }),
    iam("AssociateDelegationRequest", request),
    iam("AcceptDelegationRequest", request),
    iam("UpdateDelegationRequest", { ...request, Notes: "over to you" }),
    iam("RejectDelegationRequest", { ...request, Notes: "no" }),
    iam("SendDelegationToken", request),
    iam("GetHumanReadableSummary", {
      EntityArn: `arn:aws:iam:::delegation-request/${delegationRequestId}`,
      Locale: "en",
    }),
    sts("GetCallerIdentity", {}),
    sts("AssumeRole", {
      RoleArn: `arn:aws:iam::${PARTNER}:role/a`,
      RoleSessionName: "session",
      "PolicyArns.member.1.arn": `arn:aws:iam::${PARTNER}:policy/a`,
      Policy: "{}",
      DurationSeconds: "900",
      "Tags.member.1.Key": "k",
      "Tags.member.1.Value": "v",
      "TransitiveTagKeys.member.1": "k",
      ExternalId: "external",
      TokenCode: "123456",
    }),
    sts("GetDelegatedAccessToken", { TradeInToken: SECRET }),
    sns("CreateTopic", {
      Name: "other",
      "Attributes.entry.1.key": "DisplayName",
      "Attributes.entry.1.value": "News",
      "Tags.member.1.Key": "k",
      "Tags.member.1.Value": "v",
    }),
    sns("SetTopicAttributes", { TopicArn: TOPIC, AttributeName: "Policy", AttributeValue: "{}" }),
    sns("GetTopicAttributes", { TopicArn: TOPIC }),
    sns("ListTopics", { NextToken: "" }),
    sns("Publish", {
      TopicArn: TOPIC,
      Message: "hello",
      Subject: "s",
      MessageStructure: "json",
      "MessageAttributes.entry.1.Name": "n",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "x",
    }),
    sns("PublishBatch", {
      TopicArn: TOPIC,
      "PublishBatchRequestEntries.member.1.Id": "1",
      "PublishBatchRequestEntries.member.1.Message": "hello",
    }),
    sns("Subscribe", {
      TopicArn: TOPIC,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:us-east-1:${PARTNER}:inbox`,
      "Attributes.entry.1.key": "FilterPolicy",
      "Attributes.entry.1.value": '{"n":["x"]}',
    }),
    sns("ListSubscriptionsByTopic", { TopicArn: TOPIC }),
    sns("GetSubscriptionAttributes", { SubscriptionArn: `${TOPIC}:x` }),
    sns("TagResource", { ResourceArn: TOPIC, "Tags.member.1.Key": "k", "Tags.member.1.Value": "v" }),
    sns("ListTagsForResource", { ResourceArn: TOPIC }),
  ];
}

export function jsonCalls(queueUrl: string): readonly JsonCall[] {
  const arn = encodeURIComponent(arnOf(PARTNER));
  const mpa = (operation: string, method: string, path: string, body?: object): JsonCall => ({
    service: "mpa",
    operation,
    method,
    path,
    body,
  });
  const sqs = (operation: string, body: object): JsonCall => ({
    service: "sqs",
    operation,
    method: "POST",
    path: "/",
    body,
  });
  const dynamodb = (operation: string, body: object): JsonCall => ({
    service: "dynamodb",
    operation,
    method: "POST",
    path: "/",
    body,
  });
  const TableName = TABLE;
  const ResourceArn = `arn:aws:dynamodb:us-east-1:${PARTNER}:table/${TABLE}`;
  const Key = { pk: { S: "a" } };
  const update = {
    UpdateExpression: "SET #s = :s, n = if_not_exists(n, :n) + :n REMOVE old",
    ConditionExpression: "attribute_not_exists(stage) OR stage < :n OR (stage = :n AND contains(#s, :s))",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":s": { S: "x" }, ":n": { N: "1" } },
  };
  const [QueueUrl, Tags] = [queueUrl, { [`${SECRET}-key`]: `${SECRET}-value` }];
  const entry = { Id: "1", MessageBody: "hello", DelaySeconds: 0 };
  return [
    mpa("CreateIdentitySource", "POST", "/identity-sources", {
      IdentitySourceParameters: { IamIdentityCenter: { InstanceArn: INSTANCE_ARN, Region: "us-east-1" } },
      ClientToken: "token",
      Tags,
    }),
    mpa("GetIdentitySource", "GET", `/identity-sources/${arn}`),
    mpa("ListIdentitySources", "POST", "/identity-sources/?List&MaxResults=5&NextToken=x", {}),
    mpa("DeleteIdentitySource", "DELETE", `/identity-sources/${arn}`),
    mpa("TagResource", "PUT", `/tags/${arn}`, { Tags }),
    mpa("UntagResource", "POST", `/tags/${arn}`, { TagKeys: [`${SECRET}-key`, "k"] }),
    mpa("ListTagsForResource", "GET", `/tags/${arn}`),
    sqs("CreateQueue", { QueueName: "other", Attributes: { VisibilityTimeout: "30", RedrivePolicy: "{}" } }),
    sqs("SetQueueAttributes", { QueueUrl, Attributes: { Policy: "{}" } }),
    sqs("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }),
    sqs("SendMessage", {
      QueueUrl,
      MessageBody: "hello",
      MessageAttributes: { n: { DataType: "String", StringValue: "x" } },
    }),
    sqs("SendMessageBatch", { QueueUrl, Entries: [entry] }),
    sqs("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    sqs("DeleteMessageBatch", { QueueUrl, Entries: [{ Id: "1", ReceiptHandle: "r" }] }),
    sqs("TagQueue", { QueueUrl, Tags: { k: "v" } }),
    dynamodb("CreateTable", {
      TableName: "other",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      SSESpecification: { Enabled: true, KMSMasterKeyId: "k" },
      Tags: [{ Key: "k", Value: "v" }],
    }),
    dynamodb("UpdateTable", { TableName, BillingMode: "PAY_PER_REQUEST", DeletionProtectionEnabled: true }),
    dynamodb("PutItem", {
      TableName,
      Item: { ...Key, l: { L: [{ N: "1" }, { BOOL: true }] }, b: { B: "YQ==" } },
    }),
    dynamodb("UpdateItem", { TableName, Key, ...update }),
    dynamodb("DeleteItem", { TableName, Key, ReturnValues: "ALL_OLD" }),
    dynamodb("GetItem", { TableName: ResourceArn, Key, ProjectionExpression: "pk, l[0].x" }),
    dynamodb("BatchGetItem", { RequestItems: { [TableName]: { Keys: [Key] } } }),
    dynamodb("BatchWriteItem", { RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } }),
    dynamodb("Query", {
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "a" } },
      Limit: 1,
    }),
    dynamodb("Scan", { TableName, Limit: 1, ExclusiveStartKey: Key }),
    dynamodb("TagResource", { ResourceArn, Tags: [{ Key: "k", Value: "v" }] }),
    dynamodb("UntagResource", { ResourceArn, TagKeys: ["k"] }),
    dynamodb("ListTagsOfResource", { ResourceArn }),
    dynamodb("UpdateTimeToLive", {
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
    }),
    sqs("ListQueues", { QueueNamePrefix: "i", MaxResults: 1 }),
  ];
}

/** The paths of all values within a JSON value, beginning with its own: `[]`. */
export const jsonPaths = (value: unknown): readonly (readonly string[])[] => [
  [],
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, item]) => jsonPaths(item).map((place) => [name, ...place]))
    : []),
];

/** The JSON of a value, with other text at one path. */
export function withJsonAt(value: unknown, [name, ...rest]: readonly string[], text: string): string {
  if (name === undefined || typeof value !== "object" || value === null) return text;
  const items = Object.entries(value).map(([key, item]) => {
    const inner = key === name ? withJsonAt(item, rest, text) : JSON.stringify(item);
    return Array.isArray(value) ? inner : `${JSON.stringify(key)}:${inner}`;
  });
  return Array.isArray(value) ? `[${items}]` : `{${items}}`;
}
