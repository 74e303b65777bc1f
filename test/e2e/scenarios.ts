// The scenario of each resource. A new resource gets one here; the lifecycle table, the crash tests and the fault tests
// then run it.

import { AssociateDelegationRequestCommand, RejectDelegationRequestCommand } from "@aws-sdk/client-iam";
import * as dynamic from "pulumi-aws-approvals";
import * as plugin from "pulumi-aws-approvals/plugin";
import { resources } from "../../src/resources";
import { type AwsFixture, CUSTOMER, PARTNER, SOURCE_ARN } from "./awsFixture";
import { type Scenario, variantsOf } from "./scenario";

const instance = { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" };
const otherInstance = { instanceArn: "arn:aws:sso:::instance/ssoins-fedcba0987654321", region: "eu-west-1" };
const REPLACEMENT = ["create-replacement it", "delete-replaced it", "replace it"];

/** The classes that programs declare resources with. */
export interface Front {
  title: string;
  iam: Pick<typeof dynamic.iam, "DelegationRequest">;
  mpa: Pick<typeof dynamic.mpa, "ApprovalTeam" | "IdentitySource">;
}

export const fronts = {
  dynamic: { title: "dynamic provider", ...dynamic },
  plugin: { title: "plugin", ...plugin },
} satisfies Record<string, Front>;

interface SourceArgs {
  iamIdentityCenter: { instanceArn: string; region: string };
  tags?: Record<string, string>;
}

const identitySourceOf = ({ mpa }: Front): Scenario => {
  const source = variantsOf<SourceArgs>(
    (args, name) => {
      const it = new mpa.IdentitySource(name, args);
      return { arn: it.arn, portal: it.approvalPortalUrl };
    },
    ({ iamIdentityCenter, tags = {} }) => ({ ...iamIdentityCenter, status: "ACTIVE", tags }),
  );
  return {
    title: "IdentitySource",
    declaration: resources.identitySource,
    initial: source({ iamIdentityCenter: instance, tags: { team: "a", cost: "1" } }),
    updated: source({ iamIdentityCenter: instance, tags: { team: "b" } }),
    replaced: source({ iamIdentityCenter: otherInstance, tags: { team: "b" } }),
    replacementSteps: REPLACEMENT,
    replaceKeys: ["iamIdentityCenter"],
    findAll: (fixture) => fixture.identitySources(),
    remoteIds: (fixture) => fixture.sources().map(() => SOURCE_ARN),
    deletion: "deletes",
    outsideChanges: [
      {
        title: "somebody changes its tags",
        make: (fixture) => fixture.tagSource({ team: "c", extra: "1" }),
        refresh: ["update it"],
        up: ["update it"],
      },
      {
        title: "somebody deletes it",
        make: (fixture) => fixture.deleteSource(),
        refresh: ["delete it"],
        up: ["create it"],
      },
    ],
    failure: {
      variant: source({ iamIdentityCenter: instance }),
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
};

const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";

interface TeamArgs {
  description: string;
  minApprovalsRequired: number;
  people: string[];
  version?: string;
  tags?: Record<string, string>;
}

const teamArgs = ({ description, minApprovalsRequired, people, version = "$DEFAULT", tags }: TeamArgs) => ({
  name: "ops",
  description,
  approvalStrategy: { mOfN: { minApprovalsRequired } },
  approvers: people.map((primaryIdentityId) => ({
    primaryIdentityId,
    primaryIdentitySourceArn: SOURCE_ARN,
  })),
  policies: [{ policyArn: `${POLICY}/${version}` }],
  ...(tags && { tags }),
});

/** A team whose approvers accept and approve whatever they are asked. */
const teamVariant = ({ mpa }: Front, args: TeamArgs) =>
  variantsOf<ReturnType<typeof teamArgs> & { adopt?: boolean }>(
    (inputs, name) => {
      const it = new mpa.ApprovalTeam(name, inputs);
      return { arn: it.arn, version: it.versionId };
    },
    () => ({
      Name: "ops",
      Description: args.description,
      ApprovalStrategy: { MofN: { MinApprovalsRequired: args.minApprovalsRequired } },
      Policies: [{ PolicyArn: `${POLICY}/${args.version ?? "$DEFAULT"}` }],
      Status: "ACTIVE",
      StatusCode: undefined,
      members: [...args.people].sort(),
      tags: args.tags ?? {},
    }),
  )(teamArgs(args));

const three = {
  description: "Decides about restores",
  minApprovalsRequired: 2,
  people: ["alice", "bob", "carol"],
  tags: { team: "a", cost: "1" },
};
const four = {
  description: "Decides about all of it",
  minApprovalsRequired: 3,
  people: ["dave", "carol", "bob", "alice"],
  tags: { team: "b" },
};

const approvalTeamOf = (front: Front): Scenario => {
  const team = (args: TeamArgs) => teamVariant(front, args);
  return {
    title: "ApprovalTeam whose approvers agree",
    declaration: resources.approvalTeam,
    initial: team(three),
    updated: team(four),
    replaced: team({ ...four, version: "1" }),
    replacementSteps: REPLACEMENT,
    replaceKeys: ["policies"],
    async arrange(fixture) {
      fixture.approversAgree = true;
      await fixture.createSource(instance.instanceArn);
    },
    findAll: (fixture) => fixture.approvalTeams(),
    remoteIds: (fixture) => [...fixture.emulator.store.approvalTeams.keys()],
    deletion: "deletes",
    outsideChanges: [
      {
        title: "somebody has its members change it",
        make: async (fixture) => {
          const [arn = ""] = fixture.emulator.store.approvalTeams.keys();
          const path = `/approval-teams/${encodeURIComponent(arn)}`;
          await fixture.mpa("PATCH", path, { Description: "Decides about nothing" });
        },
        refresh: ["update it"],
        up: ["update it"],
      },
      {
        title: "somebody has its members delete it",
        make: async (fixture) => {
          const [arn = ""] = fixture.emulator.store.approvalTeams.keys();
          await fixture.mpa("POST", `/approval-teams/${encodeURIComponent(arn)}?Delete=`, {});
        },
        refresh: ["delete it"],
        up: ["create it"],
      },
    ],
    failure: {
      variant: team({ ...four, version: "$DEFAULT" }),
      begin({ emulator }) {
        emulator.approvalTeamValidation = { delayMs: 0, outcome: { statusMessage: "No such user." } };
      },
      end({ emulator }) {
        emulator.approvalTeamValidation = { delayMs: 0 };
      },
      error: /ApprovalTeam it .* is FAILED_VALIDATION \(No such user\..*\), not ACTIVE/,
    },
  };
};

interface RequestArgs {
  ownerAccountId?: string;
  description: string;
  permissions: { policyTemplateArn: string; parameters?: dynamic.iam.PolicyParameter[] };
  notificationChannel: string;
  sessionDuration: number;
  renewWhen?: ("EXPIRED" | "REJECTED")[];
  generation?: number;
}

const toAnyone: RequestArgs = {
  description: "Read the list of buckets",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [{ name: "prefix", type: "stringList", values: ["acme-", "other-"] }],
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const toCustomer = { ...toAnyone, ownerAccountId: CUSTOMER };

const requestOf = ({ iam }: Front) =>
  variantsOf<RequestArgs>(
    (args, name) => {
      const it = new iam.DelegationRequest(name, args);
      return { link: it.consoleDeepLink, state: it.state };
    },
    ({ ownerAccountId, description, permissions, sessionDuration }) => ({
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
  );

async function reject(fixture: AwsFixture): Promise<void> {
  const DelegationRequestId = fixture.requests().at(-1)?.id;
  const customer = fixture.iam(CUSTOMER);
  await customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new RejectDelegationRequestCommand({ DelegationRequestId, Notes: "Not now." }));
}

const delegationRequest = {
  declaration: resources.delegationRequest,
  replacementSteps: REPLACEMENT,
  findAll: (fixture: AwsFixture) =>
    Promise.all(
      fixture.requests().map(async ({ id }) => {
        const { OwnerAccountId, Description, Permissions, SessionDuration } =
          (await fixture.request(id)) ?? {};
        return { OwnerAccountId, Description, Permissions, SessionDuration };
      }),
    ),
  remoteIds: (fixture: AwsFixture) => fixture.requests().map(({ id }) => id),
  deletion: "forgets",
} as const;

const createDenied = {
  begin(fixture: AwsFixture) {
    fixture.fault = ({ operation }) =>
      operation === "CreateDelegationRequest"
        ? { error: { status: 403, code: "AccessDenied", message: "No." } }
        : undefined;
  },
  end(fixture: AwsFixture) {
    fixture.fault = undefined;
  },
  error: /^iam:CreateDelegationRequest for DelegationRequest it: AccessDenied: No\. .* enrolled the account/,
};

/** As long as a request has no owner, anybody may read it, so a refresh sees its state. */
const requestToAnyoneOf = (front: Front): Scenario => {
  const request = requestOf(front);
  return {
    ...delegationRequest,
    title: "DelegationRequest to anyone",
    initial: request(toAnyone),
    updated: request({ ...toAnyone, renewWhen: ["REJECTED"] }),
    replaced: request({ ...toAnyone, renewWhen: ["REJECTED"], sessionDuration: 7200 }),
    replaceKeys: ["sessionDuration"],
    outsideChanges: [
      {
        title: "it lapses",
        make: async (fixture) => fixture.clock.advance("25h"),
        refresh: ["update it"],
        up: [],
      },
    ],
    failure: {
      ...createDenied,
      variant: request({
        ...toAnyone,
        renewWhen: ["REJECTED"],
        description: "Read the list of buckets, please",
      }),
    },
  };
};

/** The partner may not read a request that has an owner, so the state keeps what the create returned. */
const requestToCustomerOf = (front: Front): Scenario => {
  const request = requestOf(front);
  return {
    ...delegationRequest,
    title: "DelegationRequest to a known customer",
    initial: request(toCustomer),
    updated: request({ ...toCustomer, renewWhen: ["EXPIRED"] }),
    replaced: request({ ...toCustomer, renewWhen: ["EXPIRED"], generation: 2 }),
    replaceKeys: ["generation"],
    outsideChanges: [{ title: "the customer rejects it", make: reject, refresh: [], up: [] }],
    failure: {
      ...createDenied,
      variant: request({ ...toCustomer, renewWhen: ["EXPIRED"], generation: 3 }),
    },
  };
};

export const scenariosOf = (front: Front) => ({
  identitySource: identitySourceOf(front),
  approvalTeam: approvalTeamOf(front),
  requestToAnyone: requestToAnyoneOf(front),
  requestToCustomer: requestToCustomerOf(front),
});

/** Those of dynamic resources. */
export const { identitySource, approvalTeam, requestToAnyone, requestToCustomer } = scenariosOf(
  fronts.dynamic,
);
