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

const team = new mpa.ApprovalTeam("restores", {
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
  timeouts: { create: "24h", delete: "24h" },
});

const vault = new aws.backup.LogicallyAirGappedVault("vault", { minRetentionDays: 7, maxRetentionDays: 30 });

const protection = new backup.VaultApprovalTeam("protection", {
  backupVaultName: vault.name,
  mpaApprovalTeamArn: team.arn,
  deletion: "wait",
  timeouts: { delete: "24h" },
});

/** For the day of need: the account that restores, such as `{ "profile": "recovery" }`. */
const recovery = config.getObject<ProviderArgs>("recovery");

const access =
  recovery &&
  new backup.RestoreAccessVault(
    "access",
    { sourceBackupVaultArn: protection.backupVaultArn, requesterComment: "After the fire" },
    { provider: new Provider("recovery", recovery) },
  );

/** Where the members vote. */
export const approvalPortalUrl = people.approvalPortalUrl;
export const teamArn = team.arn;
/** `CREATING` while the team votes, then `AVAILABLE`, or `FAILED`. */
export const accessState = access?.vaultState ?? "not asked for";
export const accessSession = access?.mpaSessionArn ?? "none";
