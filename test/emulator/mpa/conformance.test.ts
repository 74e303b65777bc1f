import { mpa } from "../../../src/emulator/mpa/service";
import { describeConformance } from "../conformance";
import { arnOf, type Harness, PARTNER } from "../harness";
import {
  accountWithSource,
  activeTeam,
  inactiveTeam,
  invitedTeam,
  POLICY,
  startDeletion,
  startUpdate,
  type Team,
  teamOf,
} from "./approvalTeams";
import { created, freshAccount, PARAMETERS, tagsOf, use } from "./identitySources";

const creation = { IdentitySourceParameters: PARAMETERS, ClientToken: "one", Tags: { stage: "dev" } };
const sourceCall = (caller: string, of = caller) => ({ caller, input: { IdentitySourceArn: arnOf(of) } });
const tagCall = (caller: string, more: object = {}, of = caller) => ({
  caller,
  input: { ResourceArn: arnOf(of), ...more },
});
const tagged = { Tags: { stage: "dev" } };

const ARN = {
  why: "the model calls it a string, and it must be the ARN of a resource",
  code: "ValidationException",
};
const ANOTHERS = { why: "the team is another account's", code: "AccessDeniedException" };
const NO_PAGE = { why: "only a token that a response had is valid", code: "ValidationException" };
const NO_POLICY = { why: "there is no such policy", code: "ResourceNotFoundException" };
const UNKNOWN_TEAM = "approval-team/ops-00000000-0000-0000-0000-000000000000";
/** A call about a team. */
const about = ({ account, arn }: Team, more: object = {}, member = "Arn") => ({
  caller: account,
  input: { [member]: arn, ...more },
});
const elsewhere = ({ arn }: Team, more: object = {}, member = "Arn") => ({
  caller: PARTNER,
  input: { [member]: arn, ...more },
});
const ofNoTeam = (more: object = {}, member = "Arn") => ({
  caller: PARTNER,
  input: { [member]: `arn:aws:mpa:us-east-1:${PARTNER}:${UNKNOWN_TEAM}`, ...more },
});
const invalid = (member: string, more: object = {}) => ({
  caller: PARTNER,
  input: { [member]: "not-an-arn-of-anything", ...more },
});
const updating = async (running: Harness) => {
  const team = await activeTeam(running);
  return { team, session: await startUpdate(running, team) };
};
const change = {
  ApprovalStrategy: { MofN: { MinApprovalsRequired: 1 } },
  Description: "Decides about all of it",
  UpdateActions: ["SYNCHRONIZE_MFA_DEVICES"],
};

const INJECTED = { ThrottlingException: "injected", InternalServerException: "injected" } as const;

