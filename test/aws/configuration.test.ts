import { readConfiguration } from "../../src/aws/configuration";

const SECRET = "s3cret-value";

test("an empty configuration leaves everything to environment and profile", () => {
  expect(readConfiguration({})).toEqual({ keys: {} });
  expect(readConfiguration({ "aws:region": "", "quickstart:region": "eu-west-1" })).toEqual({ keys: {} });
});

test("reads the aws provider's keys, and notes whose they are", () => {
  const role = { roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "x" };
  expect(
    readConfiguration({
      "aws:region": "eu-west-1",
      "aws-approvals:region": "us-east-1",
      "aws:accessKey": "AKIA",
      "aws:secretKey": SECRET,
      "aws:token": "t",
      "aws:assumeRoles": JSON.stringify([role]),
      "aws:useFipsEndpoint": "true",
      "aws:insecure": "false",
      "aws:maxRetries": "4",
      "aws:s3UsePathStyle": "true",
    }),
  ).toEqual({
    region: "us-east-1",
    accessKey: "AKIA",
    secretKey: SECRET,
    token: "t",
    assumeRoles: [role],
    useFipsEndpoint: true,
    insecure: false,
    maxRetries: 4,
    keys: {
      region: "aws-approvals:region",
      accessKey: "aws:accessKey",
      secretKey: "aws:secretKey",
      token: "aws:token",
      assumeRoles: "aws:assumeRoles",
      useFipsEndpoint: "aws:useFipsEndpoint",
      insecure: "aws:insecure",
      maxRetries: "aws:maxRetries",
    },
  });
});

test("takes values that are not text, as a provider's arguments are", () => {
  expect(
    readConfiguration({
      "aws:maxRetries": 4,
      "aws:insecure": true,
      "aws:endpoints": [{ iam: "http://h:1" }],
    }),
  ).toMatchObject({ maxRetries: 4, insecure: true, endpoints: { iam: "http://h:1" } });
});

test("texts that pulumi config set --path has made numbers and booleans of are texts", () => {
  const defaultTags = { tags: { costCenter: 4711, isTemporary: true, team: "a" } };
  expect(readConfiguration({ "aws:defaultTags": JSON.stringify(defaultTags) }).defaultTags).toEqual({
    tags: { costCenter: "4711", isTemporary: "true", team: "a" },
  });
});

describe("credentials are taken from one namespace", () => {
  const theirs = {
    "aws:accessKey": "AKIA",
    "aws:secretKey": SECRET,
    "aws:token": "t",
    "aws:profile": "theirs",
    "aws:assumeRoles": '[{"roleArn":"arn:aws:iam::111122223333:role/deploy"}]',
    "aws:assumeRoleWithWebIdentity":
      '{"roleArn":"arn:aws:iam::111122223333:role/deploy","webIdentityTokenFile":"f"}',
    "aws:sharedConfigFiles": '["config"]',
    "aws:sharedCredentialsFiles": '["credentials"]',
  };
  test.each<[Record<string, string>, object]>([
    [{ "aws-approvals:profile": "ours" }, { profile: "ours" }],
    [
      { "aws-approvals:accessKey": "AKIB", "aws-approvals:secretKey": "x" },
      { accessKey: "AKIB", secretKey: "x" },
    ],
    [{ "aws-approvals:assumeRoles": '[{"roleArn":"r"}]' }, { assumeRoles: [{ roleArn: "r" }] }],
    [
      { "aws-approvals:assumeRoleWithWebIdentity": '{"roleArn":"r","webIdentityToken":"w"}' },
      { assumeRoleWithWebIdentity: { roleArn: "r", webIdentityToken: "w" } },
    ],
    [{ "aws-approvals:sharedConfigFiles": '["ours"]' }, { sharedConfigFiles: ["ours"] }],
    [{ "aws-approvals:sharedCredentialsFiles": '["ours"]' }, { sharedCredentialsFiles: ["ours"] }],
  ])("%j", (ours, expected) => {
    const { keys, region, ...credentials } = readConfiguration({ ...theirs, "aws:region": "r", ...ours });
    expect(credentials).toEqual(expected);
    expect(region).toBe("r");
  });
});

test("endpoints are merged by service", () => {
  const { endpoints } = readConfiguration({
    "aws:endpoints": '[{"iam":"http://theirs:1","sts":"http://theirs:2"},{"s3":"http://theirs:3"}]',
    "aws-approvals:endpoints": '[{"iam":"http://ours:1"}]',
  });
  expect(endpoints).toEqual({ iam: "http://ours:1", sts: "http://theirs:2", s3: "http://theirs:3" });
});

test.each([
  ["aws:assumeRoles", `[{"roleArn":"${SECRET}"`, "aws:assumeRoles: must be JSON"],
  ["aws:assumeRoles", "{}", "aws:assumeRoles: must be a list, is an object"],
  ["aws:assumeRoles", "[{}]", "aws:assumeRoles[0].roleArn: must be a string, is missing"],
  [
    "aws:assumeRoles",
    `[{"roleArn":"r","duration":"${SECRET}"}]`,
    "aws:assumeRoles[0].duration: must be a time",
  ],
  [
    "aws:assumeRoles",
    '[{"roleARN":"r"}]',
    "aws:assumeRoles[0].roleARN: is not a known property. Did you mean roleArn?",
  ],
  ["aws:maxRetries", SECRET, "aws:maxRetries: must be a number of tries, is a string"],
  ["aws:insecure", SECRET, "aws:insecure: must be true or false, is a string"],
  ["aws:retryMode", SECRET, 'aws:retryMode: must be one of "standard", "adaptive"'],
  ["aws:endpoints", `[{"iam":"${SECRET}"}]`, "aws:endpoints[0].iam: must be a URL"],
  ["aws:sharedConfigFiles", '["a","b"]', "aws:sharedConfigFiles: may have at most 1 entries, has 2"],
  ["aws:accessKey", SECRET, "aws:accessKey and aws:secretKey: set both or neither"],
  [
    "aws-approvals:secretKey",
    SECRET,
    "aws-approvals:accessKey and aws-approvals:secretKey: set both or neither",
  ],
  ["aws:token", SECRET, "aws:token: requires aws:accessKey and aws:secretKey"],
  [
    "aws:assumeRoleWithWebIdentity",
    '{"roleArn":"r"}',
    "aws:assumeRoleWithWebIdentity: set either webIdentityToken or webIdentityTokenFile",
  ],
  [
    "aws:ec2MetadataServiceEndpoint",
    "http://169.254.169.254",
    "aws:ec2MetadataServiceEndpoint: is not supported; set AWS_EC2_METADATA_SERVICE_ENDPOINT",
  ],
  [
    "aws-approvals:reigon",
    SECRET,
    "aws-approvals:reigon: is not a known key. Did you mean aws-approvals:region?",
  ],
  ["aws-approvals:assumerole", SECRET, "Did you mean aws-approvals:assumeRoles?"],
])("%s: %s is refused by name, without the value", (key, value, message) => {
  const read = () => readConfiguration({ [key]: value });
  expect(read).toThrow(message);
  expect(read).not.toThrow(SECRET);
});
