import { type MailboxResources, type MailboxRole, mailboxPolicy } from "../../src/mailbox/policy";

const TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/approvals";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:approvals";
const DEAD_LETTERS = `${QUEUE}-dead-letters`;
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234";
const MAILBOX = { tableArn: TABLE, queueArn: QUEUE, deadLetterQueueArn: DEAD_LETTERS };

const statements = (roles: MailboxRole | MailboxRole[], resources: MailboxResources = MAILBOX) =>
  mailboxPolicy(roles, resources).Statement;
const keys = (...LeadingKeys: string[]) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": LeadingKeys },
});

const DRAIN = [
  {
    Sid: "ReceiveNotifications",
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: QUEUE,
  },
  { Sid: "SetAsideUnrecognized", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: DEAD_LETTERS },
  {
    Sid: "SaveNotifications",
    Effect: "Allow",
    Action: ["dynamodb:UpdateItem"],
    Resource: TABLE,
    Condition: {
      ...keys("state#*", "token#*"),
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
    },
  },
];
const read = (...leading: string[]) => ({
  Sid: "ReadStates",
  Effect: "Allow",
  Action: ["dynamodb:GetItem", "dynamodb:BatchGetItem"],
  Resource: TABLE,
  Condition: keys(...leading),
});

test("who drains writes states and tokens, and reads neither", () => {
  expect(mailboxPolicy("drain", MAILBOX)).toEqual({
    Version: "2012-10-17",
    Statement: [...DRAIN, read("inbox")],
  });
});

test("who drains a queue without dead letters sends nothing anywhere", () => {
  const sids = statements("drain", { tableArn: TABLE, queueArn: QUEUE }).map(({ Sid }) => Sid);
  expect(sids).toEqual(["ReceiveNotifications", "SaveNotifications", "ReadStates"]);
});

test("who reads states reads no token, and cannot go through the table", () => {
  expect(statements("readStates")).toEqual([read("inbox", "state#*")]);
});

test("who drains and reads states has both, and still no token", () => {
  expect(statements(["drain", "readStates"])).toEqual([...DRAIN, read("inbox", "state#*")]);
});

test("who takes tokens reads both, and trades them in", () => {
  expect(statements(["takeTokens", "readStates"])).toEqual([
    { ...read("inbox", "state#*", "token#*"), Sid: "ReadStatesAndTokens" },
    { Sid: "TradeTokensIn", Effect: "Allow", Action: ["sts:GetDelegatedAccessToken"], Resource: "*" },
  ]);
});

test("who redrives looks at the dead letters and sends them again", () => {
  expect(statements("redrive")).toEqual([
    read("inbox"),
    {
      Sid: "LookAtDeadLetters",
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
      ],
      Resource: DEAD_LETTERS,
    },
    {
      Sid: "SendAgain",
      Effect: "Allow",
      Action: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
      Resource: QUEUE,
    },
  ]);
});

test.each<[MailboxRole, string[]]>([
  ["drain", ["UseKeyOfTable", "UseKeyOfQueues"]],
  ["readStates", ["UseKeyOfTable"]],
  ["takeTokens", ["UseKeyOfTable"]],
  ["redrive", ["UseKeyOfTable", "UseKeyOfQueues"]],
])("%s uses the keys of what it uses, through its service only", (role, expected) => {
  const used = statements(role, { ...MAILBOX, tableKmsKeyArn: KEY, queueKmsKeyArn: KEY }).filter(
    ({ Resource }) => Resource === KEY,
  );
  expect(used.map(({ Sid }) => Sid)).toEqual(expected);
  expect(used[0]).toEqual({
    Sid: "UseKeyOfTable",
    Effect: "Allow",
    Action: ["kms:Decrypt"],
    Resource: KEY,
    Condition: { StringEquals: { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" } },
  });
  if (expected.length > 1) {
    expect(used[1]).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } },
    });
  }
});

test("nothing allows what would show tokens to who may not see them", () => {
  const all = (["drain", "readStates", "takeTokens", "redrive"] as const).flatMap((role) => statements(role));
  const actions = all.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /\*|Scan|Query|PartiQL|PutItem/.test(action))).toEqual([]);
  const reading = all.filter(({ Action }) => Action.includes("dynamodb:GetItem"));
  expect(reading.every(({ Condition }) => Condition?.["ForAllValues:StringLike"] !== undefined)).toBe(true);
});

test("without a role, or what it is about, there is no policy", () => {
  expect(() => mailboxPolicy([], MAILBOX)).toThrow("specify at least one role");
  expect(() => mailboxPolicy("redrive", { tableArn: TABLE, queueArn: QUEUE })).toThrow("deadLetterQueueArn");
});
