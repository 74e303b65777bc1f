import * as pulumi from "@pulumi/pulumi";
import { iam, mpa, Provider, type ProviderArgs, sts } from "../../../../src";
import { origin } from "../../../../src/program/origin";
import { known, recorded } from "../../../components/recorded";

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
    [
      "a provider of another package",
      () => {
        const provider = new (class extends pulumi.ProviderResource {})("aws", "partner", {});
        return new iam.DelegationRequest("acme", args, { provider });
      },
      "DelegationRequest acme: the option provider must be a Provider of pulumi-aws-approvals, and is one of aws,",
    ],
    [
      "a setting that a provider does not have",
      () => new Provider("partner", { regoin: "eu-west-1" } as ProviderArgs),
      "Provider partner: regoin: is not a known setting. Did you mean region?",
    ],
    [
      "a provider of another package for a trade-in",
      () => {
        const provider = new (class extends pulumi.ProviderResource {})("aws", "partner", {});
        return sts.getDelegatedAccessToken({ tradeInToken: "token" }, { provider: provider as Provider });
      },
      "sts.getDelegatedAccessToken: the option provider must be a Provider of pulumi-aws-approvals, and is one of aws,",
    ],
  ])("%s", (_, declare, message) => {
    expect(declare).toThrow(message);
  });

  test("also when a transformation sets it", async () => {
    const transformations: pulumi.ResourceTransformation[] = [
      ({ props, opts }) => ({ props, opts: { ...opts, replaceOnChanges: ["tags"] } }),
    ];
    const declare = () => new mpa.IdentitySource("people", { iamIdentityCenter }, { transformations });
    expect(declare).toThrow("IdentitySource people: the option replaceOnChanges has no effect");
  });

  test("and so is an output among the arguments", () => {
    const misspelt = { ...args, state: "UNASSIGNED", consoleDeepLink: "https://example.com" };
    expect(() => new iam.DelegationRequest("acme", misspelt)).toThrow(
      "DelegationRequest acme: consoleDeepLink, state: an output cannot be an argument",
    );
  });
});

test("a secret that a transformation puts among the permissions makes one of the policy", async () => {
  const parameters = [{ name: "token", type: "string", values: [pulumi.secret("hush-hush")] }];
  const transformations: pulumi.ResourceTransformation[] = [
    ({ props, opts }) => ({
      props: { ...props, permissions: { ...props["permissions"], parameters } },
      opts,
    }),
  ];
  const args = {
    description: "Read the list of buckets",
    permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
    notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
    sessionDuration: 3600,
  };
  const { result } = await recorded(() => new iam.DelegationRequest("acme", args, { transformations }));
  expect(await pulumi.isSecret(result.permissionPolicy)).toBe(true);
});

describe("the waits of a source last as long as", () => {
  const args = {
    iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "eu-west-1" },
  };
  const customTimeouts = { create: "1m", delete: "2m" };
  const transformations: pulumi.ResourceTransformation[] = [
    ({ props, opts }) => ({ props, opts: { ...opts, customTimeouts } }),
  ];
  const declared = (timeouts?: { create: string }, opts?: pulumi.CustomResourceOptions) =>
    recorded(() => new mpa.IdentitySource("people", { ...args, ...(timeouts && { timeouts }) }, opts));

  test.each<[string, () => ReturnType<typeof declared>, object | undefined]>([
    ["by default", () => declared(), undefined],
    ["the argument says", () => declared({ create: "3m" }), { create: "3m" }],
    ["customTimeouts say", () => declared(undefined, { customTimeouts }), customTimeouts],
    [
      "the argument says, before customTimeouts",
      () => declared({ create: "3m" }, { customTimeouts }),
      { create: "3m", delete: "2m" },
    ],
    ["a transformation says", () => declared(undefined, { transformations }), customTimeouts],
  ])("%s, which is an output too", async (_, declare, expected) => {
    const { registrations, result } = await declare();
    const type = "pulumi-nodejs:dynamic/aws-approvals/mpa:IdentitySource";
    expect(registrations.inputs(type)["timeouts"]).toEqual(expected);
    expect(await known(result.timeouts)).toEqual(expected);
  });

  test("a transformation of the parent says, and a child of the source has none of it", async () => {
    const { registrations } = await recorded(() => {
      const parent = new pulumi.ComponentResource("example:index:Parent", "parent", {}, { transformations });
      const source = new mpa.IdentitySource("people", args, { parent });
      return new pulumi.ComponentResource("example:index:Child", "child", {}, { parent: source });
    });
    const inputs = registrations.inputs("pulumi-nodejs:dynamic/aws-approvals/mpa:IdentitySource");
    expect(inputs["timeouts"]).toEqual(customTimeouts);
    expect(registrations.inputs("example:index:Child")).toEqual({});
  });
});

test("where a resource comes from is as unique as its URN, and has the organization", async () => {
  const mocks = {
    newResource: ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({ id: name, state: inputs }),
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, "shop", "prod", false, "acme-inc");
  try {
    const outer = new pulumi.ComponentResource("shop:index:Outer", "outer");
    const inner = new pulumi.ComponentResource("shop:index:Inner", "inner", {}, { parent: outer });
    expect(origin("people", undefined)).toBe("acme-inc/shop/prod::people");
    expect(origin("people", inner)).toBe("acme-inc/shop/prod/shop:index:Outer$shop:index:Inner::people");
  } finally {
    await pulumi.runtime.disconnect();
  }
});
