import { iam } from "../../src";
import { OperationFailedError, testStack } from "../../src/testing";

const anyone = {
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
};

afterEach(() => jest.restoreAllMocks());

test("the warning of links that anyone can claim names the request, and arrives though the request fails its check", async () => {
  const undelivered = jest.spyOn(console, "error").mockImplementation();
  await using stack = await testStack({
    program: () => void new iam.DelegationRequest("acme", { ...anyone, sessionDuration: 1 }),
  });
  const failure = await stack.preview().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OperationFailedError);
  const { diagnostics } = (failure as OperationFailedError).result;
  const said = (wanted: string) =>
    diagnostics.filter(({ severity }) => severity === wanted).map(({ message }) => message);
  expect(said("error")).toContainEqual(expect.stringContaining("sessionDuration"));
  expect(said("warning")).toEqual([expect.stringMatching(/^DelegationRequest acme has no ownerAccountId/)]);
  expect(undelivered).not.toHaveBeenCalled();
});
