export type { RestoreAccessVaultArgs } from "./resources/backup/restoreAccessVault/resource";
export { RestoreAccessVault } from "./resources/backup/restoreAccessVault/resource";
export type { VaultApprovalTeamArgs } from "./resources/backup/vaultApprovalTeam/resource";
export { VaultApprovalTeam } from "./resources/backup/vaultApprovalTeam/resource";
