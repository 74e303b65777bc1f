import type { MetadataBearer } from "@smithy/types";
import {
  idempotencyToken,
  integer,
  label,
  list,
  nothing,
  oneOf,
  query,
  sensitiveStringMap,
  string,
  structure,
  type TypeOf,
  timestamp,
} from "../smithy/shape";
import { command } from "./client";

const identitySourceArn = structure({ IdentitySourceArn: label });

const identitySource = structure(
  {},
  {
    IdentitySourceType: oneOf("IAM_IDENTITY_CENTER"),
    IdentitySourceParameters: structure(
      {},
      {
        IamIdentityCenter: structure({}, { InstanceArn: string, ApprovalPortalUrl: string, Region: string }),
      },
    ),
    IdentitySourceArn: string,
    CreationTime: timestamp,
    Status: oneOf("CREATING", "ACTIVE", "DELETING", "ERROR"),
    StatusCode: oneOf("ACCESS_DENIED", "DELETION_FAILED", "IDC_INSTANCE_NOT_FOUND", "IDC_INSTANCE_NOT_VALID"),
    StatusMessage: string,
  },
);

export type GetIdentitySourceCommandOutput = TypeOf<typeof identitySource> & MetadataBearer;

/** Returns at once; the source is then CREATING until it is ACTIVE or ERROR. */
export class CreateIdentitySourceCommand extends command(
  "CreateIdentitySource",
  ["POST", "/identity-sources"],
  structure(
    {
      IdentitySourceParameters: structure(
        {},
        { IamIdentityCenter: structure({ InstanceArn: string, Region: string }) },
      ),
    },
    { ClientToken: idempotencyToken, Tags: sensitiveStringMap },
  ),
  structure(
    {},
    { IdentitySourceType: oneOf("IAM_IDENTITY_CENTER"), IdentitySourceArn: string, CreationTime: timestamp },
  ),
) {}

export class GetIdentitySourceCommand extends command(
  "GetIdentitySource",
  ["GET", "/identity-sources/{IdentitySourceArn}"],
  identitySourceArn,
  identitySource,
) {}

export class ListIdentitySourcesCommand extends command(
  "ListIdentitySources",
  ["POST", "/identity-sources/?List"],
  structure({}, { MaxResults: query(integer, "MaxResults"), NextToken: query(string, "NextToken") }),
  structure({}, { NextToken: string, IdentitySources: list(identitySource) }),
) {}

/** Returns at once; the source is then DELETING until a Get no longer finds it. */
export class DeleteIdentitySourceCommand extends command(
  "DeleteIdentitySource",
  ["DELETE", "/identity-sources/{IdentitySourceArn}"],
  identitySourceArn,
  nothing,
) {}
