import { regionOf } from "../../../aws/arn";
import { call } from "../../../aws/errors";
import { type Binding, type BindingService, bindingLifecycle } from "../../binding/lifecycle";
import { nameOf, Vaults } from "../vaults";
import { vaultApprovalTeam } from "./properties";

/** What is bound, and by which properties. */
export const vaultBinding: Binding = {
  declaration: vaultApprovalTeam,
  noun: "vault",
  missing: "the backup vault does not exist in this account and region. Create it first.",
  names: {
    target: "backupVaultName",
    team: "mpaApprovalTeamArn",
    pendingTeam: "pendingMpaApprovalTeamArn",
    refusedTeam: "refusedMpaApprovalTeamArn",
    vote: "latestMpaApprovalTeamUpdate",
  },
  targetOf: nameOf,
  open: async (aws, id) => serviceOf(await Vaults.open(aws, id && regionOf(id))),
};

/** The lifecycle of a vault's approval team. */
export const vaultApprovalTeamLifecycle = bindingLifecycle(vaultBinding);

const serviceOf = (vaults: Vaults): BindingService => ({
  async find(name, resource) {
    const answer = await vaults.find(name, resource);
    return (
      answer && { id: answer.BackupVaultArn ?? "", team: answer.MpaApprovalTeamArn, answer: { ...answer } }
    );
  },

  async associate({
    target: BackupVaultName,
    team: MpaApprovalTeamArn,
    comment: RequesterComment,
    resource,
  }) {
    const { AssociateBackupVaultMpaApprovalTeamCommand } = vaults.module;
    const input = { BackupVaultName, MpaApprovalTeamArn, RequesterComment };
    const command = new AssociateBackupVaultMpaApprovalTeamCommand(input);
    await call("backup:AssociateBackupVaultMpaApprovalTeam", resource, () => vaults.client.send(command));
  },

  async disassociate({ target: BackupVaultName, comment: RequesterComment, resource }) {
    const { DisassociateBackupVaultMpaApprovalTeamCommand } = vaults.module;
    const command = new DisassociateBackupVaultMpaApprovalTeamCommand({ BackupVaultName, RequesterComment });
    await call("backup:DisassociateBackupVaultMpaApprovalTeam", resource, () => vaults.client.send(command));
  },
});
