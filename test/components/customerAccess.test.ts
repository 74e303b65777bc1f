import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApprovalInbox, CustomerAccess, type CustomerAccessArgs, iam, Provider } from "../../src";
import { known, recorded } from "./recorded";

const REQUEST = "pulumi-nodejs:dynamic/aws-approvals/iam:DelegationRequest";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:acme";
const request = {
  ownerAccountId: "222222222222",
  description: "Read the bucket list to set up backups",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  sessionDuration: 3600,
};

const access = (args: Partial<CustomerAccessArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  recorded(() => new CustomerAccess("acme", { request, ...args }, opts));

test("is made of an inbox and a request that bear its name", async () => {
  const { registrations } = await access();
  expect(registrations.children("::aws-approvals:access:CustomerAccess::acme")).toEqual([
    "aws-approvals:access:ApprovalInbox acme",
    `${REQUEST} acme`,
  ]);
  expect(registrations.children("$aws-approvals:access:ApprovalInbox::acme")).toHaveLength(10);
  expect(registrations.all).toHaveLength(13);
});

test("asks for what it is told to, with news to its own topic", async () => {
  const { registrations } = await access();
  expect(registrations.inputs(REQUEST)).toMatchObject({ ...request, notificationChannel: TOPIC });
});

test("makes the request only when all of the inbox can hear of it", async () => {
  const { registrations } = await access();
  expect(registrations.dependencies(REQUEST)).toEqual(
    expect.arrayContaining([
      "aws:kms/keyPolicy:KeyPolicy acme",
      "aws:sns/topicPolicy:TopicPolicy acme",
      "aws:sns/topicSubscription:TopicSubscription acme",
      "aws:sqs/queuePolicy:QueuePolicy acme",
    ]),
  );
});

test("tells all that a program passes on", async () => {
  const { result } = await access();
  const outputs = pulumi.all({
    consoleDeepLink: result.consoleDeepLink,
    delegationRequestId: result.delegationRequestId,
    state: result.state,
    expirationTime: result.expirationTime,
    requestorWorkflowId: result.requestorWorkflowId,
    topicArn: result.topicArn,
    queueUrl: result.queueUrl,
  });
  expect(await known(outputs)).toEqual({
    consoleDeepLink: "https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/acme",
    delegationRequestId: "dr-acme",
    state: "UNASSIGNED",
    expirationTime: "2026-01-16T10:30:00.000Z",
    requestorWorkflowId: "acme-1",
    topicArn: TOPIC,
    queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/acme",
  });
  expect(CustomerAccess.isInstance(result)).toBe(true);
  expect(iam.DelegationRequest.isInstance(result.request)).toBe(true);
  expect(ApprovalInbox.isInstance(result.inbox)).toBe(true);
  expect(CustomerAccess.isInstance(result.inbox)).toBe(false);
});

test("passes the arguments of its inbox on, and keeps the caller's as they were", async () => {
  const args = Object.freeze({
    request: Object.freeze(request),
    tags: { customer: "acme" },
    kmsMasterKeyId: "alias/k",
  });
  const { registrations } = await recorded(() => new CustomerAccess("acme", args));
  expect(registrations.inputs("aws:sns/topic:Topic")).toMatchObject({
    kmsMasterKeyId: "alias/k",
    tags: { customer: "acme" },
  });
});

describe("shares", () => {
  const customers = ["acme", "globex", "initech"];

  test("one inbox among customers, and every request waits for it", async () => {
    const { registrations } = await recorded(() => {
      const inbox = new ApprovalInbox("approvals");
      return customers.map((name) => new CustomerAccess(name, { inbox, request }));
    });
    expect(registrations.filter((one) => one.getType() === "aws:sns/topic:Topic")).toEqual([
      "aws:sns/topic:Topic approvals",
    ]);
    for (const name of customers) {
      expect(registrations.inputs(REQUEST, name)["notificationChannel"]).toBe(
        "arn:aws:sns:us-east-1:111122223333:approvals",
      );
      expect(registrations.dependencies(REQUEST, name)).toEqual(
        expect.arrayContaining([
          "aws:kms/keyPolicy:KeyPolicy approvals",
          "aws:sns/topicPolicy:TopicPolicy approvals",
          "aws:sns/topicSubscription:TopicSubscription approvals",
          "aws:sqs/queuePolicy:QueuePolicy approvals",
        ]),
      );
    }
  });

  test.each<[string, Partial<CustomerAccessArgs>]>([
    ["topic", { topic: TOPIC }],
    ["queue", { queue: { arn: "a", url: "u" } }],
    ["kmsMasterKeyId", { kmsMasterKeyId: false }],
    ["tags", { tags: {} }],
    ["table", { table: { arn: "a" } }],
    ["tableKmsKeyArn", { tableKmsKeyArn: "a" }],
    ["request.notificationChannel", { request: { ...request, notificationChannel: TOPIC } }],
  ])("no inbox and takes %s too", async (what, args) => {
    const program = recorded(
      () => new CustomerAccess("acme", { request, inbox: new ApprovalInbox("a"), ...args }),
    );
    await expect(program).rejects.toThrow(`${what}: applies only to a new inbox`);
  });
});

describe("uses a topic that exists", () => {
  test.each<[string, Partial<CustomerAccessArgs>]>([
    ["topic", { topic: "arn:aws:sns:eu-west-1:111122223333:theirs" }],
    [
      "request.notificationChannel",
      { request: { ...request, notificationChannel: "arn:aws:sns:eu-west-1:111122223333:theirs" } },
    ],
  ])("given as %s", async (_, args) => {
    const { registrations } = await access(args);
    expect(registrations.filter((one) => one.getType().startsWith("aws:sns/topic:"))).toEqual([]);
    expect(registrations.inputs(REQUEST)["notificationChannel"]).toBe(
      "arn:aws:sns:eu-west-1:111122223333:theirs",
    );
    expect(registrations.dependencies(REQUEST)).toContain("aws:sns/topicSubscription:TopicSubscription acme");
  });

  test("but not two", async () => {
    const both = access({ topic: TOPIC, request: { ...request, notificationChannel: TOPIC } });
    await expect(both).rejects.toThrow("Specify only one of them");
  });
});

test.each([
  ["secret when any account could claim the request", undefined, ["consoleDeepLink"]],
  ["plain when the account is named", "222222222222", []],
])("the link is %s", async (_, ownerAccountId, secrets) => {
  const { registrations } = await access({ request: { ...request, ownerAccountId } });
  expect(registrations.of(REQUEST).getAdditionalsecretoutputsList()).toEqual(secrets);
});

describe("behaves as a component when it comes to", () => {
  test("protect: all of it is protected", async () => {
    const { registrations } = await access({}, { protect: true });
    expect(registrations.filter((one) => !one.getProtect())).toEqual([]);
  });

  test("aliases: they are its own, and what it is made of inherits them", async () => {
    const { registrations } = await access({}, { aliases: [{ name: "acme-old" }] });
    const [alias] = registrations.of("aws-approvals:access:CustomerAccess").getAliasesList();
    expect(alias?.getSpec()?.getName()).toBe("acme-old");
    expect(registrations.filter((one) => one.getParent() === "").map((one) => one.split(" ")[0])).toEqual([
      "aws-approvals:access:CustomerAccess",
    ]);
  });

  test("the request's own options: they are its alone, beside those that it needs", async () => {
    const { registrations } = await recorded(() => {
      const requestOptions = {
        ...{ protect: true, retainOnDelete: true, deleteBeforeReplace: true },
        ...{ ignoreChanges: ["description"], additionalSecretOutputs: ["notes"] },
        dependsOn: new ApprovalInbox("first"),
      };
      const { ownerAccountId: _, ...claimable } = request;
      return new CustomerAccess("acme", { request: claimable, requestOptions });
    });
    const asked = registrations.of(REQUEST);
    expect(asked.getIgnorechangesList()).toEqual(["description"]);
    expect(asked.getAdditionalsecretoutputsList()).toEqual(["consoleDeepLink", "notes"]);
    expect([asked.getRetainondelete(), asked.getDeletebeforereplace()]).toEqual([true, true]);
    expect(registrations.filter((one) => one.getProtect() === true)).toEqual([`${REQUEST} acme`]);
    expect(registrations.dependencies(REQUEST)).toEqual(
      expect.arrayContaining(
        ["acme", "first"].map((name) => `aws:sns/topicSubscription:TopicSubscription ${name}`),
      ),
    );
    expect(registrations.children("CustomerAccess::acme")).toContain(`${REQUEST} acme`);
  });

  test("transformations: they reach all that it is made of", async () => {
    const seen: string[] = [];
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type }) => {
        seen.push(type);
        return undefined;
      },
    ];
    const { registrations } = await access({}, { transformations });
    expect(seen.sort()).toEqual(registrations.all.map((one) => one.split(" ")[0]));
  });

  const AWS = "pulumi:providers:aws::partner";
  const OURS = "pulumi:providers:pulumi-nodejs::partner";
  test.each<[string, (theirs: aws.Provider, ours: Provider) => pulumi.ComponentResourceOptions, string[]]>([
    ["providers: an aws provider", (theirs) => ({ providers: [theirs] }), [AWS]],
    ["provider: an aws provider", (provider) => ({ provider }), [AWS]],
    ["providers: one of ours", (_, ours) => ({ providers: [ours] }), [OURS]],
    ["provider: one of ours", (_, provider) => ({ provider }), [OURS]],
    ["providers: both", (theirs, ours) => ({ providers: [theirs, ours] }), [AWS, OURS]],
    [
      "providers: both, of an object",
      (theirs, ours) => ({ providers: { aws: theirs, "pulumi-nodejs": ours } }),
      [AWS, OURS],
    ],
  ])("%s reaches the resources of its package, and no others", async (_, opts, given) => {
    const { registrations } = await recorded(() => {
      const theirs = new aws.Provider("partner", { region: "eu-west-1" });
      const ours = new Provider("partner", { region: "eu-west-1" });
      return new CustomerAccess("acme", { request }, opts(theirs, ours));
    });
    const servedBy = (provider: string) =>
      registrations.filter((one) => one.getProvider().includes(provider));
    const made = (prefix: string) =>
      registrations.filter((one) => one.getCustom() && one.getType().startsWith(prefix));
    expect([servedBy(AWS), servedBy(OURS)]).toEqual([
      given.includes(AWS) ? made("aws:") : [],
      given.includes(OURS) ? made("pulumi-nodejs:") : [],
    ]);
  });
});