describeConformance(mpa, {
  CreateIdentitySource: {
    example: () => ({ caller: freshAccount(), input: creation }),
    restrictions: {
      "IdentitySourceParameters.IamIdentityCenter": {
        why: "the output calls it a union, and a union has one member",
        code: "ValidationException",
        required: true,
      },
    },
    errors: {
      ValidationException: () => ({
        caller: freshAccount(),
        input: { ...creation, Tags: { "aws:reserved": "" } },
      }),
      ServiceQuotaExceededException: async (running) => ({ caller: await created(running), input: creation }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  GetIdentitySource: {
    example: async (running) => sourceCall(await created(running)),
    restrictions: { IdentitySourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
      ResourceNotFoundException: () => sourceCall(freshAccount()),
      AccessDeniedException: async (running) => sourceCall(PARTNER, await created(running)),
      ...INJECTED,
    },
  },
  ListIdentitySources: {
    example: async (running) => ({ caller: await created(running), input: { MaxResults: 1 } }),
    restrictions: {
      NextToken: NO_PAGE,
    },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  DeleteIdentitySource: {
    example: async (running) => sourceCall(await created(running)),
    restrictions: { IdentitySourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
      AccessDeniedException: async (running) => sourceCall(PARTNER, await created(running)),
      ConflictException: async (running) => {
        const account = await created(running);
        await use(running, account);
        return sourceCall(account);
      },
      ...INJECTED,
    },
  },
  TagResource: {
    example: async (running) => tagCall(await created(running), tagged),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: async (running) =>
        tagCall(await created(running), { Tags: { "AWS:reserved": "" } }),
      ResourceNotFoundException: () => tagCall(freshAccount(), tagged),
      AccessDeniedException: async (running) => tagCall(PARTNER, tagged, await created(running)),
      TooManyTagsException: async (running) => tagCall(await created(running, { Tags: tagsOf(50) }), tagged),
      ...INJECTED,
    },
  },
  UntagResource: {
    example: async (running) => tagCall(await created(running, tagged), { TagKeys: ["stage"] }),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn", TagKeys: [] } }),
      ResourceNotFoundException: () => tagCall(freshAccount(), { TagKeys: ["stage"] }),
      AccessDeniedException: async (running) =>
        tagCall(PARTNER, { TagKeys: ["stage"] }, await created(running)),
      ...INJECTED,
    },
  },
  ListTagsForResource: {
    example: async (running) => tagCall(await created(running, tagged)),
    restrictions: { ResourceArn: ARN },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn" } }),
      ResourceNotFoundException: () => tagCall(freshAccount()),
      AccessDeniedException: async (running) => tagCall(PARTNER, {}, await created(running)),
      ...INJECTED,
    },
  },
  ListPolicies: {
    example: () => ({ caller: PARTNER, input: { MaxResults: 1 } }),
    restrictions: { NextToken: NO_PAGE },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  ListPolicyVersions: {
    example: () => ({ caller: PARTNER, input: { PolicyArn: POLICY, MaxResults: 1 } }),
    restrictions: { NextToken: NO_PAGE, PolicyArn: NO_POLICY },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { PolicyArn: POLICY, NextToken: "made-up" } }),
      ResourceNotFoundException: () => ({ caller: PARTNER, input: { PolicyArn: `${POLICY}s` } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  GetPolicyVersion: {
    example: () => ({ caller: PARTNER, input: { PolicyVersionArn: `${POLICY}/$DEFAULT` } }),
    restrictions: { PolicyVersionArn: NO_POLICY },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { PolicyVersionArn: POLICY } }),
      ResourceNotFoundException: () => ({ caller: PARTNER, input: { PolicyVersionArn: `${POLICY}/99` } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  CreateApprovalTeam: {
    example: async (running) => {
      const caller = await accountWithSource(running);
      const ApprovalStrategy = { MofN: { MinApprovalsRequired: 1 } };
      return {
        caller,
        input: teamOf(caller, { ApprovalStrategy, ClientToken: "one", Tags: { stage: "dev" } }),
      };
    },
    restrictions: {
      "ApprovalStrategy.MofN": {
        why: "a union has one member",
        code: "ValidationException",
        required: true,
      },
    },
    errors: {
      ValidationException: async (running) => {
        const caller = await accountWithSource(running);
        const ApprovalStrategy = { MofN: { MinApprovalsRequired: 4 } };
        return { caller, input: teamOf(caller, { ApprovalStrategy }) };
      },
      ConflictException: async (running) => {
        const { account } = await invitedTeam(running);
        return { caller: account, input: teamOf(account) };
      },
      ServiceQuotaExceededException: "injected",
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  GetApprovalTeam: {
    example: async (running) => about(await activeTeam(running)),
    restrictions: { Arn: ANOTHERS },
    errors: {
      ValidationException: () => invalid("Arn"),
      ResourceNotFoundException: () => ofNoTeam(),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running)),
      ...INJECTED,
    },
  },
  ListApprovalTeams: {
    example: async (running) => ({ ...about(await activeTeam(running)), input: { MaxResults: 1 } }),
    restrictions: { NextToken: NO_PAGE },
    errors: {
      ValidationException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
      AccessDeniedException: "injected",
      ...INJECTED,
    },
  },
  UpdateApprovalTeam: {
    example: async (running) => {
      const team = await activeTeam(running);
      return about(team, { ...change, Approvers: teamOf(team.account).Approvers });
    },
    restrictions: {
      Arn: ANOTHERS,
      "ApprovalStrategy.MofN": {
        why: "a union has one member",
        code: "ValidationException",
        required: true,
      },
    },
    errors: {
      ValidationException: () => invalid("Arn"),
      ResourceNotFoundException: () => ofNoTeam(change),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running), change),
      ConflictException: async (running) => about((await updating(running)).team, change),
      ServiceQuotaExceededException: "injected",
      ...INJECTED,
    },
  },
  StartActiveApprovalTeamDeletion: {
    example: async (running) => about(await activeTeam(running), { PendingWindowDays: 7 }),
    restrictions: { Arn: ANOTHERS },
    errors: {
      ValidationException: async (running) => about(await activeTeam(running), { PendingWindowDays: -1 }),
      ResourceNotFoundException: () => ofNoTeam(),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running)),
      ConflictException: async (running) => {
        const team = await activeTeam(running);
        await startDeletion(running, team);
        return about(team);
      },
      ...INJECTED,
    },
  },
  DeleteInactiveApprovalTeamVersion: {
    example: async (running) => {
      const team = await inactiveTeam(running);
      return about(team, { VersionId: team.versionId });
    },
    restrictions: { Arn: ANOTHERS, VersionId: { ...NO_POLICY, why: "the team has no such version" } },
    errors: {
      ValidationException: () => invalid("Arn", { VersionId: "1" }),
      ResourceNotFoundException: async (running) => about(await inactiveTeam(running), { VersionId: "1" }),
      AccessDeniedException: async (running) => {
        const team = await inactiveTeam(running);
        return elsewhere(team, { VersionId: team.versionId });
      },
      ConflictException: async (running) => {
        const team = await activeTeam(running);
        return about(team, { VersionId: team.versionId });
      },
      ...INJECTED,
    },
  },
  StartApprovalTeamBaseline: {
    example: async (running) => {
      const team = await activeTeam(running);
      const [member] = running.emulator.store.approvalTeams.get(team.arn)?.approvers ?? [];
      return about(team, { ApproverIds: [member?.id ?? ""] });
    },
    restrictions: { Arn: ANOTHERS },
    errors: {
      ValidationException: () => invalid("Arn"),
      ResourceNotFoundException: () => ofNoTeam(),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running)),
      ...INJECTED,
    },
  },
  GetSession: {
    example: async (running) => {
      const { team, session } = await updating(running);
      return { caller: team.account, input: { SessionArn: session } };
    },
    restrictions: { SessionArn: ANOTHERS },
    errors: {
      ValidationException: () => invalid("SessionArn"),
      ResourceNotFoundException: () => ({
        caller: PARTNER,
        input: { SessionArn: `arn:aws:mpa:us-east-1:${PARTNER}:session/ops/none` },
      }),
      AccessDeniedException: async (running) => ({
        caller: PARTNER,
        input: { SessionArn: (await updating(running)).session },
      }),
      ...INJECTED,
    },
  },
  ListSessions: {
    example: async (running) => {
      const { team } = await updating(running);
      const Filters = [{ FieldName: "SessionStatus", Operator: "EQ", Value: "PENDING" }];
      return about(team, { Filters, MaxResults: 1 }, "ApprovalTeamArn");
    },
    restrictions: { ApprovalTeamArn: ANOTHERS, NextToken: NO_PAGE },
    errors: {
      ValidationException: () => invalid("ApprovalTeamArn"),
      ResourceNotFoundException: () => ofNoTeam({}, "ApprovalTeamArn"),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running), {}, "ApprovalTeamArn"),
      ...INJECTED,
    },
  },
  CancelSession: {
    example: async (running) => {
      const { team, session } = await updating(running);
      return { caller: team.account, input: { SessionArn: session } };
    },
    restrictions: { SessionArn: ANOTHERS },
    errors: {
      ValidationException: () => invalid("SessionArn"),
      ResourceNotFoundException: () => ({
        caller: PARTNER,
        input: { SessionArn: `arn:aws:mpa:us-east-1:${PARTNER}:session/ops/none` },
      }),
      AccessDeniedException: async (running) => ({
        caller: PARTNER,
        input: { SessionArn: (await updating(running)).session },
      }),
      ConflictException: async (running) => {
        const { team, session } = await updating(running);
        for (const person of ["alice", "bob"]) running.emulator.vote(session, person, "REJECTED");
        return { caller: team.account, input: { SessionArn: session } };
      },
      ...INJECTED,
    },
  },
  GetResourcePolicy: {
    example: async (running) => {
      const PolicyName = "CreateRestoreAccessVault";
      return about(await activeTeam(running), { PolicyName, PolicyType: "AWS_MANAGED" }, "ResourceArn");
    },
    restrictions: { ResourceArn: ARN, PolicyName: NO_POLICY },
    errors: {
      ValidationException: () => invalid("ResourceArn", { PolicyName: "p", PolicyType: "AWS_MANAGED" }),
      InvalidParameterException: "injected",
      ResourceNotFoundException: async (running) =>
        about(await activeTeam(running), { PolicyName: "p", PolicyType: "AWS_MANAGED" }, "ResourceArn"),
      AccessDeniedException: async (running) =>
        elsewhere(await activeTeam(running), { PolicyName: "p", PolicyType: "AWS_MANAGED" }, "ResourceArn"),
      ThrottlingException: "injected",
    },
  },
  ListResourcePolicies: {
    example: async (running) => about(await activeTeam(running), { MaxResults: 1 }, "ResourceArn"),
    restrictions: { ResourceArn: ARN, NextToken: NO_PAGE },
    errors: {
      ValidationException: () => invalid("ResourceArn"),
      ResourceNotFoundException: () => ofNoTeam({}, "ResourceArn"),
      AccessDeniedException: async (running) => elsewhere(await activeTeam(running), {}, "ResourceArn"),
      ...INJECTED,
    },
  },
});
