import type { MetadataBearer } from "@smithy/types";
import {
  integer,
  label,
  list,
  nothing,
  oneOf,
  sensitiveString,
  sensitiveStringMap,
  string,
  structure,
  type TypeOf,
  timestamp,
} from "../smithy/shape";
import { command } from "./client";

const summary = {
  SessionArn: string,
  ApprovalTeamArn: string,
  ApprovalTeamName: string,
  ProtectedResourceArn: string,
  InitiationTime: timestamp,
  ExpirationTime: timestamp,
  CompletionTime: timestamp,
  Description: sensitiveString,
  Status: oneOf("PENDING", "CANCELLED", "APPROVED", "FAILED", "CREATING"),
  StatusCode: oneOf("REJECTED", "EXPIRED", "CONFIGURATION_CHANGED", "ALL_APPROVERS_IN_SESSION"),
  StatusMessage: string,
  ActionName: string,
  RequesterServicePrincipal: string,
  RequesterPrincipalArn: string,
  RequesterAccountId: string,
  RequesterRegion: string,
  ActionCompletionStrategy: oneOf("AUTO_COMPLETION_UPON_APPROVAL"),
  AdditionalSecurityRequirements: list(oneOf("APPROVER_VERIFICATION_REQUIRED")),
};

const session = structure(
  {},
  {
    ...summary,
    ApprovalStrategy: structure({}, { MofN: structure({ MinApprovalsRequired: integer }) }),
    NumberOfApprovers: integer,
    Metadata: sensitiveStringMap,
    ExecutionStatus: oneOf("EXECUTED", "FAILED", "PENDING"),
    RequesterComment: sensitiveString,
    ApproverResponses: list(
      structure(
        {},
        {
          ApproverId: string,
          IdentitySourceArn: string,
          IdentityId: string,
          Response: oneOf("APPROVED", "REJECTED", "NO_RESPONSE"),
          ResponseTime: timestamp,
        },
      ),
    ),
  },
);

export type GetSessionCommandOutput = TypeOf<typeof session> & MetadataBearer;

const listed = structure({}, summary);
/** A session as ListSessions returns it. */
export type SessionSummary = TypeOf<typeof listed>;

export class GetSessionCommand extends command(
  "GetSession",
  ["GET", "/sessions/{SessionArn}"],
  structure({ SessionArn: label }),
  session,
) {}

/** Unlike the other lists, it has its parameters in the body. */
export class ListSessionsCommand extends command(
  "ListSessions",
  ["POST", "/approval-teams/{ApprovalTeamArn}/sessions/?List"],
  structure(
    { ApprovalTeamArn: label },
    {
      MaxResults: integer,
      NextToken: string,
      Filters: list(
        structure(
          {},
          {
            FieldName: oneOf(
              "ActionName",
              "ApprovalTeamName",
              "VotingTime",
              "Vote",
              "SessionStatus",
              "InitiationTime",
            ),
            Operator: oneOf("EQ", "NE", "GT", "LT", "GTE", "LTE", "CONTAINS", "NOT_CONTAINS", "BETWEEN"),
            Value: string,
          },
        ),
      ),
    },
  ),
  structure({}, { NextToken: string, Sessions: list(listed) }),
) {}

/** Withdraws a change or deletion that waits for votes. */
export class CancelSessionCommand extends command(
  "CancelSession",
  ["PUT", "/sessions/{SessionArn}"],
  structure({ SessionArn: label }),
  nothing,
) {}
