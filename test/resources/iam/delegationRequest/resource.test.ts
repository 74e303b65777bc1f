import * as pulumi from "@pulumi/pulumi";
import { iam, mpa } from "../../../../src";

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

describe("an option that cannot work is refused by name", () => {
  const args = {
    description: "Read the list of buckets",
    permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
    notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
    sessionDuration: 3600,
  };
  const iamIdentityCenter = {
    instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    region: "eu-west-1",
  };

  test.each<[string, () => object, string]>([
    [
      "import of a request",
      () => new iam.DelegationRequest("acme", args, { import: "id" }),
      "DelegationRequest acme: the option import does not work",
    ],
    [
      "import of a source, which adopt takes over",
      () => new mpa.IdentitySource("people", { iamIdentityCenter }, { import: "arn" }),
      "adopt: true",
    ],
    [
      "replaceOnChanges",
      () => new mpa.IdentitySource("people", { iamIdentityCenter }, { replaceOnChanges: ["tags"] }),
      "IdentitySource people: the option replaceOnChanges has no effect",
    ],
  ])("%s", (_, declare, message) => {
    expect(declare).toThrow(message);
  });
});
