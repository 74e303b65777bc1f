import type { ValuesOf } from "../../../declaration/properties";
import { flatten } from "../../../declaration/wire";
import { diffProperties } from "../../../provider/diff";
import type { Tags } from "../ownership";
import { managedTags } from "../tagging";
import type { Team } from "./find";
import { approvalTeam } from "./properties";

export type Inputs = ValuesOf<typeof approvalTeam.inputs>;
type Outputs = ValuesOf<typeof approvalTeam.outputs>;

/** What a stack keeps of a team: the arguments, and what AWS returned. */
export type State = Inputs &
  Partial<Omit<Outputs, keyof Inputs>> &
  Pick<Outputs, "arn" | "region" | "status">;

const { description, approvalStrategy, approvers, policies } = approvalTeam.inputs;

/** What changes in place, by the votes of an ACTIVE team. */
export const updatable = { description, approvalStrategy, approvers } as const;

type Change = Partial<ValuesOf<typeof updatable>>;

/** Whether a change waits for people. */
export const isUpdatePending = (statusCode: string): boolean => /^UPDATE_PENDING_/.test(statusCode);

/** The command that withdraws what is under way. Nothing withdraws a change that the members have approved. */
export const withdrawalOf = (statusCode: string, session: string | undefined): string | undefined =>
  session !== undefined && /_PENDING_APPROVAL$/.test(statusCode)
    ? `aws-approvals cancel --session ${session}`
    : undefined;

/** The values that a change which waits for people would bring. */
export const pendingChange = (state: State): Change =>
  isUpdatePending(updateCodeOf(state)) ? valuesOf(state.pendingUpdate) : {};

const updateCodeOf = ({ pendingUpdate, statusCode }: State): string =>
  (pendingUpdate && (pendingUpdate.statusCode ?? statusCode)) ?? "";

const valuesOf = (update: State["pendingUpdate"]): Change => {
  const { description, approvalStrategy, approvers } = update ?? {};
  return Object.fromEntries(
    Object.entries({ description, approvalStrategy, approvers: approvers?.map(identityOf) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

const identityOf = ({ primaryIdentityId, primaryIdentitySourceArn }: Inputs["approvers"][number]) => ({
  primaryIdentityId,
  primaryIdentitySourceArn,
});

/**
 * A change that has failed, or that people have withdrawn. AWS tells of the first until another is asked for, and nothing of
 * the second but that the version is the one before.
 */
function refusedChange(before: Partial<State>, now: State): Change | undefined {
  if (/^UPDATE_FAILED_/.test(updateCodeOf(now))) return valuesOf(now.pendingUpdate);
  const asked = pendingChange({ ...now, ...before });
  const isWithdrawn =
    Object.keys(asked).length > 0 && now.pendingUpdate === undefined && now.versionId === before.versionId;
  const refused = isWithdrawn ? asked : before.refusedUpdate;
  return refused && differencesOf(now, refused).length > 0 ? refused : undefined;
}

/** Which of the values the state does not have. */
const differencesOf = (state: State, change: Change): string[] =>
  diffProperties(updatable, state, { ...state, ...change }).updates;

/** Whether the program asks for what people have refused in the same generation. */
export const isRefused = (
  { refusedUpdate, generation }: { [Name in "refusedUpdate" | "generation"]?: unknown },
  inputs: { generation?: unknown },
): boolean =>
  refusedUpdate !== undefined &&
  String(generation) === String(inputs.generation) &&
  diffProperties(updatable, Object(refusedUpdate), inputs).updates.length === 0;

/** `ACTIVE`, or what a team that is not waits for or has failed in. */
export const phaseOf = ({ Status, StatusCode }: Team): string =>
  (Status === "ACTIVE" || Status === "DELETING" ? Status : (StatusCode ?? Status)) ?? "";

/** AWS's reason, and the members who have rejected the invitation or not answered it, as the program lists them. */
export function troubleOf(
  { Status, StatusMessage, Approvers = [] }: Team,
  { approvers: listed }: Inputs,
): string | undefined {
  const members = Approvers.filter(
    ({ PrimaryIdentityStatus: answer }) => answer && answer !== "ACCEPTED",
  ).map(({ PrimaryIdentityId, PrimaryIdentityStatus: answer = "" }) => {
    const index = listed.findIndex(({ primaryIdentityId }) => primaryIdentityId === PrimaryIdentityId);
    return `${index < 0 ? "an approver" : `approvers[${index}]`} ${ANSWERS[answer] ?? answer}`;
  });
  const about = Status === "ACTIVE" ? [] : members;
  return [StatusMessage, about.join(", ")].filter(Boolean).join("; ") || undefined;
}

const ANSWERS: Readonly<Record<string, string>> = {
  PENDING: "has not answered",
  REJECTED: "has rejected the invitation",
  INVALID: "is no longer a user",
};

/** The state with what AWS tells now; of its tags, if given, those that the stack manages. */
export function flattenTeam(
  state: Pick<State, "arn" | "region"> & Partial<State>,
  team: Team,
  tags?: Tags,
): State {
  const found = flatten({ policies, ...updatable, ...approvalTeam.outputs }, team);
  const now: State = {
    ...state,
    ...CLEARED,
    ...found,
    description: found.description ?? state.description ?? "",
    approvalStrategy: found.approvalStrategy ??
      state.approvalStrategy ?? { mOfN: { minApprovalsRequired: 1 } },
    approvers: found.approvers ?? state.approvers ?? [],
    policies: withVersionsOf(state.policies, found.policies ?? []),
    status: found.status ?? state.status ?? "",
    ...(tags && { tags: managedTags(state, tags) }),
  };
  return { ...now, refusedUpdate: refusedChange(state, now) };
}

/** What AWS leaves out when there is none. */
const CLEARED = {
  statusCode: undefined,
  statusMessage: undefined,
  updateSessionArn: undefined,
  pendingUpdate: undefined,
};

type Policies = Inputs["policies"];

/** The policies as the program names them, if they are the same: AWS may tell which version `$DEFAULT` is. */
function withVersionsOf(asked: Policies | undefined, found: Policies): Policies {
  const isSame = ({ policyArn: one }: Policies[number], { policyArn: other }: Policies[number]) =>
    one === other || (one.endsWith("/$DEFAULT") && unversioned(one) === unversioned(other));
  const matches =
    asked !== undefined &&
    asked.length === found.length &&
    asked.every((one) => found.some((other) => isSame(one, other)));
  return matches ? asked : found;
}

const unversioned = (arn: string): string => arn.slice(0, arn.lastIndexOf("/"));
