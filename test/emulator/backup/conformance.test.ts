import { backup } from "../../../src/emulator/backup/service";
import { describeConformance } from "../conformance";
import { CUSTOMER, type Harness, PARTNER } from "../harness";
import { activeTeam, vote } from "../mpa/approvalTeams";
import { airGappedVault, associate, freshName, protectedVault, restoreAccess, type Vault } from "./vaults";

const INJECTED = {
  MissingParameterValueException: "injected",
  ServiceUnavailableException: "injected",
} as const;
const NO_VAULT = { why: "the account has no such vault", code: "ResourceNotFoundException" };
const NO_PAGE = { why: "only a token that a response had is valid", code: "InvalidParameterValueException" };
const NO_TEAM = { why: "there is no such team", code: "InvalidParameterValueException" };

/** A call about a vault. */
const about = ({ account, name }: Vault, more: object = {}) => ({
  caller: account,
  input: { BackupVaultName: name, ...more },
});
const ofNoVault = (more: object = {}) => ({
  caller: PARTNER,
  input: { BackupVaultName: "nowhere", ...more },
});
const invalidName = (more: object = {}) => ofNoVault({ BackupVaultName: "a", ...more });
const approved = async (running: Harness) => {
  const vault = await protectedVault(running);
  const access = await restoreAccess(running, vault, CUSTOMER);
  vote(running, access.session, "APPROVED", "alice", "bob");
  return { vault, access };
};
const revoking = async (running: Harness) => {
  const { vault, access } = await approved(running);
  return about(vault, { RestoreAccessBackupVaultArn: access.arn, RequesterComment: "It is over" });
};
const newVault = () => ({
  BackupVaultName: freshName(),
  BackupVaultTags: { stage: "dev" },
  CreatorRequestId: "one",
  MinRetentionDays: 7,
  MaxRetentionDays: 30,
  EncryptionKeyArn: `arn:aws:kms:us-east-1:${PARTNER}:key/1`,
});
const asking = async (running: Harness, more: object = {}) => ({
  caller: CUSTOMER,
  input: {
    SourceBackupVaultArn: (await protectedVault(running)).arn,
    BackupVaultName: freshName(),
    BackupVaultTags: { stage: "dev" },
    CreatorRequestId: freshName(),
    RequesterComment: "After the fire",
    ...more,
  },
});

describeConformance(backup, {
  AssociateBackupVaultMpaApprovalTeam: {
    example: async (running) => {
      const team = await activeTeam(running);
      const vault = await airGappedVault(running, team.account);
      return about(vault, { MpaApprovalTeamArn: team.arn, RequesterComment: "First" });
    },
    restrictions: { BackupVaultName: NO_VAULT, MpaApprovalTeamArn: NO_TEAM },
    errors: {
      ResourceNotFoundException: () => ofNoVault({ MpaApprovalTeamArn: "x" }),
      InvalidParameterValueException: () => invalidName({ MpaApprovalTeamArn: "x" }),
      InvalidRequestException: async (running) => {
        const vault = await protectedVault(running);
        await associate(running, vault, (await activeTeam(running)).arn);
        return about(vault, { MpaApprovalTeamArn: (await activeTeam(running)).arn });
      },
      ...INJECTED,
    },
  },
  DisassociateBackupVaultMpaApprovalTeam: {
    example: async (running) => about(await protectedVault(running), { RequesterComment: "Not needed" }),
    restrictions: { BackupVaultName: NO_VAULT },
    errors: {
      ResourceNotFoundException: () => ofNoVault(),
      InvalidParameterValueException: () => invalidName(),
      InvalidRequestException: async (running) => about(await airGappedVault(running, PARTNER)),
      ...INJECTED,
    },
  },
  CreateLogicallyAirGappedBackupVault: {
    example: () => ({ caller: PARTNER, input: newVault() }),
    errors: {
      AlreadyExistsException: async (running) => {
        const { name } = await airGappedVault(running, PARTNER);
        return { caller: PARTNER, input: { ...newVault(), BackupVaultName: name } };
      },
      InvalidParameterValueException: () => ({
        caller: PARTNER,
        input: { ...newVault(), MinRetentionDays: 31 },
      }),
      LimitExceededException: "injected",
      InvalidRequestException: "injected",
      ...INJECTED,
    },
  },
  CreateRestoreAccessBackupVault: {
    example: (running) => asking(running),
    restrictions: { SourceBackupVaultArn: { ...NO_VAULT, why: "there is no such vault" } },
    errors: {
      AlreadyExistsException: async (running) => {
        const { name } = await airGappedVault(running, CUSTOMER);
        return asking(running, { BackupVaultName: name });
      },
      InvalidParameterValueException: (running) => asking(running, { BackupVaultName: "a" }),
      LimitExceededException: "injected",
      ResourceNotFoundException: (running) => asking(running, { SourceBackupVaultArn: "nowhere" }),
      InvalidRequestException: async (running) => {
        const { arn } = await airGappedVault(running, PARTNER);
        return asking(running, { SourceBackupVaultArn: arn });
      },
      ...INJECTED,
    },
  },
  RevokeRestoreAccessBackupVault: {
    example: revoking,
    restrictions: { BackupVaultName: NO_VAULT, RestoreAccessBackupVaultArn: NO_VAULT },
    errors: {
      ResourceNotFoundException: () => ofNoVault({ RestoreAccessBackupVaultArn: "x" }),
      InvalidParameterValueException: () => invalidName({ RestoreAccessBackupVaultArn: "x" }),
      InvalidRequestException: async (running) => {
        const vault = await protectedVault(running);
        const { arn } = await restoreAccess(running, vault, CUSTOMER);
        return about(vault, { RestoreAccessBackupVaultArn: arn });
      },
      ...INJECTED,
    },
  },
  DeleteBackupVault: {
    example: async (running) => about(await airGappedVault(running, PARTNER)),
    restrictions: { BackupVaultName: NO_VAULT },
    errors: {
      ResourceNotFoundException: () => ofNoVault(),
      InvalidParameterValueException: "injected",
      InvalidRequestException: async (running) => about((await approved(running)).vault),
      ...INJECTED,
    },
  },
  DescribeBackupVault: {
    example: async (running) => {
      const vault = await protectedVault(running);
      return about(vault, { BackupVaultAccountId: vault.account });
    },
    restrictions: {
      BackupVaultName: NO_VAULT,
      BackupVaultAccountId: { ...NO_VAULT, why: "the caller's own vaults only" },
    },
    errors: {
      ResourceNotFoundException: () => ofNoVault(),
      InvalidParameterValueException: "injected",
      ...INJECTED,
    },
  },
  ListBackupVaults: {
    example: async (running) => {
      await airGappedVault(running, PARTNER);
      const ByVaultType = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
      return { caller: PARTNER, input: { ByVaultType, ByShared: false, MaxResults: 1 } };
    },
    restrictions: { NextToken: NO_PAGE },
    errors: {
      ResourceNotFoundException: "injected",
      InvalidParameterValueException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
      ...INJECTED,
    },
  },
  ListRestoreAccessBackupVaults: {
    example: async (running) => about((await approved(running)).vault, { MaxResults: 1 }),
    restrictions: { BackupVaultName: NO_VAULT, NextToken: NO_PAGE },
    errors: {
      ResourceNotFoundException: () => ofNoVault(),
      InvalidParameterValueException: () => invalidName(),
      ...INJECTED,
    },
  },
});
