// What the public types promise. `npm run typecheck` compiles this file, and nothing runs it.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expectTypeOf } from "vitest";
import { ApprovalInbox, backup, CustomerAccess, iam, mpa, Provider, paymentcryptography, sts } from "../src";
import * as plugin from "../src/plugin";
import {
  type OutputsOf,
  type PlannedFault,
  type StackFault,
  type TestStack,
  testStack,
} from "../src/testing";

const asked = {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  sessionDuration: 3600,
};
const topic = "arn:aws:sns:us-east-1:000000000000:approvals";

export function inputs() {
  const minutes = pulumi.output(60);
  new iam.DelegationRequest("of values", { ...asked, notificationChannel: topic });
  new iam.DelegationRequest("of outputs, at any depth", {
    ownerAccountId: pulumi.output("222222222222"),
    description: pulumi.secret("why"),
    permissions: pulumi.output({
      policyTemplateArn: "arn",
      parameters: [{ name: "bucket", type: "string" as const, values: ["logs"] }],
    }),
    notificationChannel: pulumi.output(topic),
    sessionDuration: minutes.apply((count) => count * 60),
    renewWhen: [pulumi.output("EXPIRED" as const), "REJECTED", "VANISHED"],
    generation: pulumi.output(2),
  });
  new iam.DelegationRequest("of outputs inside", {
    ...asked,
    permissions: {
      policyTemplateArn: pulumi.output("arn"),
      parameters: [
        { name: "regions", type: "stringList", values: [pulumi.output("eu-west-1"), "us-east-1"] },
      ],
    },
    notificationChannel: topic,
  });
  // @ts-expect-error Nobody would hear of an answer.
  new iam.DelegationRequest("no channel", asked);
  // @ts-expect-error A request is only read with all that it was asked with.
  new iam.DelegationRequest("nothing");
  // @ts-expect-error Seconds, as a number.
  new iam.DelegationRequest("text", { ...asked, notificationChannel: topic, sessionDuration: "1h" });
  // @ts-expect-error A request that was accepted is not asked again.
  new iam.DelegationRequest("state", { ...asked, notificationChannel: topic, renewWhen: ["ACCEPTED"] });
  // @ts-expect-error Misspelt.
  new iam.DelegationRequest("typo", { ...asked, notificationChannel: topic, onlySendByTheOwner: true });

  const team = new mpa.ApprovalTeam("restores", {
    description: pulumi.output("Decides about restores"),
    approvalStrategy: { mOfN: { minApprovalsRequired: pulumi.output(2) } },
    approvers: [{ primaryIdentityId: pulumi.output("id"), primaryIdentitySourceArn: "arn" }],
    policies: [{ policyArn: "arn" }],
    waitFor: "ACTIVE",
    deletion: "wait",
    timeouts: { create: "24h" },
  });
  expectTypeOf(team.approvers).toExtend<
    pulumi.Output<{ primaryIdentityId: string; primaryIdentityStatus?: string }[]>
  >();
  expectTypeOf(team.pendingUpdate).toExtend<
    pulumi.Output<{ description?: string; statusCode?: string } | undefined>
  >();
  const { approvers, policies, description } = { approvers: [], policies: [], description: "" };
  // @ts-expect-error A team decides by a strategy.
  new mpa.ApprovalTeam("no strategy", { description, approvers, policies });

  new mpa.IdentitySource("people", {
    iamIdentityCenter: pulumi.output({ instanceArn: "arn", region: "us-east-1" }),
    tags: { team: pulumi.output("security") },
    timeouts: { create: "5m" },
  });
  // @ts-expect-error An instance is found by its ARN and its region.
  new mpa.IdentitySource("no region", { iamIdentityCenter: { instanceArn: "arn" } });
  // @ts-expect-error Only creating and deleting take time.
  const times: mpa.IdentitySourceArgs["timeouts"] = { read: "1m" };
  new mpa.IdentitySource("slow", {
    iamIdentityCenter: { instanceArn: "arn", region: "us-east-1" },
    timeouts: times,
  });

  new CustomerAccess("its own inbox", { request: asked, kmsMasterKeyId: false });
  new CustomerAccess("a shared one", { request: asked, inbox: new ApprovalInbox("inbox") });
  // @ts-expect-error True is no key.
  new ApprovalInbox("key", { kmsMasterKeyId: true });
}

