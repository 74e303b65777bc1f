import { boolean, integer, label, list, oneOf, query, string, structure, timestamp } from "../smithy/shape";
import { command } from "./client";

const policyType = oneOf("AWS_MANAGED", "AWS_RAM");
const page = { MaxResults: query(integer, "MaxResults"), NextToken: query(string, "NextToken") };

/** The policies that a team can have, each of an operation that it can protect. */
export class ListPoliciesCommand extends command(
  "ListPolicies",
  ["POST", "/policies/?List"],
  structure({}, page),
  structure(
    {},
    {
      NextToken: string,
      Policies: list(
        structure({ Arn: string, DefaultVersion: integer, PolicyType: policyType, Name: string }),
      ),
    },
  ),
) {}

export class ListPolicyVersionsCommand extends command(
  "ListPolicyVersions",
  ["POST", "/policies/{PolicyArn}/?List"],
  structure({ PolicyArn: label }, page),
  structure(
    {},
    {
      NextToken: string,
      PolicyVersions: list(
        structure({
          Arn: string,
          PolicyArn: string,
          VersionId: integer,
          PolicyType: policyType,
          IsDefault: boolean,
          Name: string,
          Status: oneOf("ATTACHABLE", "DEPRECATED"),
          CreationTime: timestamp,
          LastUpdatedTime: timestamp,
        }),
      ),
    },
  ),
) {}
