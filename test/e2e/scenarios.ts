import { AssociateDelegationRequestCommand, RejectDelegationRequestCommand } from "@aws-sdk/client-iam";
import { iam, mpa } from "pulumi-aws-approvals";
import { resources } from "../../src/resources";
import type { Life } from "./lifecycle";
import { CUSTOMER, PARTNER, SOURCE_ARN, type World } from "./world";

const here = { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" };
const elsewhere = { instanceArn: "arn:aws:sso:::instance/ssoins-fedcba0987654321", region: "eu-west-1" };
const REPLACEMENT = ["create-replacement it", "delete-replaced it", "replace it"];

interface SourceArgs {
  iamIdentityCenter: { instanceArn: string; region: string };
  tags?: Record<string, string>;
}

export const identitySource: Life<SourceArgs> = {
  title: "IdentitySource",
  declare(args, name) {
    const it = new mpa.IdentitySource(name, args);
    return { arn: it.arn, portal: it.approvalPortalUrl };
  },
  declaration: resources.identitySource,
  args: { iamIdentityCenter: here, tags: { team: "a", cost: "1" } },
  updated: { iamIdentityCenter: here, tags: { team: "b" } },
  replaced: { iamIdentityCenter: elsewhere, tags: { team: "b" } },
  replacement: REPLACEMENT,
  replaceKeys: ["iamIdentityCenter"],
  there: (world) => world.identitySources(),
  ids: (world) => world.sources().map(() => SOURCE_ARN),
  wanted: ({ iamIdentityCenter, tags = {} }) => ({ ...iamIdentityCenter, status: "ACTIVE", tags }),
  deleting: "deletes",
  events: [
    {
      title: "somebody changes its tags",
      act: (world) => world.tagSource({ team: "c", extra: "1" }),
      refresh: ["update it"],
      up: ["update it"],
    },
    {
      title: "somebody deletes it",
      act: (world) => world.deleteSource(),
      refresh: ["delete it"],
      up: ["create it"],
    },
  ],
  failure: {
    args: { iamIdentityCenter: here },
    begin({ emulator }) {
      const outcome = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "There is none." } as const;
      emulator.identitySourceCreation = { delayMs: 0, outcome };
    },
    end({ emulator }) {
      emulator.identitySourceCreation = { delayMs: 0 };
    },
    error: /IdentitySource it .* is ERROR \(IDC_INSTANCE_NOT_FOUND: There is none\.\), not ACTIVE/,
  },
};

interface RequestArgs {
  ownerAccountId?: string;
  description: string;
  permissions: { policyTemplateArn: string; parameters?: iam.PolicyParameter[] };
  notificationChannel: string;
  sessionDuration: number;
  renewWhen?: ("EXPIRED" | "REJECTED")[];
  generation?: number;
}

const request: RequestArgs = {
  description: "Read the list of buckets",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [{ name: "prefix", type: "stringList", values: ["acme-", "other-"] }],
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const named = { ...request, ownerAccountId: CUSTOMER };

/** Refuses the calls of one operation for want of permission. */
const deny = (world: World, denied: string) => {
  world.fault = ({ operation }) =>
    operation === denied ? { error: { status: 403, code: "AccessDenied", message: "No." } } : undefined;
};

async function reject(world: World): Promise<void> {
  const DelegationRequestId = world.requests().at(-1)?.id;
  const customer = world.iam(CUSTOMER);
  await customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new RejectDelegationRequestCommand({ DelegationRequestId, Notes: "Not now." }));
}

const delegationRequest = {
  declare(args: RequestArgs, name: string) {
    const it = new iam.DelegationRequest(name, args);
    return { link: it.consoleDeepLink, state: it.state };
  },
  declaration: resources.delegationRequest,
  replacement: REPLACEMENT,
  there: (world: World) =>
    Promise.all(
      world.requests().map(async ({ id }) => {
        const { OwnerAccountId, Description, Permissions, SessionDuration } = (await world.request(id)) ?? {};
        return { OwnerAccountId, Description, Permissions, SessionDuration };
      }),
    ),
  ids: (world: World) => world.requests().map(({ id }) => id),
  wanted: ({ ownerAccountId, description, permissions, sessionDuration }: RequestArgs) => ({
    OwnerAccountId: ownerAccountId,
    Description: description,
    Permissions: {
      PolicyTemplateArn: permissions.policyTemplateArn,
      Parameters: permissions.parameters?.map(({ name, type, values }) => ({
        Name: name,
        Type: type,
        Values: values,
      })),
    },
    SessionDuration: sessionDuration,
  }),
  deleting: "forgets",
  failure: {
    begin: (world: World) => deny(world, "CreateDelegationRequest"),
    end(world: World) {
      world.fault = undefined;
    },
    error:
      /^iam:CreateDelegationRequest for DelegationRequest it: AccessDenied: No\. .* enrolled the account/,
  },
} as const;

/** While nobody owns it, anybody may read it: a refresh sees what becomes of it. */
export const requestToAnyone: Life<RequestArgs> = {
  ...delegationRequest,
  title: "DelegationRequest to anyone",
  args: request,
  updated: { ...request, renewWhen: ["REJECTED"] },
  replaced: { ...request, renewWhen: ["REJECTED"], sessionDuration: 7200 },
  replaceKeys: ["sessionDuration"],
  events: [
    {
      title: "it lapses",
      act: async (world) => world.clock.advance("25h"),
      refresh: ["update it"],
      up: [],
    },
  ],
  failure: {
    ...delegationRequest.failure,
    args: { ...request, renewWhen: ["REJECTED"], description: "Read the list of buckets, please" },
  },
};

/** Its maker may not read it, so all that is known is what was known at first. */
export const requestToCustomer: Life<RequestArgs> = {
  ...delegationRequest,
  title: "DelegationRequest to a known customer",
  args: named,
  updated: { ...named, renewWhen: ["EXPIRED"] },
  replaced: { ...named, renewWhen: ["EXPIRED"], generation: 2 },
  replaceKeys: ["generation"],
  events: [{ title: "the customer rejects it", act: reject, refresh: [], up: [] }],
  failure: {
    ...delegationRequest.failure,
    args: { ...named, renewWhen: ["EXPIRED"], generation: 3 },
  },
};
