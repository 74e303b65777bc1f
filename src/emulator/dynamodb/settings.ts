/** The members of CreateTable and UpdateTable that dynalite does not know. */
import { randomUUID } from "node:crypto";
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { boolean, list, string, structure, type ValueOf } from "../shapes";
import type { TableSettings } from "./tables";

export const settingsMembers = {
  SSESpecification: structure(
    {
      Enabled: boolean,
      SSEType: string({ enum: ["AES256", "KMS"] }),
      KMSMasterKeyId: string({}),
    },
    [],
  ),
  TableClass: string({ enum: ["STANDARD", "STANDARD_INFREQUENT_ACCESS"] }),
  DeletionProtectionEnabled: boolean,
};

export const tags = list(
  structure({ Key: string({ min: 1, max: 128 }), Value: string({ min: 0, max: 256 }) }, ["Key", "Value"]),
);

const settingsInput = structure(settingsMembers, []);

/** The settings with what the input changes of them. */
export function changedSettings(
  settings: TableSettings,
  { SSESpecification, TableClass, DeletionProtectionEnabled }: ValueOf<typeof settingsInput>,
  invocation: Invocation,
): TableSettings {
  return {
    ...settings,
    encryption: SSESpecification ? encryptionOf(SSESpecification, invocation) : settings.encryption,
    tableClass: TableClass ?? settings.tableClass,
    deletionProtected: DeletionProtectionEnabled ?? settings.deletionProtected,
  };
}

/** Undefined for the key that AWS owns, which is the default. */
function encryptionOf(
  { Enabled, SSEType, KMSMasterKeyId }: ValueOf<typeof settingsMembers.SSESpecification>,
  { caller, region }: Invocation,
): TableSettings["encryption"] {
  if (SSEType === "AES256")
    throw new AwsError("ValidationException", 400, "SSEType AES256 is not supported: KMS is");
  if (Enabled !== true) {
    if (KMSMasterKeyId === undefined) return undefined;
    const message = "KMSMasterKeyId can only be specified when Enabled is true";
    throw new AwsError("ValidationException", 400, message);
  }
  const key = KMSMasterKeyId ?? randomUUID();
  return { keyArn: key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${caller.account}:key/${key}` };
}
