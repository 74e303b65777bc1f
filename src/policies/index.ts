/**
 * Policies for Pulumi's policy packs (`@pulumi/policy`): what a team does not allow of the resources of this package, of
 * either front. `examples/policy-pack` is a pack of them.
 * @module pulumi-aws-approvals/policies
 */

import { tokenOfType } from "../program/handle";
import { resources } from "../resources";

/** What a policy reads of a resource: a part of `ResourceValidationArgs` in `@pulumi/policy`. */
export interface PolicyArgs {
  /** The type token. */
  type: string;
  /** The inputs of the resource. */
  props: Record<string, unknown>;
  /** Options of the resource that policies read. */
  opts: {
    /** Whether the resource may not be deleted. */
    protect: boolean;
    /** The outputs that the program has made secret. */
    additionalSecretOutputs: string[];
  };
  /** The policy's configuration in the pack. */
  getConfig<T extends object>(): T;
}

/** A `ResourceValidationPolicy` of `@pulumi/policy`. Messages name properties and never their values, which may be secret. */
export interface ApprovalPolicy {
  /** The name, unique in a pack. */
  name: string;
  /** What the policy requires. */
  description: string;
  /** Whether a violation stops the update; a pack's configuration may say otherwise. */
  enforcementLevel: "mandatory" | "disabled";
  /** What can be configured, as JSON Schema. Absent when nothing can. */
  configSchema?: {
    /** The properties, by name. */
    properties: Record<string, ConfigProperty>;
    /** The names of those that must be given. */
    required?: string[];
  };
  /** Reports what violates the policy. */
  validateResource(args: PolicyArgs, reportViolation: (message: string) => void): void;
}

/** A property of a policy's configuration, as JSON Schema. */
export type ConfigProperty = NumberProperty | ListProperty;

/** A number that can be configured. */
export interface NumberProperty {
  /** JSON Schema's type. */
  type: "number";
  /** The least allowed value. */
  minimum: number;
  /** The value when none is configured. */
  default: number;
  /** What the property says. */
  description: string;
}

/** A list of texts that can be configured. */
export interface ListProperty {
  /** JSON Schema's type. */
  type: "array";
  /** JSON Schema of the entries. */
  items: {
    /** JSON Schema's type. */
    type: "string";
  };
  /** The least number of entries. */
  minItems: number;
  /** What the property says. */
  description: string;
}

type Validate = (args: PolicyArgs) => string | undefined;

/** A policy of some of the resource types, which are one to it in both fronts. */
const policyOf = ({
  types,
  validate,
  ...policy
}: Omit<ApprovalPolicy, "validateResource" | "enforcementLevel"> & {
  enforcementLevel?: "disabled";
  types: readonly (keyof typeof resources)[];
  validate: Validate;
}): ApprovalPolicy => {
  const tokens: readonly string[] = types.map((type) => resources[type].token);
  return {
    enforcementLevel: "mandatory",
    ...policy,
    validateResource(args, reportViolation) {
      const message = tokens.includes(tokenOfType(args.type)) ? validate(args) : undefined;
      if (message !== undefined) reportViolation(message);
    },
  };
};

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Whether the text is the pattern, in which `*` stands for any characters. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

/** Every request names the customer's account. */
export const ownerAccountRequired: ApprovalPolicy = policyOf({
  name: "owner-account-required",
  description: "A delegation request names the account that may claim it.",
  types: ["delegationRequest"],
  validate: ({ props }) =>
    props["ownerAccountId"] === undefined
      ? "ownerAccountId is missing: without it, any account that opens the link can claim the request. Name the account."
      : undefined,
});

