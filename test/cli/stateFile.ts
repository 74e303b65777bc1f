import { TABLE, TOPIC } from "./cliHarness";

const urn = (type: string, name: string) => `urn:pulumi:dev::vendor::${type}::${name}`;

const REQUEST = "pulumi-nodejs:dynamic/aws-approvals/iam:DelegationRequest";
export const SOURCE = "pulumi-nodejs:dynamic/aws-approvals/mpa:IdentitySource";
export const TEAM = "pulumi-nodejs:dynamic/aws-approvals/mpa:ApprovalTeam";
export const VAULT_TEAM = "pulumi-nodejs:dynamic/aws-approvals/backup:VaultApprovalTeam";
export const RESTORE_ACCESS = "pulumi-nodejs:dynamic/aws-approvals/backup:RestoreAccessVault";
export const TEAM_ASSOCIATION = "pulumi-nodejs:dynamic/aws-approvals/paymentcryptography:TeamAssociation";
const INBOX = "aws-approvals:access:ApprovalInbox";

/** How Pulumi marks a secret in an export. */
export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:…",
};

export interface Resource {
  urn: string;
  type: string;
  outputs: Record<string, unknown>;
}

export const resource = (type: string, name: string, outputs: Record<string, unknown>): Resource => ({
  urn: urn(type, name),
  type,
  outputs,
});

export const request = (name: string, delegationRequestId: string, outputs: Record<string, unknown> = {}) =>
  resource(REQUEST, name, {
    delegationRequestId,
    notificationChannel: TOPIC,
    consoleDeepLink: `https://console.example/${name}`,
    state: "UNASSIGNED",
    ...outputs,
  });

export const inbox = (queueUrl: string, topicArn = TOPIC, tableArn = TABLE) =>
  resource(INBOX, "inbox", { topicArn, queueUrl, tableArn, deadLetterQueueUrl: `${queueUrl}-dead-letters` });

/** What `pulumi stack export` prints. */
export const exported = (...resources: Resource[]): string =>
  JSON.stringify({
    version: 3,
    deployment: { resources: [resource("pulumi:pulumi:Stack", "vendor-dev", {}), ...resources] },
  });
