// The scenario of each resource. A new resource gets one here; the lifecycle table, the crash tests and the fault tests
// then run it.

import { AssociateDelegationRequestCommand, RejectDelegationRequestCommand } from "@aws-sdk/client-iam";
import * as dynamic from "pulumi-aws-approvals";
import * as plugin from "pulumi-aws-approvals/plugin";
import { resources } from "../../src/resources";
import { call } from "../emulator/paymentcryptography/associations";
import { type AwsFixture, CUSTOMER, PARTNER, SOURCE_ARN } from "./awsFixture";
import { inboxIn, openMailbox } from "./inbox";
import { type Scenario, variantsOf } from "./scenario";

const instance = { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" };
const otherInstance = { instanceArn: "arn:aws:sso:::instance/ssoins-fedcba0987654321", region: "eu-west-1" };
const REPLACEMENT = ["create-replacement it", "delete-replaced it", "replace it"];

/** The classes that programs declare resources with. */
export interface Front {
  title: string;
  iam: Pick<typeof dynamic.iam, "DelegationRequest">;
  mpa: Pick<typeof dynamic.mpa, "ApprovalTeam" | "IdentitySource">;
  backup: Pick<typeof dynamic.backup, "VaultApprovalTeam" | "RestoreAccessVault">;
  paymentcryptography: Pick<typeof dynamic.paymentcryptography, "TeamAssociation">;
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
    replacement: {
      variant: source({ iamIdentityCenter: otherInstance, tags: { team: "b" } }),
      steps: REPLACEMENT,
      keys: ["iamIdentityCenter"],
    },
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
    updateAsks:
      "ApprovalTeam it: its 3 members will vote on a change of it (changed: description, approvalStrategy, approvers).",
    replacement: {
      variant: team({ ...four, version: "1" }),
      steps: REPLACEMENT,
      keys: ["policies"],
      asks: "ApprovalTeam it: its members will vote on its deletion (changed: policies). The option protect prevents it.",
    },
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
        asks: "ApprovalTeam it: its 4 members will vote on a change of it (changed: description).",
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

const requestOf = (
  { iam }: Front,
  more: () => Pick<dynamic.iam.DelegationRequestArgs, "inbox"> = () => ({}),
) =>
  variantsOf<RequestArgs>(
    (args, name) => {
      const it = new iam.DelegationRequest(name, { ...args, ...more() });
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

const askedAgain = (state: string, why: string): string =>
  `DelegationRequest it: ${state}; account ${CUSTOMER} will be asked again (${why}).`;

async function reject(fixture: AwsFixture): Promise<void> {
  const DelegationRequestId = fixture.requests().at(-1)?.id;
  const customer = fixture.iam(CUSTOMER);
  await customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new RejectDelegationRequestCommand({ DelegationRequestId, Notes: "Not now." }));
}

const delegationRequest = {
  declaration: resources.delegationRequest,
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
    replacement: {
      variant: request({ ...toAnyone, renewWhen: ["REJECTED"], sessionDuration: 7200 }),
      steps: REPLACEMENT,
      keys: ["sessionDuration"],
      asks: "DelegationRequest it: UNASSIGNED; whoever opens the new link will be asked (changed: sessionDuration).",
    },
    outsideChanges: [
      {
        title: "it expires",
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
    replacement: {
      variant: request({ ...toCustomer, renewWhen: ["EXPIRED"], generation: 2 }),
      steps: REPLACEMENT,
      keys: ["generation"],
      asks: askedAgain("UNASSIGNED", "changed: generation"),
    },
    outsideChanges: [{ title: "the customer rejects it", make: reject, refresh: [], up: [] }],
    failure: {
      ...createDenied,
      variant: request({ ...toCustomer, renewWhen: ["EXPIRED"], generation: 3 }),
    },
  };
};

/** What customers decide is in the inbox, whoever may read the request. */
const requestWithInboxOf = (front: Front): Scenario => {
  const request = requestOf(front, () => ({ inbox: inboxIn(process.env["AWS_ENDPOINT_URL"]) }));
  const renewed = { ...toCustomer, renewWhen: ["EXPIRED" as const] };
  return {
    ...delegationRequest,
    title: "DelegationRequest with an inbox",
    initial: request(toCustomer),
    updated: request(renewed),
    arrange: async (fixture) => void (await openMailbox(fixture.emulator.endpoint, PARTNER)),
    replacement: {
      variant: request({ ...renewed, generation: 2 }),
      steps: REPLACEMENT,
      keys: ["generation"],
      asks: askedAgain("UNASSIGNED", "changed: generation"),
    },
    outsideChanges: [
      {
        title: "it expires",
        make: async (fixture) => {
          fixture.clock.advance("25h");
          // What is due happens when somebody looks.
          fixture.requests();
        },
        refresh: ["update it"],
        up: REPLACEMENT,
        asks: askedAgain("EXPIRED", "renewWhen"),
      },
      { title: "the customer rejects it", make: reject, refresh: ["update it"], up: [] },
    ],
    failure: { ...createDenied, variant: request({ ...renewed, generation: 3 }) },
  };
};

const teamArn = (name: string) => `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/${name}`;
const vaultArn = (name: string) => `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:${name}`;

/** Two teams whose members approve whatever they are asked, and three vaults, protected by the first team or not. */
function makeVaults(fixture: AwsFixture, { areProtected }: { areProtected: boolean }): void {
  fixture.approversAgree = true;
  const [ops] = ["ops", "board"].map((team) => fixture.putTeam(teamArn(team)));
  for (const vault of ["first", "second", "third"])
    fixture.putVault(vaultArn(vault), areProtected ? ops : undefined);
}

const vaultsOf = (fixture: AwsFixture) => [...fixture.emulator.store.backupVaults.values()];

/** The operation is refused between `begin` and `end`. */
const refused = (operation: string, code = "InvalidRequestException") => ({
  begin(fixture: AwsFixture) {
    fixture.fault = (call) =>
      call.operation === operation ? { error: { status: 400, code, message: "No." } } : undefined;
  },
  end(fixture: AwsFixture) {
    fixture.fault = undefined;
  },
});

const membersVote = (type: string, what: string, property: string): string =>
  `${type} it: the members of its current team will vote on ${what} (changed: ${property}).`;

interface VaultTeamArgs {
  backupVaultName: string;
  mpaApprovalTeamArn: string;
  waitFor?: "APPROVED";
  deletion: "wait";
}

const vaultApprovalTeamOf = ({ backup }: Front): Scenario => {
  const team = variantsOf<VaultTeamArgs>(
    (args, name) => {
      const it = new backup.VaultApprovalTeam(name, args);
      return { vault: it.backupVaultArn, update: it.latestMpaApprovalTeamUpdate };
    },
    ({ backupVaultName, mpaApprovalTeamArn }) => ({ vault: backupVaultName, team: mpaApprovalTeamArn }),
  );
  const [ops, board] = [teamArn("ops"), teamArn("board")];
  const protectedVaults = (fixture: AwsFixture) => vaultsOf(fixture).filter((vault) => vault.team);
  const onBoard = { mpaApprovalTeamArn: board, deletion: "wait", waitFor: "APPROVED" } as const;
  return {
    title: "VaultApprovalTeam",
    declaration: resources.vaultApprovalTeam,
    arrange: async (fixture) => makeVaults(fixture, { areProtected: false }),
    initial: team({ backupVaultName: "first", mpaApprovalTeamArn: ops, deletion: "wait" }),
    updated: team({ backupVaultName: "first", ...onBoard }),
    updateAsks: membersVote("VaultApprovalTeam", "another team", "mpaApprovalTeamArn"),
    replacement: {
      variant: team({ backupVaultName: "second", ...onBoard }),
      steps: REPLACEMENT,
      keys: ["backupVaultName"],
      asks: membersVote("VaultApprovalTeam", "removing the team from the vault", "backupVaultName"),
    },
    findAll: async (fixture) =>
      protectedVaults(fixture).map((vault) => ({ vault: vault.name, team: vault.team?.arn })),
    remoteIds: (fixture) => protectedVaults(fixture).map(({ arn }) => arn),
    deletion: "deletes",
    outsideChanges: [
      {
        title: "somebody has another team take its place",
        make: (fixture) =>
          fixture.backup("PUT", "/backup-vaults/second/mpaApprovalTeam", { MpaApprovalTeamArn: ops }),
        refresh: ["update it"],
        up: ["update it"],
        asks: membersVote("VaultApprovalTeam", "another team", "mpaApprovalTeamArn"),
      },
      {
        title: "somebody takes the team away",
        make: (fixture) => fixture.backup("POST", "/backup-vaults/second/mpaApprovalTeam?delete", {}),
        refresh: ["delete it"],
        up: ["create it"],
      },
    ],
    failure: {
      ...refused("AssociateBackupVaultMpaApprovalTeam"),
      variant: team({ backupVaultName: "third", ...onBoard }),
      error: /^backup:AssociateBackupVaultMpaApprovalTeam for VaultApprovalTeam it: InvalidRequest: No\./,
    },
  };
};

interface AccessArgs {
  sourceBackupVaultArn: string;
  requesterComment?: string;
  waitFor: "AVAILABLE";
}

const restoreAccessVaultOf = ({ backup }: Front): Scenario => {
  const access = variantsOf<AccessArgs>(
    (args, name) => {
      const it = new backup.RestoreAccessVault(name, args);
      return { name: it.backupVaultName, state: it.vaultState };
    },
    ({ sourceBackupVaultArn }) => ({ source: sourceBackupVaultArn, state: "AVAILABLE" }),
  );
  const to = (vault: string, requesterComment?: string) =>
    access({
      sourceBackupVaultArn: vaultArn(vault),
      waitFor: "AVAILABLE",
      ...(requesterComment && { requesterComment }),
    });
  const granted = (fixture: AwsFixture) => vaultsOf(fixture).filter((vault) => vault.source);
  return {
    title: "RestoreAccessVault",
    declaration: resources.restoreAccessVault,
    arrange: async (fixture) => makeVaults(fixture, { areProtected: true }),
    initial: to("first"),
    updated: to("first", "After the fire"),
    replacement: {
      variant: to("second", "After the fire"),
      steps: REPLACEMENT,
      keys: ["sourceBackupVaultArn"],
      asks: "RestoreAccessVault it: the members of the source vault's team will vote on a new vault (changed: sourceBackupVaultArn).",
    },
    findAll: async (fixture) => granted(fixture).map(({ source, state }) => ({ source: source?.arn, state })),
    remoteIds: (fixture) => granted(fixture).map(({ arn }) => arn),
    deletion: "deletes",
    asksToCreate: true,
    outsideChanges: [
      {
        title: "the owner revokes it",
        async make(fixture) {
          const [{ arn } = { arn: "" }] = granted(fixture);
          const vaults = "/logically-air-gapped-backup-vaults/second/restore-access-backup-vaults";
          await fixture.backup("DELETE", `${vaults}/${encodeURIComponent(arn)}`);
        },
        refresh: ["delete it"],
        up: ["create it"],
      },
    ],
    failure: {
      ...refused("CreateRestoreAccessBackupVault"),
      variant: to("third"),
      error: /^backup:CreateRestoreAccessBackupVault for RestoreAccessVault it: InvalidRequest: No\./,
    },
  };
};

interface AssociationArgs {
  action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
  mpaTeamArn: string;
  waitFor?: "APPROVED";
  deletion: "wait";
}

const teamAssociationOf = ({ paymentcryptography }: Front): Scenario => {
  const action = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
  const associated = variantsOf<AssociationArgs>(
    (args, name) => {
      const it = new paymentcryptography.TeamAssociation(name, args);
      return { state: it.associationState, status: it.mpaStatus };
    },
    ({ mpaTeamArn }) => mpaTeamArn,
  );
  const to = (name: string) =>
    associated({ action, mpaTeamArn: teamArn(name), deletion: "wait", waitFor: "APPROVED" });
  const associations = (fixture: AwsFixture) => [...fixture.emulator.store.teamAssociations.values()];
  return {
    title: "TeamAssociation",
    declaration: resources.teamAssociation,
    async arrange(fixture) {
      fixture.approversAgree = true;
      for (const team of ["ops", "board"]) fixture.putTeam(teamArn(team));
    },
    initial: to("ops"),
    updated: to("board"),
    updateAsks: membersVote("TeamAssociation", "another team", "mpaTeamArn"),
    findAll: async (fixture) => associations(fixture).map(({ team }) => team.arn),
    remoteIds: (fixture) => associations(fixture).map(({ region }) => `${region}/${action}`),
    deletion: "deletes",
    outsideChanges: [
      {
        title: "somebody has another team take its place",
        make: (fixture) =>
          call(fixture, PARTNER, "AssociateMpaTeam", { Action: action, MpaTeamArn: teamArn("ops") }),
        refresh: ["update it"],
        up: ["update it"],
        asks: membersVote("TeamAssociation", "another team", "mpaTeamArn"),
      },
      {
        title: "somebody takes the team away",
        make: (fixture) => call(fixture, PARTNER, "DisassociateMpaTeam", { Action: action }),
        refresh: ["delete it"],
        up: ["create it"],
      },
    ],
    failure: {
      ...refused("AssociateMpaTeam", "ConflictException"),
      variant: to("ops"),
      error: /^payment-cryptography:AssociateMpaTeam for TeamAssociation it: Conflict: No\./,
    },
  };
};

export const scenariosOf = (front: Front) => ({
  identitySource: identitySourceOf(front),
  approvalTeam: approvalTeamOf(front),
  requestToAnyone: requestToAnyoneOf(front),
  requestToCustomer: requestToCustomerOf(front),
  requestWithInbox: requestWithInboxOf(front),
  vaultApprovalTeam: vaultApprovalTeamOf(front),
  restoreAccessVault: restoreAccessVaultOf(front),
  teamAssociation: teamAssociationOf(front),
});

const { requestToCustomer: _, requestWithInbox: __, ...walked } = scenariosOf(fronts.dynamic);
/** What the crash and fault tests walk through: of the kinds of requests, one. */
export const walkedScenarios = Object.values(walked);
export const { identitySource } = walked;
