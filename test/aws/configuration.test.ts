import { readConfiguration } from "../../src/aws/configuration";

const read = (config: Record<string, string>) => readConfiguration((key) => config[key]);

test("an empty configuration leaves everything to the SDK", () => {
  expect(JSON.parse(JSON.stringify(read({})))).toEqual({ assumeRoles: [], endpoints: {} });
});

test("reads the aws provider's names", () => {
  const role = { roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "x" };
  expect(
    read({
      "aws:region": "eu-west-1",
      "aws:profile": "prod",
      "aws:accessKey": "AKIA",
      "aws:secretKey": "shh",
      "aws:token": "t",
      "aws:assumeRoles": JSON.stringify([role]),
      "aws:endpoints": JSON.stringify([{ iam: "http://localhost:1" }, { mpa: "http://localhost:2" }]),
      "aws:useFipsEndpoint": "true",
      "aws:maxRetries": "4",
    }),
  ).toEqual({
    region: "eu-west-1",
    profile: "prod",
    credentials: { accessKeyId: "AKIA", secretAccessKey: "shh", sessionToken: "t" },
    assumeRoles: [role],
    endpoints: { iam: "http://localhost:1", mpa: "http://localhost:2" },
    useFipsEndpoint: true,
    useDualstackEndpoint: undefined,
    maxAttempts: 5,
  });
});

test("our own namespace comes before the aws provider's", () => {
  expect(read({ "aws:region": "eu-west-1", "aws-approvals:region": "us-east-1" }).region).toBe("us-east-1");
});

test("a structured value that is none is named", () => {
  expect(() => read({ "aws:assumeRoles": "{" })).toThrow(/^aws:assumeRoles: /);
  expect(() => read({ "aws:assumeRoles": "{}" })).toThrow("aws:assumeRoles: must be a list of objects");
  expect(() => read({ "aws:maxRetries": "few" })).toThrow(
    "aws:maxRetries: must be a whole number, 0 or more",
  );
});
