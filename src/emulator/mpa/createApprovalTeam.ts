import { randomUUID } from "node:crypto";
import { AwsError } from "../errors";
import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import {
  type ApprovalTeam,
  approversOf,
  minApprovalsOf,
  pendingValidation,
  teamMembers,
} from "./approvalTeam";
import { fingerprintOf } from "./fingerprint";
import { qualifiedPolicyArn } from "./policies";
import { checkNewTags, tags } from "./tags";

export const createApprovalTeam = operation(
  {
    name: "CreateApprovalTeam",
    route: { method: "POST", path: "/approval-teams" },
    input: structure(
      {
        ...teamMembers,
        Policies: list(structure({ PolicyArn: qualifiedPolicyArn }, ["PolicyArn"]), { min: 1, max: 10 }),
        Name: string({ max: 64, pattern: "[a-zA-Z0-9._-]+" }),
        ClientToken: string({ max: 4096 }),
        Tags: tags,
      },
      ["ApprovalStrategy", "Approvers", "Description", "Policies", "Name"],
    ),
  },
  ({ ClientToken, ...given }, { caller, now, cloud }) => {
    const { mpa, settings } = cloud;
    const requestedTags = given.Tags ?? new Map<string, string>();
    checkNewTags(requestedTags);
    const approvers = approversOf(given.Approvers, [], randomUUID);
    const minApprovals = minApprovalsOf(given.ApprovalStrategy, approvers.length);

    const token = ClientToken === undefined ? undefined : `team ${caller.account} ${ClientToken}`;
    return mpa.once(token, fingerprintOf(given), () => {
      if ([...mpa.teamsOf(caller.account)].some(({ name }) => name === given.Name)) {
        throw new AwsError("ConflictException", 409, `An approval team named ${given.Name} already exists`);
      }
      const team: ApprovalTeam = {
        account: caller.account,
        arn: `arn:aws:mpa:us-east-1:${caller.account}:approval-team/${given.Name}-${randomUUID()}`,
        name: given.Name,
        policies: [...new Set(given.Policies.map(({ PolicyArn }) => PolicyArn))],
        creationTime: now,
        tags: new Map(requestedTags),
        description: given.Description,
        minApprovals,
        approvers,
        versionId: mpa.newVersionId(now),
        status: "PENDING",
        statusCode: "VALIDATING",
        due: pendingValidation(settings.approvalTeamValidation, now),
      };
      mpa.approvalTeams.set(team.arn, team);
      return { CreationTime: now, Arn: team.arn, Name: team.name, VersionId: team.versionId };
    });
  },
);
