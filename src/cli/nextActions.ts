import type { NotifiedStatus } from "../mailbox/order";
import { nextAction as ofRestoreAccessVault } from "../resources/backup/restoreAccessVault/nextAction";
import { nextAction as ofVaultApprovalTeam } from "../resources/backup/vaultApprovalTeam/nextAction";
import { nextAction as ofRequest } from "../resources/iam/delegationRequest/nextAction";
import { nextAction as ofTeam } from "../resources/mpa/approvalTeam/nextAction";
import { nextAction as ofIdentitySource } from "../resources/mpa/identitySource/nextAction";
import { type NextAction, stringOutput } from "../resources/nextAction";
import { nextAction as ofTeamAssociation } from "../resources/paymentcryptography/teamAssociation/nextAction";
import { type Stack, TYPES } from "./stack";

/** A resource of a stack, with its next action. */
export interface ResourceStatus extends Omit<NextAction, "noLink"> {
  noLink: "secret" | "missing" | null;
  kind:
    | "delegation request"
    | "identity source"
    | "approval team"
    | "approval team of a vault"
    | "restore-access vault"
    | "approval team of an operation";
  name: string;
  urn: string;
  /** AWS's id or ARN. */
  id: string | null;
}

/** @param notified looks up the status of a request by its notifications */
export function resourceStatuses(
  stack: Stack,
  notified: (requestId: string) => NotifiedStatus | undefined,
  now: Date,
): ResourceStatus[] {
  const byArn = (type: string, kind: ResourceStatus["kind"], nextAction: typeof ofTeam) =>
    stack.ofType(type).map(({ name, urn, outputs }) => {
      const id =
        stringOutput(outputs, "arn") ??
        stringOutput(outputs, "backupVaultArn") ??
        stringOutput(outputs, "action") ??
        null;
      return { kind, name, urn, id, noLink: null, ...nextAction(outputs) };
    });
  return [
    ...stack.delegationRequests().map((request) => {
      const { name, urn, id } = request;
      const kind = "delegation request" as const;
      return { kind, name, urn, id, noLink: null, ...ofRequest(request, notified(id), now) };
    }),
    ...byArn(TYPES.identitySource, "identity source", ofIdentitySource),
    ...byArn(TYPES.approvalTeam, "approval team", ofTeam),
    ...byArn(TYPES.vaultApprovalTeam, "approval team of a vault", ofVaultApprovalTeam),
    ...byArn(TYPES.restoreAccessVault, "restore-access vault", ofRestoreAccessVault),
    ...byArn(TYPES.teamAssociation, "approval team of an operation", ofTeamAssociation),
  ];
}