/** Requests use these policy templates only. Disabled until `templates` is configured. */
export const allowedTemplates: ApprovalPolicy = policyOf({
  name: "allowed-templates",
  description: "A delegation request uses one of the policy templates that are allowed.",
  enforcementLevel: "disabled",
  configSchema: {
    properties: {
      templates: {
        type: "array",
        items: { type: "string" },
        minItems: 1,
        description: "The ARNs of the allowed templates; * stands for any characters.",
      },
    },
    required: ["templates"],
  },
  types: ["delegationRequest"],
  validate({ props, getConfig }) {
    const { templates = [] } = getConfig<{ templates?: string[] }>();
    const template: unknown = Object(props["permissions"]).policyTemplateArn;
    const isAllowed = typeof template === "string" && templates.some((pattern) => matches(template, pattern));
    return isAllowed
      ? undefined
      : "permissions.policyTemplateArn is not an allowed template. Use an allowed one, or add it to the policy's templates.";
  },
});

/** Access lasts no longer than this. */
export const longestSession: ApprovalPolicy = policyOf({
  name: "longest-session",
  description: "Requested access lasts no longer than allowed.",
  configSchema: {
    properties: {
      hours: {
        type: "number",
        minimum: 0,
        default: 4,
        description: "The longest allowed session, in hours.",
      },
    },
  },
  types: ["delegationRequest"],
  validate({ props, getConfig }) {
    const { hours = 4 } = getConfig<{ hours?: number }>();
    const seconds = number(props["sessionDuration"]);
    return seconds !== undefined && seconds <= hours * 3600
      ? undefined
      : `sessionDuration is longer than the allowed ${hours} h. Reduce it.`;
  },
});

/** Teams are large enough. */
export const minimumApprovers: ApprovalPolicy = policyOf({
  name: "minimum-approvers",
  description: "An approval team has enough members.",
  configSchema: {
    properties: {
      approvers: {
        type: "number",
        minimum: 1,
        default: 3,
        description: "The least number of members. AWS advises 3.",
      },
    },
  },
  types: ["approvalTeam"],
  validate({ props, getConfig }) {
    const { approvers: least = 3 } = getConfig<{ approvers?: number }>();
    const { approvers } = props;
    return Array.isArray(approvers) && approvers.length >= least
      ? undefined
      : `approvers has fewer entries than the ${least} that are required. Add members.`;
  },
});

/** Enough members must approve. */
export const minimumThreshold: ApprovalPolicy = policyOf({
  name: "minimum-threshold",
  description: "Enough members of an approval team have to approve.",
  configSchema: {
    properties: {
      approvals: {
        type: "number",
        minimum: 1,
        default: 2,
        description: "The least number of approvals. AWS advises 2.",
      },
    },
  },
  types: ["approvalTeam"],
  validate({ props, getConfig }) {
    const { approvals = 2 } = getConfig<{ approvals?: number }>();
    const required = number(Object(Object(props["approvalStrategy"]).mOfN).minApprovalsRequired);
    return required !== undefined && required >= approvals
      ? undefined
      : `approvalStrategy.mOfN.minApprovalsRequired is less than the ${approvals} that are required. Raise it.`;
  },
});

/** What votes depend on is protected from deletion and replacement. */
export const protectTeams: ApprovalPolicy = policyOf({
  name: "protect-teams",
  description: "Approval teams and identity sources are protected from deletion and replacement.",
  types: ["approvalTeam", "identitySource"],
  validate: ({ opts }) =>
    opts.protect
      ? undefined
      : "The option protect is not set: a change could delete or replace it. Set protect: true.",
});

/** Nobody reads a link with which anybody can claim a request. */
export const noPlainClaimableLink: ApprovalPolicy = policyOf({
  name: "no-plain-claimable-link",
  description: "The link of a request that any account can claim is kept secret.",
  types: ["delegationRequest"],
  validate: ({ props, opts }) =>
    props["ownerAccountId"] === undefined && !opts.additionalSecretOutputs.includes("consoleDeepLink")
      ? 'consoleDeepLink would be stored in the state in plain text, and anyone who has it can claim the request. Set additionalSecretOutputs: ["consoleDeepLink"], or set ownerAccountId.'
      : undefined,
});

/** All of them, for `new PolicyPack(name, { policies })`. */
export const policies: ApprovalPolicy[] = [
  ownerAccountRequired,
  allowedTemplates,
  longestSession,
  minimumApprovers,
  minimumThreshold,
  protectTeams,
  noPlainClaimableLink,
];
