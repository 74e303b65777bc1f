import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CustomerAccess, type CustomerAccessArgs } from "../../src";
import { addProfile } from "../../src/components/customerProfile";
import { recorded } from "./recorded";

const GRANT = "pulumi-nodejs:dynamic/aws-approvals/iam:DelegationGrant";
const PROVIDER = "pulumi:providers:aws";
const QUEUE = "aws:sqs/queue:Queue";
const request = {
  ownerAccountId: "222222222222",
  description: "Set up backups",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  sessionDuration: 3600,
};

describe("whenGranted", () => {
  // A preview says what waits.
  beforeEach(() => void jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined));
  afterEach(() => jest.restoreAllMocks());

  type Deploy = (provider: pulumi.ProviderResource) => unknown;
  const jobs: Deploy = (provider) => void new aws.sqs.Queue("jobs", {}, { provider });
  /** A program whose customer has granted access, or not. */
  async function deployed(granted: boolean, args: Partial<CustomerAccessArgs> = {}, ...deploys: Deploy[]) {
    const program = () => {
      const access = new CustomerAccess("acme", { request, ...args });
      return (deploys.length === 0 ? [jobs] : deploys).map((deploy) => access.whenGranted(deploy));
    };
    return (await recorded(program, (type) => (type === GRANT ? { granted } : {}))).registrations;
  }

  test("declares nothing before the grant, and no provider", async () => {
    const registrations = await deployed(false);
    expect(registrations.filter((one) => [PROVIDER, QUEUE].includes(one.getType()))).not.toContain(
      `${QUEUE} jobs`,
    );
    expect(registrations.filter((one) => one.getType() === PROVIDER)).toEqual([]);
    expect(registrations.filter((one) => one.getType() === GRANT)).toEqual([`${GRANT} acme`]);
  });

  test("gives a provider of the customer's account, by a profile, and of no other", async () => {
    const provider = { region: "eu-west-1", defaultTags: { vendor: "us" } };
    const registrations = await deployed(true, { provider });
    expect(registrations.inputs(PROVIDER)).toMatchObject({
      profile: "acme",
      sharedConfigFiles: JSON.stringify([`aws-approvals.${pulumi.getStack()}.ini`]),
      allowedAccountIds: JSON.stringify(["222222222222"]),
      region: "eu-west-1",
      defaultTags: JSON.stringify({ tags: { vendor: "us" } }),
    });
    expect(registrations.of(QUEUE, "jobs").getProvider()).toContain(`${PROVIDER}::acme`);
    expect(registrations.children("CustomerAccess::acme")).toContain(`${PROVIDER} acme`);
    expect(registrations.dependencies(PROVIDER)).toContain(`${GRANT} acme`);
  });

  test("takes a profile of the user's own, from the files of every AWS SDK", async () => {
    const registrations = await deployed(true, { provider: { profile: "ours" } });
    expect(registrations.inputs(PROVIDER)).toMatchObject({ profile: "ours" });
    expect(registrations.inputs(PROVIDER)).not.toHaveProperty("sharedConfigFiles");
  });

  test("has one provider, whatever is declared with it", async () => {
    const more: Deploy = (provider) => void new aws.sqs.Queue("more", {}, { provider });
    const registrations = await deployed(true, {}, jobs, more);
    expect(registrations.filter((one) => one.getType() === PROVIDER)).toEqual([`${PROVIDER} acme`]);
    const of = (name: string) => registrations.of(QUEUE, name).getProvider();
    expect(of("more")).toBe(of("jobs"));
  });

  test.each<[string, Deploy, RegExp]>([
    [
      "throws",
      () => {
        throw new Error("no such thing");
      },
      /CustomerAccess acme: Error: no such thing/,
    ],
    ["is asynchronous", async () => undefined, /does not accept an asynchronous function/],
  ])("has the engine refuse the run when what it is given %s", async (_, deploy, error) => {
    const registrations = await deployed(true, {}, deploy);
    const { reason } = registrations.inputs("pulumi-nodejs:dynamic/aws-approvals/access:WhenGranted");
    expect(reason).toMatch(error);
  });

  test.each<[string, string, Partial<CustomerAccessArgs>, RegExp]>([
    [
      "a request that any account may claim",
      "acme",
      { request: { ...request, ownerAccountId: undefined } },
      /whenGranted requires request\.ownerAccountId/,
    ],
    ["a name that is no profile's", "acme & sons", {}, /Specify provider\.profile/],
  ])("refuses %s", async (_, name, args, message) => {
    const program = recorded(() => new CustomerAccess(name, { request, ...args }).whenGranted(() => 1));
    await expect(program).rejects.toThrow(message);
  });

  test("there is a wait from the start when the component is told to wait", async () => {
    const args = { request, waitFor: "FINALIZED", timeouts: { create: "8h" } } as const;
    const { registrations } = await recorded(() => new CustomerAccess("acme", args));
    expect(registrations.inputs(GRANT)).toMatchObject({
      waitFor: "FINALIZED",
      timeouts: { create: "8h" },
      delegationRequestId: "dr-acme",
    });
  });
});

describe("the profile", () => {
  const folder = mkdtempSync(join(tmpdir(), "aws-approvals-profile-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const grant = { name: "acme", stack: "org/proj/dev", vendor: {} };
  const program = join(folder, "infra", "prod");
  mkdirSync(program, { recursive: true });
  mkdirSync(join(folder, "node_modules", "pulumi-aws-approvals"), { recursive: true });
  const text = () => readFileSync(join(program, "profiles"), "utf8");

  test("runs the package that the program uses, by names that a renewal leaves as they are", () => {
    expect(addProfile("profiles", grant, program)).toBe(true);
    const command = "node ../../node_modules/pulumi-aws-approvals/bin/aws-approvals.js credentials";
    expect(text()).toContain(
      `\n[profile acme]\ncredential_process = ${command} --request acme --stack org/proj/dev\n`,
    );
  });

  test("may be in a file anywhere, in a folder that is not there yet", () => {
    const file = join(folder, "elsewhere", "profiles");
    addProfile(file, grant, program);
    expect(readFileSync(file, "utf8")).toContain("[profile acme]");
  });

  test("is added once, beside those of others, and left as somebody has changed it", () => {
    writeFileSync(join(program, "profiles"), `${text().replace("node ", "nice node ")}# ours`);
    const before = text();
    expect(addProfile("profiles", grant, program)).toBe(false);
    expect(text()).toBe(before);
    const vendor = { profile: "the partner", region: "eu-west-1" };
    expect(addProfile("profiles", { ...grant, name: "globex", vendor }, program)).toBe(true);
    expect(text().startsWith(`${before}\n\n[profile globex]\n`)).toBe(true);
    expect(text()).toMatch(
      /--request globex --stack org\/proj\/dev --profile "the partner" --region eu-west-1\n$/,
    );
  });
});
