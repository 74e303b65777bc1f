import * as pulumi from "@pulumi/pulumi";
import { iam } from "../../../../src";

test("a resource that cannot be declared says where it was, and errors after it say where they are", async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: () => ({}),
  });
  const { stackTraceLimit } = Error;
  const declare = () =>
    new iam.DelegationRequest("", {
      description: "Read the list of buckets",
      permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
      notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
      sessionDuration: 3600,
    });
  expect(declare).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("Missing resource name"),
      stack: expect.stringMatching(/Missing resource name.*\n(.*\n)*.*resource\.test\.ts/),
    }),
  );
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
