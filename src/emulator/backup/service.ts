import { restJsonService } from "../service";
import { associateBackupVaultMpaApprovalTeam } from "./associateBackupVaultMpaApprovalTeam";
import { createLogicallyAirGappedBackupVault } from "./createLogicallyAirGappedBackupVault";
import { createRestoreAccessBackupVault } from "./createRestoreAccessBackupVault";
import { deleteBackupVault } from "./deleteBackupVault";
import { describeBackupVault } from "./describeBackupVault";
import { disassociateBackupVaultMpaApprovalTeam } from "./disassociateBackupVaultMpaApprovalTeam";
import { listBackupVaults } from "./listBackupVaults";
import { listRestoreAccessBackupVaults } from "./listRestoreAccessBackupVaults";
import { revokeRestoreAccessBackupVault } from "./revokeRestoreAccessBackupVault";

/** AWS Backup, API version 2018-11-15: logically air-gapped vaults, their teams, and restore access to them. */
export const backup = restJsonService({
  name: "backup",
  timestamps: "epochSeconds",
  validationCode: "InvalidParameterValueException",
  operations: [
    associateBackupVaultMpaApprovalTeam,
    createLogicallyAirGappedBackupVault,
    createRestoreAccessBackupVault,
    deleteBackupVault,
    describeBackupVault,
    disassociateBackupVaultMpaApprovalTeam,
    listBackupVaults,
    listRestoreAccessBackupVaults,
    revokeRestoreAccessBackupVault,
  ],
});