export function whatTeamsProtect(team: mpa.ApprovalTeam) {
  const mpaApprovalTeamArn = team.arn;
  const vault = new backup.VaultApprovalTeam("vault", {
    backupVaultName: pulumi.output("vault"),
    mpaApprovalTeamArn,
    requesterComment: "Why",
    waitFor: "APPROVED",
    deletion: "wait",
    generation: 2,
    timeouts: { create: "24h" },
  });
  expectTypeOf(vault.mpaApprovalTeamArn).toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf(vault.pendingMpaApprovalTeamArn).toEqualTypeOf<pulumi.Output<string | undefined>>();
  expectTypeOf(vault.latestMpaApprovalTeamUpdate).toExtend<
    pulumi.Output<{ mpaSessionArn?: string; status?: string; expiryDate?: string } | undefined>
  >();
  // @ts-expect-error A vault has a team, or the resource is to be left out.
  new backup.VaultApprovalTeam("no team", { backupVaultName: "vault" });
  // @ts-expect-error Only a team's approval is waited for.
  new backup.VaultApprovalTeam("waits", { backupVaultName: "v", mpaApprovalTeamArn, waitFor: "ACTIVE" });

  const access = new backup.RestoreAccessVault("access", {
    sourceBackupVaultArn: vault.backupVaultArn,
    generation: "second",
    waitFor: "AVAILABLE",
  });
  expectTypeOf(access.arn).toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf(access.mpaSessionArn).toEqualTypeOf<pulumi.Output<string | undefined>>();
  // @ts-expect-error Access to which vault?
  new backup.RestoreAccessVault("nothing", { requesterComment: "Why" });

  const association = new paymentcryptography.TeamAssociation("certificates", {
    action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE",
    mpaTeamArn: team.arn,
  });
  expectTypeOf(association.action).toEqualTypeOf<pulumi.Output<"IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE">>();
  expectTypeOf(association.mpaStatus).toExtend<
    pulumi.Output<{ mpaSessionArn?: string; status?: string; initiationDate?: string } | undefined>
  >();
  // @ts-expect-error AWS has no such operation.
  new paymentcryptography.TeamAssociation("typo", { action: "IMPORT_KEY", mpaTeamArn: team.arn });
  new plugin.paymentcryptography.TeamAssociation(
    "imported",
    { action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE", mpaTeamArn: team.arn },
    { import: "us-east-1/IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE", customTimeouts: { create: "24h" } },
  );
  expectTypeOf(plugin.backup.VaultApprovalTeam.get("vault", "arn").backupVaultName).toEqualTypeOf<
    pulumi.Output<string>
  >();
}

export function functions(provider: Provider) {
  const alice = mpa.approver({ userName: pulumi.output("alice"), identityStoreId: "d-1" }, { provider });
  expectTypeOf(alice).toEqualTypeOf<pulumi.Output<mpa.ApproverResult>>();
  new mpa.ApprovalTeam("restores", {
    description: "Decides about restores",
    approvalStrategy: { mOfN: { minApprovalsRequired: 1 } },
    approvers: [alice],
    policies: mpa.listPolicies().apply((all) => all.map(({ arn }) => ({ policyArn: arn }))),
  });
  const team = mpa.getApprovalTeam({ arn: pulumi.output("arn") });
  expectTypeOf(team.apply(({ arn }) => arn)).toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf(mpa.listSessions({ approvalTeamArn: "arn" })).toEqualTypeOf<
    pulumi.Output<mpa.SessionSummary[]>
  >();
  expectTypeOf(mpa.getSession({ sessionArn: "arn" })).toEqualTypeOf<pulumi.Output<mpa.GetSessionResult>>();
  expectTypeOf(mpa.getApprovalTeams()).toEqualTypeOf<pulumi.Output<mpa.ApprovalTeamSummary[]>>();
  expectTypeOf(mpa.getIdentitySources()).toEqualTypeOf<pulumi.Output<mpa.GetIdentitySourceResult[]>>();
  // @ts-expect-error A person of which identity store?
  mpa.approver({ userName: "alice" });
  // @ts-expect-error Which team?
  mpa.getApprovalTeam({});
}

export function outputs(request: iam.DelegationRequest, access: CustomerAccess, people: mpa.IdentitySource) {
  expectTypeOf(request.consoleDeepLink).toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf(request.state).toEqualTypeOf<pulumi.Output<iam.KnownState>>();
  expectTypeOf(request.approverId).toEqualTypeOf<pulumi.Output<string | undefined>>();
  expectTypeOf(access.state).toEqualTypeOf<pulumi.Output<iam.KnownState>>();
  expectTypeOf(people.iamIdentityCenter.region).toEqualTypeOf<pulumi.Output<string>>();
  people.timeouts.apply((timeouts) => expectTypeOf(timeouts?.create).toEqualTypeOf<string | undefined>());
  expectTypeOf(people.tags).toEqualTypeOf<pulumi.Output<Record<string, string> | undefined>>();
  const { credentials } = sts.getDelegatedAccessToken({ tradeInToken: pulumi.secret("token") });
  expectTypeOf(credentials.sessionToken).toEqualTypeOf<pulumi.Output<string>>();
  // @ts-expect-error AWS decides.
  request.state = pulumi.output("ACCEPTED" as const);
}

export function whenGranted(access: CustomerAccess, asked: iam.DelegationRequestArgs) {
  const arn = access.whenGranted((provider) => new aws.sqs.Queue("jobs", {}, { provider }).arn);
  expectTypeOf(arn).toEqualTypeOf<pulumi.Output<string | undefined>>();
  // @ts-expect-error Pulumi would not wait for it.
  access.whenGranted(async () => 1);
  const { inbox: _, notificationChannel: __, ...request } = asked;
  new CustomerAccess("acme", {
    request,
    waitFor: "FINALIZED",
    timeouts: { create: "8h" },
    provider: { region: pulumi.output("eu-west-1"), defaultTags: { vendor: "us" } },
  });
  // @ts-expect-error The inbox is the component's.
  new CustomerAccess("acme", { request: { ...request, inbox: { tableArn: "arn", queueUrl: "url" } } });
  const grant = new iam.DelegationGrant("acme", {
    delegationRequestId: access.delegationRequestId,
    inbox: { tableArn: access.inbox.tableArn, queueUrl: access.queueUrl, topicArn: access.topicArn },
  });
  expectTypeOf(grant.granted).toEqualTypeOf<pulumi.Output<boolean>>();
  // @ts-expect-error Nobody waits for a no.
  new iam.DelegationGrant("acme", { delegationRequestId: "id", inbox: grant.inbox, waitFor: "REJECTED" });
}

export function notifications(message: string, unknown: unknown) {
  const parsed = iam.parseNotification(message);
  if (parsed.kind !== "notification") return;
  const { notification } = parsed;
  if (notification.type === "ExchangeToken") {
    expectTypeOf(notification.exchangeToken).toEqualTypeOf<iam.Secret>();
  } else {
    expectTypeOf(notification.state).toEqualTypeOf<iam.DelegationRequestState>();
    // @ts-expect-error News of a state brings no token.
    notification.exchangeToken;
  }
  if (iam.DelegationRequest.isInstance(unknown)) expectTypeOf(unknown).toEqualTypeOf<iam.DelegationRequest>();
}

export function providers(unknown: unknown) {
  const provider = new Provider("partner", {
    region: "eu-west-1",
    secretKey: pulumi.secret("x"),
    maxRetries: pulumi.output(3),
    retryMode: "adaptive",
    insecure: false,
    allowedAccountIds: [pulumi.output("222222222222"), "333333333333"],
    assumeRoles: [{ roleArn: pulumi.output("arn"), duration: "1h", tags: { team: pulumi.output("a") } }],
    endpoints: [{ iam: "http://127.0.0.1:4566", mpa: pulumi.output("http://127.0.0.1:4566") }],
    defaultTags: { tags: { team: "security" } },
  });
  new Provider("of the environment");
  new mpa.IdentitySource(
    "people",
    { iamIdentityCenter: { instanceArn: "arn", region: "eu-west-1" } },
    { provider },
  );
  new CustomerAccess("acme", { request: asked }, { providers: [provider] });
  expectTypeOf(sts.getDelegatedAccessToken({ tradeInToken: "token" }, { provider })).toEqualTypeOf<
    pulumi.Output<sts.DelegatedAccess>
  >();
  if (Provider.isInstance(unknown)) expectTypeOf(unknown).toEqualTypeOf<Provider>();
  // @ts-expect-error Misspelt.
  new Provider("typo", { regoin: "eu-west-1" });
  // @ts-expect-error Of text.
  new Provider("number", { allowedAccountIds: [222222222222] });
  // @ts-expect-error A key that is refused.
  new Provider("refused", { ec2MetadataServiceEndpoint: "http://169.254.169.254" });
  // @ts-expect-error A key without an effect.
  new Provider("unused", { skipRegionValidation: true });
  // @ts-expect-error A role has an ARN.
  new Provider("role", { assumeRoles: [{ sessionName: "me" }] });
}

export async function stacks() {
  const stack = await testStack({
    program: async () => {
      const { consoleDeepLink } = new iam.DelegationRequest("acme", { ...asked, notificationChannel: topic });
      return { link: consoleDeepLink, fixed: { answer: 42, secret: pulumi.secret([1]) } };
    },
  });
  type Outputs = { link: string; fixed: { answer: number; secret: number[] } };
  expectTypeOf((await stack.up()).outputs).toEqualTypeOf<Outputs>();
  expectTypeOf((await stack.refresh()).outputs).toEqualTypeOf<Outputs>();
  expectTypeOf((await stack.preview()).outputs).toEqualTypeOf<Partial<Outputs>>();
  expectTypeOf(stack.outputs()).toEqualTypeOf<Outputs>();
  // @ts-expect-error The program has no such output.
  stack.outputs().url;

  expectTypeOf(await testStack({ program: { workDir: "." } })).toEqualTypeOf<
    TestStack<Record<string, unknown>>
  >();
  expectTypeOf<OutputsOf<void>>().toEqualTypeOf<Record<string, never>>();
}

export const faults: PlannedFault[] = [
  { operation: "iam:*", drop: true },
  { operation: "*", answer: 429, call: "every", when: "after", delay: "200ms" },
  { operation: "mpa:CreateIdentitySource", answer: { status: 418, code: "Teapot" } },
  // @ts-expect-error There is no usual error of this status: name its code.
  { operation: "iam:*", answer: 418 },
  // @ts-expect-error A fault is before the effect or after it.
  { operation: "iam:*", drop: true, when: "during" },
  // @ts-expect-error Of what?
  { drop: true },
];

export const kills: StackFault[] = [
  { kill: "provider", operation: "iam:CreateDelegationRequest", when: "after" },
  { kill: "engine", op: "create", name: "acme", step: 2, when: "recorded" },
  // @ts-expect-error A provider is killed at a call.
  { kill: "provider", op: "create" },
  // @ts-expect-error An engine is killed at a step.
  { kill: "engine", operation: "iam:*" },
  // @ts-expect-error Who is killed does not answer.
  { kill: "provider", operation: "*", answer: 500 },
  // @ts-expect-error A call has no end that is recorded.
  { kill: "provider", operation: "*", when: "recorded" },
  // @ts-expect-error AWS lives.
  { kill: "cloud", operation: "*" },
];

export function ofThePlugin() {
  const provider = new plugin.Provider("production", {
    region: pulumi.output("us-east-1"),
    assumeRoles: [{ roleArn: "arn:aws:iam::111122223333:role/deploy" }],
  });
  const request = new plugin.iam.DelegationRequest(
    "acme",
    { ...asked, notificationChannel: pulumi.output(topic) },
    { provider },
  );
  expectTypeOf(request.consoleDeepLink).toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf<plugin.iam.DelegationRequestArgs>().toEqualTypeOf<iam.DelegationRequestArgs>();
  const people = plugin.mpa.IdentitySource.get("people", "arn", { provider });
  expectTypeOf(people.tags).toEqualTypeOf<pulumi.Output<Record<string, string> | undefined>>();
  const access = plugin.sts.getDelegatedAccessToken({ tradeInToken: "token" }, { provider });
  expectTypeOf(access).toEqualTypeOf<pulumi.Output<sts.DelegatedAccess>>();
  const args = { arn: pulumi.output("arn") };
  expectTypeOf(plugin.mpa.getApprovalTeam(args, { provider })).toEqualTypeOf(mpa.getApprovalTeam(args));
  expectTypeOf(plugin.mpa.listPolicies({}, { provider })).toEqualTypeOf(mpa.listPolicies());
  expectTypeOf<plugin.mpa.ListSessionsArgs>().toEqualTypeOf<mpa.ListSessionsArgs>();
  const iamIdentityCenter = { instanceArn: "arn", region: "us-east-1" };
  // @ts-expect-error The option customTimeouts says it.
  new plugin.mpa.IdentitySource("waits", { iamIdentityCenter, timeouts: { create: "5m" } });
  // @ts-expect-error Misspelt.
  new plugin.Provider("typo", { regoin: "us-east-1" });
  const unknown: unknown = request;
  if (plugin.iam.DelegationRequest.isInstance(unknown))
    expectTypeOf(unknown).toEqualTypeOf<plugin.iam.DelegationRequest>();
}
