/** Which team decides about an operation of AWS Payment Cryptography in an account. */
import { AwsError } from "../errors";
import type { ApprovalTeam } from "../mpa/approvalTeam";
import { requesterOf, type Session } from "../mpa/session";
import type { Invocation } from "../operation";
import { string } from "../shapes";

/**
 * The team that decides about an operation of AWS Payment Cryptography. Source:
 * `payment-cryptography:GetMpaTeamAssociation`.
 */
export interface TeamAssociation {
  /** The account, 12 digits. */
  readonly account: string;
  /** The region. */
  readonly region: string;
  /** The operation that the team decides about: `IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE`. */
  readonly action: string;
  /** The team. */
  team: ApprovalTeam;
  /** `ACTIVE`, or a change that the team decides about. */
  state: "ACTIVE" | "UPDATE_PENDING" | "DELETE_PENDING";
  /** In which the team decided last about another team in its place, or about none. */
  session?: Session;
}

export const action = string({ enum: ["IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE"] });
export const comment = string({ min: 0, max: 200, sensitive: true });

const keyOf = ({ caller, region }: Invocation, given: string) => `${caller.account} ${region} ${given}`;

export const lookUp = (invocation: Invocation, given: string): TeamAssociation | undefined =>
  invocation.cloud.teamAssociations.get(keyOf(invocation, given));

export function find(invocation: Invocation, given: string): TeamAssociation {
  const found = lookUp(invocation, given);
  if (found === undefined)
    throw new AwsError("ResourceNotFoundException", 400, `No approval team is associated with ${given}`);
  return found;
}

export function associate(invocation: Invocation, given: string, team: ApprovalTeam): TeamAssociation {
  const { account } = invocation.caller;
  const association: TeamAssociation = {
    ...{ account, region: invocation.region, action: given },
    team,
    state: "ACTIVE",
  };
  invocation.cloud.teamAssociations.set(keyOf(invocation, given), association);
  return association;
}

/** Makes a change that the present team decides about: when it approves, or at once if it cannot vote. */
export function change(
  association: TeamAssociation,
  pending: "UPDATE_PENDING" | "DELETE_PENDING",
  { operation, apply, ...given }: { operation: string; apply(): void; RequesterComment?: string | undefined },
  { caller, region, cloud, now }: Invocation,
): void {
  const { team } = association;
  if (association.state !== "ACTIVE")
    throw new AwsError("ConflictException", 400, `The association is ${association.state}`);
  if (team.status !== "ACTIVE") {
    apply();
    return;
  }
  association.state = pending;
  association.session = cloud.mpa.openSession(
    {
      team,
      actionName: `payment-cryptography:${operation}`,
      description: `${operation} for ${association.action}`,
      protectedResourceArn: `arn:aws:payment-cryptography:${region}:${caller.account}:mpa/${association.action}`,
      servicePrincipal: "payment-cryptography.amazonaws.com",
      ...requesterOf(caller, region),
      ...(given.RequesterComment !== undefined && { comment: given.RequesterComment }),
      cancellable: false,
      onEnd({ status }) {
        association.state = "ACTIVE";
        if (status === "APPROVED") apply();
      },
    },
    now,
  );
}

export const remove = (invocation: Invocation, { action: given }: TeamAssociation): void => {
  invocation.cloud.teamAssociations.delete(keyOf(invocation, given));
};

/** As every operation answers it. */
export const flatten = ({ action: Action, team, state, session }: TeamAssociation) => ({
  MpaTeamAssociation: {
    Action,
    MpaTeamArn: team.arn,
    AssociationState: state,
    MpaStatus: session && {
      MpaSessionArn: session.arn,
      Status: session.status,
      InitiationDate: session.initiationTime,
      StatusMessage: session.statusCode,
    },
  },
});
