import { iam, mpa, sts } from "../../src";
import { AwsClients } from "../../src/aws/clients";
import { type AwsConfiguration, readConfiguration } from "../../src/aws/configuration";
import { startEmulator, type TestEmulator, testStack } from "../../src/testing";

const OURS = "111122223333";
const OTHER = "444455556666";

let emulator: TestEmulator;
/** The calls that had an effect, since it was emptied. */
let calls: string[] = [];
beforeAll(async () => {
  emulator = await startEmulator({
    intercept: ({ operation, phase }) => {
      if (phase === "after-effect") calls.push(operation);
      return undefined;
    },
  });
});
beforeEach(() => {
  calls = [];
});
afterAll(() => emulator.close());

const KEYS = {
  allowedAccountIds: "aws:allowedAccountIds",
  forbiddenAccountIds: "aws:forbiddenAccountIds",
};

const list = (...accounts: string[]) => JSON.stringify(accounts);

describe("clients", () => {
  const clients = (lists: Partial<AwsConfiguration>, service: "iam" | "mpa" = "iam") =>
    new AwsClients({
      region: "us-east-1",
      accessKey: OURS,
      secretKey: "x",
      endpoints: { sts: emulator.endpoint, [service]: emulator.endpoint },
      maxRetries: 1,
      ...lists,
    });
  const allowed = (...accountIds: string[]) => ({
    allowedAccountIds: accountIds,
    keys: KEYS,
  });
  const forbidden = (...accountIds: string[]) => ({
    forbiddenAccountIds: accountIds,
    keys: KEYS,
  });

  test("are given without a question when nothing is configured, or an empty list", async () => {
    await clients({}).iam();
    await clients(allowed()).iam();
    expect(calls).toEqual([]);
  });

  test.each([
    ["an allowed account", allowed(OTHER, OURS)],
    ["an account that is not forbidden", forbidden(OTHER)],
    ["one that both lists leave", { ...allowed(OURS), ...forbidden(OTHER) }],
  ])("are given to %s, after one question however many there are", async (_, lists) => {
    const aws = clients(lists);
    await Promise.all([aws.iam(), aws.mpa(), aws.sts()]);
    await aws.sqs("eu-west-1");
    expect(calls).toEqual(["GetCallerIdentity"]);
  });

  test.each([
    ["is not among the allowed", allowed(OTHER), "aws:allowedAccountIds", "not in that list"],
    ["is forbidden", forbidden(OTHER, OURS), "aws:forbiddenAccountIds", "which is in that list"],
    [
      "is allowed and forbidden",
      { ...allowed(OURS), ...forbidden(OURS) },
      "aws:forbiddenAccountIds",
      "which is in that list",
    ],
  ])("are refused to an account that %s", async (_, lists, key, why) => {
    const aws = clients(lists);
    for (const ask of [() => aws.iam(), () => aws.mpa(), () => aws.sts(), () => aws.sqs()]) {
      const { message } = (await ask().catch((error: unknown) => error)) as Error;
      expect(message).toMatch(new RegExp(`^${key}: the credentials belong to account ${OURS}, .*${why}`));
      expect(message).toMatch(new RegExp(`Use credentials of another account .*, or correct ${key}\\.$`));
      expect(message).not.toContain(OTHER);
    }
  });

  test("are refused while AWS does not say whose the credentials are, and given when it does", async () => {
    const aws = clients(allowed(OURS));
    emulator.injectFaults({ operation: "sts:GetCallerIdentity", answer: 403 });
    await expect(aws.iam()).rejects.toThrow(
      /^sts:GetCallerIdentity for aws:allowedAccountIds: AccessDenied: /,
    );
    await aws.iam();
  });
});

describe("lists", () => {
  const read = (config: Record<string, string>) => readConfiguration(config);

  test("are JSON, as Pulumi keeps them, of text or of the numbers that it makes of text", () => {
    const config = {
      "aws:allowedAccountIds": `[${OURS}, "012345678901"]`,
      "aws:forbiddenAccountIds": list(OTHER),
      "aws-approvals:forbiddenAccountIds": list(OURS),
    };
    expect(read(config)).toMatchObject({
      allowedAccountIds: [OURS, "012345678901"],
      forbiddenAccountIds: [OURS],
      keys: {
        allowedAccountIds: "aws:allowedAccountIds",
        forbiddenAccountIds: "aws-approvals:forbiddenAccountIds",
      },
    });
  });

  test.each([
    [OURS, "aws:allowedAccountIds: must be a list, is a number"],
    ["[12345678901]", "aws:allowedAccountIds[0]: must be an account id of 12 digits"],
    [`[${OURS},"*"]`, "aws:allowedAccountIds[1]: must be an account id of 12 digits"],
    ["[", "aws:allowedAccountIds: must be JSON"],
  ])("that are none are named: %s", (text, why) => {
    expect(() => read({ "aws:allowedAccountIds": text })).toThrow(why);
  });
});

test("a stack that allows other accounts only is previewed without a call, and its resources are neither made nor changed", async () => {
  let team = "security";
  let token: string | undefined;
  const iamIdentityCenter = {
    instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    region: "us-east-1",
  };
  await using stack = await testStack({
    emulator,
    account: OURS,
    inlineProvider: true,
    program: () => {
      new mpa.IdentitySource("people", { iamIdentityCenter, tags: { team } });
      new iam.DelegationRequest("acme", {
        ownerAccountId: OTHER,
        description: "Read the list of buckets",
        permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
        notificationChannel: `arn:aws:sns:us-east-1:${OURS}:approvals`,
        sessionDuration: 3600,
      });
      return token && { access: sts.getDelegatedAccessToken({ tradeInToken: token }) };
    },
  });
  const refused = new RegExp(`aws:allowedAccountIds: the credentials belong to account ${OURS}`);
  const made = ["create DelegationRequest acme", "create IdentitySource people"];

  stack.setConfig("aws:allowedAccountIds", list(OTHER));
  expect((await stack.preview()).changes).toEqual(made);
  expect(calls).toEqual([]);
  await expect(stack.up()).rejects.toThrow(refused);
  expect(stack.resources()).toEqual([]);
  stack.setConfig("aws:allowedAccountIds", list(OTHER, OURS));
  expect((await stack.up()).changes).toEqual(made);

  calls = [];
  stack.setConfig("aws:allowedAccountIds", list(OTHER));
  team = "platform";
  expect((await stack.preview()).changes).toEqual(["update IdentitySource people"]);
  expect(calls).toEqual([]);
  await expect(stack.up()).rejects.toThrow(refused);
  token = "of no request";
  await expect(stack.preview()).rejects.toThrow(refused);
  expect(new Set(calls)).toEqual(new Set(["GetCallerIdentity"]));

  stack.setConfig("aws:allowedAccountIds", list(OURS));
  token = undefined;
  expect((await stack.up()).changes).toEqual(["update IdentitySource people"]);
});
