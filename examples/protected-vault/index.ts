import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { backup, mpa, Provider, type ProviderArgs } from "pulumi-aws-approvals";

const config = new pulumi.Config("protected-vault");

const instanceArn = config.get("instanceArn") ?? "arn:aws:sso:::instance/ssoins-1234567890abcdef";
const region = config.get("identityCenterRegion") ?? "us-east-1";
/** `aws.ssoadmin.getInstances` has it. */
const identityStoreId = config.get("identityStoreId") ?? "d-1234567890";
const userNames = config.getObject<string[]>("approvers") ?? ["alice", "bob", "carol"];

const people = new mpa.IdentitySource("people", { iamIdentityCenter: { instanceArn, region } });

const team = new mpa.ApprovalTeam(
  "restores",
  {
    description: "Decides who may restore the backups",
    approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
    approvers: userNames.map((userName) =>
      mpa.approver({ userName, identityStoreId, identitySourceArn: people.arn, region }),
    ),
    policies: [
      { policyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" },
    ],
    // Only a team that has accepted its invitations can protect a vault.
    waitFor: "ACTIVE",
    // An example is taken down again, once its members agree. Yours should rather have the option `protect`.
    deletion: "wait",
  },
  { customTimeouts: { create: "24h", delete: "24h" } },
);

/** Accounts with vaults that the team is to protect, too: their own programs name the team by its ARN. */
const vaultAccounts = config.getObject<string[]>("vaultAccounts") ?? [];
if (vaultAccounts.length > 0) {
  // A share is in the region of what it shares.
  const here = { region: team.region };
  const share = new aws.ram.ResourceShare("restores", { ...here, allowExternalPrincipals: false });
  const shared = { ...here, resourceShareArn: share.arn };
  new aws.ram.ResourceAssociation("restores", { ...shared, resourceArn: team.arn });
  for (const account of vaultAccounts)
    new aws.ram.PrincipalAssociation(account, { ...shared, principal: account });
}

const vault = new aws.backup.LogicallyAirGappedVault("vault", { minRetentionDays: 7, maxRetentionDays: 30 });

const protection = new backup.VaultApprovalTeam(
  "protection",
  { backupVaultName: vault.name, mpaApprovalTeamArn: team.arn, deletion: "wait" },
  { customTimeouts: { delete: "24h" } },
);

/** For the day of need: the account that restores, such as `{ "profile": "recovery" }`. */
const recovery = config.getObject<ProviderArgs>("recovery");

const access =
  recovery &&
  new backup.RestoreAccessVault(
    "access",
    { sourceBackupVaultArn: protection.backupVaultArn, requesterComment: "After the fire" },
    { provider: new Provider("recovery", recovery) },
  );

/** Whether a topic, for a chat or a mailbox to subscribe to, hears what becomes of teams and sessions. */
const topic = config.getBoolean("events") ? publishEvents(team.region) : undefined;

function publishEvents(region: pulumi.Input<string>): aws.sns.Topic {
  const approvals = new aws.sns.Topic("approvals", { region });
  const rule = new aws.cloudwatch.EventRule("approvals", {
    region,
    description: "What becomes of approval teams and their sessions",
    eventPattern: JSON.stringify({
      source: ["aws.multi-party-approval"],
      // What AWS does by itself. Of calls to the API, those who made them know.
      detail: { eventType: ["AwsServiceEvent"] },
    }),
  });
  new aws.sns.TopicPolicy("approvals", {
    region,
    arn: approvals.arn,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Resource: approvals.arn,
          Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
        },
      ],
    }),
  });
  new aws.cloudwatch.EventTarget("approvals", { region, rule: rule.name, arn: approvals.arn });
  return approvals;
}

/** Where the members vote. */
export const approvalPortalUrl = people.approvalPortalUrl;
export const teamArn = team.arn;
/** `CREATING` while the team votes, then `AVAILABLE`, or `FAILED`. */
export const accessState = access?.vaultState ?? "not asked for";
export const accessSession = access?.mpaSessionArn ?? "none";
/** `mpa.parseEvent` reads what arrives there. */
export const eventsTopicArn = topic?.arn ?? "none";
