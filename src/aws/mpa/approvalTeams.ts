import type { MetadataBearer } from "@smithy/types";
import {
  idempotencyToken,
  integer,
  label,
  list,
  nothing,
  oneOf,
  query,
  sensitiveString,
  sensitiveStringMap,
  string,
  structure,
  type TypeOf,
  timestamp,
} from "../smithy/shape";
import { command } from "./client";

const approvalStrategy = structure({}, { MofN: structure({ MinApprovalsRequired: integer }) });
const requestedApprovers = list(structure({ PrimaryIdentityId: string, PrimaryIdentitySourceArn: string }));
const policies = list(structure({ PolicyArn: string }));

const approvers = list(
  structure(
    {},
    {
      ApproverId: string,
      ResponseTime: timestamp,
      PrimaryIdentityId: string,
      PrimaryIdentitySourceArn: string,
      PrimaryIdentityStatus: oneOf("PENDING", "ACCEPTED", "REJECTED", "INVALID"),
      LastActivity: oneOf("VOTED", "BASELINED", "RESPONDED_TO_INVITATION"),
      LastActivityTime: timestamp,
      PendingBaselineSessionArn: string,
      MfaMethods: list(
        structure({}, { Type: oneOf("EMAIL_OTP"), SyncStatus: oneOf("IN_SYNC", "OUT_OF_SYNC") }),
      ),
    },
  ),
);

const status = {
  Status: oneOf("ACTIVE", "INACTIVE", "DELETING", "PENDING"),
  StatusCode: oneOf(
    "VALIDATING",
    "PENDING_ACTIVATION",
    "FAILED_VALIDATION",
    "FAILED_ACTIVATION",
    "UPDATE_PENDING_APPROVAL",
    "UPDATE_PENDING_ACTIVATION",
    "UPDATE_FAILED_APPROVAL",
    "UPDATE_FAILED_ACTIVATION",
    "UPDATE_FAILED_VALIDATION",
    "DELETE_PENDING_APPROVAL",
    "DELETE_FAILED_APPROVAL",
    "DELETE_FAILED_VALIDATION",
  ),
  StatusMessage: string,
};

const approvalTeam = structure(
  {},
  {
    CreationTime: timestamp,
    ApprovalStrategy: approvalStrategy,
    NumberOfApprovers: integer,
    Approvers: approvers,
    Arn: string,
    Description: sensitiveString,
    Name: string,
    ...status,
    UpdateSessionArn: string,
    VersionId: string,
    Policies: policies,
    LastUpdateTime: timestamp,
    PendingUpdate: structure(
      {},
      {
        VersionId: string,
        Description: string,
        ApprovalStrategy: approvalStrategy,
        NumberOfApprovers: integer,
        ...status,
        Approvers: approvers,
        UpdateInitiationTime: timestamp,
      },
    ),
  },
);

export type GetApprovalTeamCommandOutput = TypeOf<typeof approvalTeam> & MetadataBearer;

/** Returns at once; the team is PENDING while AWS validates it, and then until its approvers have accepted. */
export class CreateApprovalTeamCommand extends command(
  "CreateApprovalTeam",
  ["POST", "/approval-teams"],
  structure(
    {
      ApprovalStrategy: approvalStrategy,
      Approvers: requestedApprovers,
      Description: sensitiveString,
      Policies: policies,
      Name: string,
    },
    { ClientToken: idempotencyToken, Tags: sensitiveStringMap },
  ),
  structure({}, { CreationTime: timestamp, Arn: string, Name: string, VersionId: string }),
) {}

export class GetApprovalTeamCommand extends command(
  "GetApprovalTeam",
  ["GET", "/approval-teams/{Arn}"],
  structure({ Arn: label }),
  approvalTeam,
) {}

export class ListApprovalTeamsCommand extends command(
  "ListApprovalTeams",
  ["POST", "/approval-teams/?List"],
  structure({}, { MaxResults: query(integer, "MaxResults"), NextToken: query(string, "NextToken") }),
  structure(
    {},
    {
      NextToken: string,
      ApprovalTeams: list(
        structure(
          {},
          {
            CreationTime: timestamp,
            ApprovalStrategy: approvalStrategy,
            NumberOfApprovers: integer,
            Arn: string,
            Name: string,
            Description: sensitiveString,
            ...status,
          },
        ),
      ),
    },
  ),
) {}

/** The change waits for the votes of an ACTIVE team: it is then in the team's `PendingUpdate`. */
export class UpdateApprovalTeamCommand extends command(
  "UpdateApprovalTeam",
  ["PATCH", "/approval-teams/{Arn}"],
  structure(
    { Arn: label },
    {
      ApprovalStrategy: approvalStrategy,
      Approvers: requestedApprovers,
      Description: sensitiveString,
      UpdateActions: list(oneOf("SYNCHRONIZE_MFA_DEVICES")),
    },
  ),
  structure({}, { VersionId: string }),
) {}

/** Asks the team for its own deletion. */
export class StartActiveApprovalTeamDeletionCommand extends command(
  "StartActiveApprovalTeamDeletion",
  ["POST", "/approval-teams/{Arn}?Delete"],
  structure({ Arn: label }, { PendingWindowDays: integer }),
  structure({}, { DeletionCompletionTime: timestamp, DeletionStartTime: timestamp }),
) {}

/** Deletes an inactive team, or a draft, at once. */
export class DeleteInactiveApprovalTeamVersionCommand extends command(
  "DeleteInactiveApprovalTeamVersion",
  ["DELETE", "/approval-teams/{Arn}/{VersionId}"],
  structure({ Arn: label, VersionId: label }),
  nothing,
) {}
