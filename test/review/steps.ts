// Previews as tests write them: what `pulumi preview --json` prints of a change of our resources.

import { resources } from "../../src/resources";
import { parsePreview } from "../../src/review/preview";
import { type ReviewOptions, review } from "../../src/review/review";

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const ACCOUNT = "222222222222";
export const NOW = new Date("2027-01-31T12:00:00Z");

export const ASKED = {
  ownerAccountId: ACCOUNT,
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:111111111111:approvals",
  sessionDuration: 3600,
  state: "UNASSIGNED",
};

const SOURCE = "arn:aws:mpa:us-east-1:111111111111:identity-source/IamIdentityCenter";
export const approvers = (...people: string[]) =>
  people.map((primaryIdentityId) => ({ primaryIdentityId, primaryIdentitySourceArn: SOURCE }));
export const needing = (minApprovalsRequired: number) => ({ mOfN: { minApprovalsRequired } });
export const TEAM = {
  name: "ops",
  description: "Decides about restores",
  approvalStrategy: needing(2),
  approvers: approvers("alice", "bob", "carol"),
  policies: [
    { policyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" },
  ],
};
export const TEAM_ARN = "arn:aws:mpa:us-east-1:111111111111:approval-team/ops-1";

interface Change {
  op?: string;
  name?: string;
  resource?: keyof typeof resources;
  old?: object;
  next?: object;
  /** What AWS has told beside the arguments. */
  outputs?: object;
  reasons?: string[];
  id?: string;
  options?: object;
}

/** A step as the buffered form has it. The operation is that of the states, unless it is given. */
export function step({ name = "acme", resource = "delegationRequest", old, next, ...more }: Change): object {
  const { outputs, reasons, id = "1", options } = more;
  const urn = `urn:pulumi:dev::proj::${resources[resource].token}::${name}`;
  const op = more.op ?? (old === undefined ? "create" : next === undefined ? "delete" : "update");
  return {
    ...{ op, urn },
    ...(old && { oldState: { urn, id, ...options, inputs: old, outputs: { ...old, ...outputs } } }),
    ...(next && { newState: { urn, ...options, inputs: next, outputs: next } }),
    ...(reasons && { replaceReasons: reasons }),
  };
}

export const replacement = (change: Change & { reasons: string[] }): object =>
  step({ op: "replace", ...change });

export const reviewOf = (steps: object[], options: Partial<ReviewOptions> = {}) =>
  review(parsePreview(JSON.stringify({ steps })), { now: NOW, ...options });
