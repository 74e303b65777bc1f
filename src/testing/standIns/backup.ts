import type { PropertyMap, StandIn } from "../../engine";
import { callBackup } from "../emulatorClient";
import { autoNaming, type Cloud, cloudOf, type MadeUp, standInOf } from "./cloud";
import { tagsOf } from "./tags";

/** `aws.backup.LogicallyAirGappedVault`, which the embedded AWS has. Its tags are kept in the state only. */
export function backupStandIns(cloud: Cloud, madeUp: MadeUp): StandIn[] {
  const callVault = (operation: string, method: "GET" | "DELETE", outputs: PropertyMap) =>
    callBackup(
      { operation, method, path: `/backup-vaults/${outputs["name"]}` },
      undefined,
      cloudOf(cloud, outputs),
    );
  const vault = standInOf({
    type: "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
    computed: ["arn", "tagsAll"],
    replaces: ["name", "minRetentionDays", "maxRetentionDays", "encryptionKeyArn", "region"],
    check: autoNaming(madeUp),
    async create(inputs) {
      const name = String(inputs["name"]);
      const path = `/logically-air-gapped-backup-vaults/${name}`;
      const { BackupVaultArn: arn } = await callBackup(
        { operation: "CreateLogicallyAirGappedBackupVault", method: "PUT", path },
        { MinRetentionDays: inputs["minRetentionDays"], MaxRetentionDays: inputs["maxRetentionDays"] },
        cloudOf(cloud, inputs),
      );
      return { id: name, computed: { arn: String(arn), tagsAll: tagsOf(inputs) } };
    },
    async now(outputs) {
      await callVault("DescribeBackupVault", "GET", outputs);
      return outputs;
    },
    update: async (_, news) => ({ tagsAll: tagsOf(news) }),
    delete: (outputs) => callVault("DeleteBackupVault", "DELETE", outputs),
  });
  return [vault];
}
