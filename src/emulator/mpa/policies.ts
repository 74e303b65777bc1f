import { string } from "../shapes";
import { notFound } from "./errors";

/** A policy that AWS manages: it says which protected operation a team with it decides about. */
export interface ManagedPolicy {
  /** Without a version. */
  readonly arn: string;
  readonly name: string;
  /** One entry a version, the first being version 1. */
  readonly documents: readonly string[];
}

const managed = (service: string, name: string, action: string): ManagedPolicy => ({
  arn: `arn:aws:mpa:::aws:policy/${service}/${name}`,
  name,
  documents: [
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: service }, Action: "mpa:StartSession", Resource: "*" },
        { Effect: "Allow", Principal: { Service: service }, Action: action, Resource: "*" },
      ],
    }),
  ],
});

/** The policies that ListPolicies answers. Their documents are ours: AWS does not publish its own. */
export const MANAGED_POLICIES: readonly ManagedPolicy[] = [
  managed("backup.amazonaws.com", "CreateRestoreAccessVault", "backup:CreateRestoreAccessBackupVault"),
];

/** When AWS published the policies. */
const PUBLISHED = new Date("2025-06-17T00:00:00.000Z");

const SEGMENTS = "[a-zA-Z0-9_\\.-]{1,1023}/[a-zA-Z0-9_\\.-]{1,1023}";

/** The ARN of a policy, for any of its versions. */
export const unqualifiedPolicyArn = string({
  max: 1224,
  pattern: `arn:.{1,63}:mpa:::aws:policy/${SEGMENTS}`,
});

/** The ARN of a version of a policy; `$DEFAULT` is whichever version is the default. */
export const qualifiedPolicyArn = string({
  max: 1224,
  pattern: `arn:.{1,63}:mpa:::aws:policy/${SEGMENTS}/(?:[\\d]+|\\$DEFAULT)`,
});

export function findPolicy(arn: string): ManagedPolicy {
  const policy = MANAGED_POLICIES.find((candidate) => candidate.arn === arn);
  if (policy === undefined) throw notFound(arn);
  return policy;
}

/** The policy and version that a qualified ARN names. */
export function findPolicyVersion(arn: string): { policy: ManagedPolicy; version: number } {
  const at = arn.lastIndexOf("/");
  const policy = findPolicy(arn.slice(0, at));
  const named = arn.slice(at + 1);
  const version = named === "$DEFAULT" ? defaultVersion(policy) : Number(named);
  if (policy.documents[version - 1] === undefined) throw notFound(arn);
  return { policy, version };
}

/** The newest one. */
export const defaultVersion = ({ documents }: ManagedPolicy): number => documents.length;

/** A version as ListPolicyVersions answers it. */
export const flattenVersion = (policy: ManagedPolicy, version: number) => ({
  Arn: `${policy.arn}/${version}`,
  PolicyArn: policy.arn,
  VersionId: version,
  PolicyType: "AWS_MANAGED",
  IsDefault: version === defaultVersion(policy),
  Name: policy.name,
  Status: "ATTACHABLE",
  CreationTime: PUBLISHED,
  LastUpdatedTime: PUBLISHED,
});
