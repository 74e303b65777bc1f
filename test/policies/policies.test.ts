import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type ApprovalPolicy, type PolicyArgs, policies } from "../../src/policies";
import { dynamicType } from "../../src/program/handle";
import { resources } from "../../src/resources";
import { ASKED, approvers, needing, TEAM } from "../review/steps";

/** They are policies of Pulumi's SDK, of which the package's declarations know nothing. */
const typed: ResourceValidationPolicy[] = policies;

interface Case {
  policy: string;
  config?: object;
  resource: keyof typeof resources;
  violating: [object, Partial<PolicyArgs["opts"]>?];
  silent: [object, Partial<PolicyArgs["opts"]>?];
}

const { ownerAccountId: _, ...toAnyone } = ASKED;
const permissions = (template: string) => ({
  permissions: { policyTemplateArn: `arn:aws:iam:::delegation-template/${template}` },
});
const cases: Case[] = [
  { policy: "owner-account-required", resource: "delegationRequest", violating: [toAnyone], silent: [ASKED] },
  {
    policy: "allowed-templates",
    config: { templates: ["arn:aws:iam:::delegation-template/example/*"] },
    resource: "delegationRequest",
    violating: [permissions("other/backup")],
    silent: [permissions("example/backup")],
  },
  {
    policy: "allowed-templates",
    config: { templates: ["arn:aws:iam:::delegation-template/example/backup"] },
    resource: "delegationRequest",
    violating: [permissions("example/backup2")],
    silent: [permissions("example/backup")],
  },
  {
    policy: "longest-session",
    resource: "delegationRequest",
    violating: [{ sessionDuration: 14_401 }],
    silent: [{ sessionDuration: 14_400 }],
  },
  {
    policy: "longest-session",
    config: { hours: 1 },
    resource: "delegationRequest",
    violating: [{ sessionDuration: 3601 }],
    silent: [{ sessionDuration: 3600 }],
  },
  {
    policy: "minimum-approvers",
    resource: "approvalTeam",
    violating: [{ approvers: approvers("alice", "bob") }],
    silent: [TEAM],
  },
  {
    policy: "minimum-threshold",
    config: { approvals: 3 },
    resource: "approvalTeam",
    violating: [TEAM],
    silent: [{ approvalStrategy: needing(3) }],
  },
  { policy: "protect-teams", resource: "approvalTeam", violating: [TEAM], silent: [TEAM, { protect: true }] },
  { policy: "protect-teams", resource: "identitySource", violating: [{}], silent: [{}, { protect: true }] },
  {
    policy: "no-plain-claimable-link",
    resource: "delegationRequest",
    violating: [toAnyone],
    silent: [toAnyone, { additionalSecretOutputs: ["consoleDeepLink"] }],
  },
];

function violations(
  policy: ApprovalPolicy | undefined,
  type: string,
  [props, opts]: Case["silent"],
  config: object = {},
): string[] {
  const seen: string[] = [];
  const args: PolicyArgs = {
    ...{ type, props: { ...props } },
    opts: { protect: false, additionalSecretOutputs: [], ...opts },
    getConfig: <T extends object>() => config as T,
  };
  policy?.validateResource(args, (message) => seen.push(message));
  return seen;
}

describe.each(cases)(
  "$policy: $resource $config",
  ({ policy: name, resource, config, violating, silent }) => {
    const policy = policies.find((one) => one.name === name);
    const declaration = resources[resource];

    test.each([declaration.token, dynamicType(declaration)])("%s", (type) => {
      const [message, ...others] = violations(policy, type, violating, config);
      expect(message).toMatch(/\. (Name|Use|Add|Raise|Reduce|Set) /);
      expect(others).toEqual([]);
      expect(violations(policy, type, silent, config)).toEqual([]);
    });

    test("leaves other types alone", () => {
      expect(violations(policy, "aws:s3/bucket:Bucket", violating, config)).toEqual([]);
    });
  },
);

test("each has a case", () => {
  expect(new Set(cases.map(({ policy }) => policy))).toEqual(new Set(typed.map(({ name }) => name)));
});
