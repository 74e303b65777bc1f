import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { regionOf } from "../../../aws/arn";
import { call, hasCode, ReadableError } from "../../../aws/errors";
import { loadMpa, type MPAClient } from "../../../aws/mpa";
import { isUnknown } from "../../../declaration/unknown";
import { expand } from "../../../declaration/wire";
import { hashOf } from "../../../provider/creation";
import { diffProperties } from "../../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import { reasonOf } from "../../../provider/reason";
import { waitFor } from "../../../provider/wait";
import { type Creation, createOrAdopt, mark } from "../creation";
import {
  formatOwner,
  holderOf,
  isOurs,
  isUnmarked,
  OWNER_TAG,
  ownerPath,
  ownershipIdOf,
  ownershipUpdates,
} from "../ownership";
import { TEAM_ARN } from "../properties";
import { listTags, syncTags } from "../tagging";
import { deleteTeam } from "./deletion";
import { type FoundTeam, find, findByName, findWithTags, type Team, targetOf } from "./find";
import { approvalTeam } from "./properties";
import {
  flattenTeam,
  type Inputs,
  isRefused,
  isUpdatePending,
  pendingChange,
  phaseOf,
  type State,
  troubleOf,
  updatable,
  withdrawalOf,
} from "./state";

/** The lifecycle of an MPA approval team. */
export const approvalTeamLifecycle: Lifecycle<Inputs, State> = {
  declaration: approvalTeam,

  check({ inputs }) {
    const { approvers, approvalStrategy } = inputs;
    const members = isUnknown(approvers) ? undefined : approvers.length;
    const threshold = thresholdOf(approvalStrategy);
    const exceeds = members !== undefined && threshold !== undefined && threshold > members;
    return {
      inputs,
      failures: exceeds
        ? [
            {
              property: "approvalStrategy.mOfN.minApprovalsRequired",
              reason: `must not exceed the number of approvers, ${members}`,
            },
          ]
        : [],
      warnings: exceeds ? [] : adviceFor(members, threshold),
    };
  },

  diff({ olds, state, inputs }) {
    const pending = pendingChange(state);
    const { replaces, updates } = diffProperties(approvalTeam.inputs, { ...olds, ...pending }, inputs);
    // A failed team cannot be repaired, only replaced. The same holds for one that is being deleted.
    if (state.status === "INACTIVE" || state.status === "DELETING") replaces.push("status");
    else if (state.status === "PENDING" && inputs.waitFor === "ACTIVE") updates.push("status");
    updates.push(...ownershipUpdates(state));
    return {
      replaces,
      updates,
      deleteBeforeReplace: inputs.name !== undefined || replaces.includes("status"),
      notes: notesOf(state, { changed: updates.filter((name) => name in updatable), inputs }),
    };
  },

  asks({ state, inputs, replaces, updates }) {
    const { approvers, status, statusCode = "" } = state;
    if (status !== "ACTIVE" || statusCode === "DELETE_PENDING_APPROVAL") return [];
    const changed = replaces.length > 0 ? replaces : updates.filter((name) => name in updatable);
    const { isCertain, reason } = reasonOf(changed, inputs);
    // Who they are after a change that is under way, its state does not tell.
    const count = isUpdatePending(statusCode) || approvers.length < 2 ? "" : `${approvers.length} `;
    const vote = `its ${count}members ${isCertain ? "will vote" : "may have to vote"}`;
    if (replaces.length > 0) return [`${vote} on its deletion (${reason}). The option protect prevents it.`];
    const asksNobody = changed.length === 0 || isUpdatePending(statusCode) || isRefused(state, inputs);
    return asksNobody ? [] : [`${vote} on a change of it (${reason}).`];
  },

  async create(request) {
    const { inputs, context } = request;
    const mpa = await context.aws.mpa(inputs.region);
    const { arn, ...known } = await createOrAdopt(creationOf(mpa, inputs, request), request);
    const state = { ...initialState(arn, inputs), ...known };
    return { id: arn, state: await initialize(mpa, state, inputs, request) };
  },

  async read({ id: arn, state, context }) {
    const found = await findWithTags(await context.aws.mpa(regionOf(arn)), arn, context);
    if (!found || !isOurs(found, state)) return undefined;
    return { ...flattenTeam(state, found.team, found.tags), unmarked: isUnmarked(found, state) };
  },

  async update(request) {
    const { id: arn, name, state, inputs, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (found && !isOurs(found, state))
      throw new ReadableError(`ApprovalTeam ${name}`, `${holderOf(found)} Run pulumi refresh.`);
    const { name: given = state.name, adopt, clientToken, waitFor, deletion, pendingWindowDays } = inputs;
    const local = { name: given, adopt, clientToken, waitFor, deletion, pendingWindowDays };
    return initialize(mpa, { ...state, ...local }, inputs, request);
  },

  async delete(request) {
    const { id: arn, name, state, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (!found) return;
    if (isOurs(found, state)) await deleteTeam(mpa, found.team, request);
    else context.log(`ApprovalTeam ${name} is removed from the stack, but not deleted. ${holderOf(found)}`);
  },

  async import({ id: arn, context }) {
    if (!TEAM_ARN.pattern.test(arn))
      throw new ReadableError(
        "ApprovalTeam",
        "must be identified by its ARN, such as arn:aws:mpa:us-east-1:111122223333:approval-team/NAME-ID.",
      );
    const found = await findWithTags(await context.aws.mpa(regionOf(arn)), arn, context);
    if (!found) return undefined;
    const known = { arn, region: regionOf(arn), ownershipId: ownershipIdOf(found) };
    return flattenTeam(known, found.team, found.tags);
  },
};

/** Undefined when it is not known yet. */
function thresholdOf(strategy: Inputs["approvalStrategy"]): number | undefined {
  if (isUnknown(strategy) || isUnknown(strategy.mOfN)) return undefined;
  const { minApprovalsRequired } = strategy.mOfN;
  return isUnknown(minApprovalsRequired) ? undefined : minApprovalsRequired;
}

/** What AWS's user guide advises, "Create an approval team"; its API takes less. */
function adviceFor(members: number | undefined, threshold: number | undefined): string[] {
  const advice = [
    ...(members !== undefined && members < 3 ? ["at least three approvers"] : []),
    ...(threshold !== undefined && threshold < 2 ? ["at least two approvals"] : []),
    ...(members !== undefined && members === threshold
      ? ["fewer approvals than approvers, because an approver who does not answer counts as a rejection"]
      : []),
  ];
  return advice.length > 0 ? [`AWS advises ${advice.join(" and ")}.`] : [];
}

/** What waits for people, and what they have refused. */
function notesOf(
  state: State,
  { changed, inputs }: { changed: readonly string[]; inputs: Inputs },
): string[] {
  const session = state.updateSessionArn ? ` in the session ${state.updateSessionArn}` : "";
  const { statusCode = "" } = state;
  return [
    ...(isUpdatePending(statusCode)
      ? [
          `a change is waiting for people${session} (${statusCode}). It is not applied yet, and is not requested again.`,
        ]
      : []),
    ...(statusCode === "DELETE_PENDING_APPROVAL" ? [`its deletion is waiting for votes${session}.`] : []),
    ...(changed.length > 0 && isRefused(state, inputs)
      ? [`${refusalOf(state, changed)} Until then, pulumi up fails and asks nobody.`]
      : []),
  ];
}

/** What the program and AWS disagree on since people, or AWS, have said no. */
function refusalOf({ statusCode, statusMessage }: State, changed: readonly string[]): string {
  const reason = `(${[statusCode, statusMessage].filter(Boolean).join(": ")})`;
  const outcome = statusCode === "UPDATE_FAILED_VALIDATION" ? "not valid" : "not approved";
  return (
    `its last change was ${statusCode ? `${outcome} ${reason}` : "withdrawn"}, and the program differs from AWS in ` +
    `${changed.join(", ")}. Change generation to ask the members again, or set the values that AWS has.`
  );
}

/** The state of a team right after the create call. */
const initialState = (arn: string, inputs: Inputs): State => ({
  ...inputs,
  arn,
  region: regionOf(arn),
  status: "PENDING",
});

/** Another team of the same name is in the way. */
function creationOf(mpa: MPAClient, inputs: Inputs, request: Request): Creation<FoundTeam> {
  const { name, context, origin } = request;
  const resource = `ApprovalTeam ${name}`;
  let teamName = inputs.name ?? defaultName(request, inputs);
  const isAskedFor = ({ team }: FoundTeam) =>
    diffProperties(
      { policies: approvalTeam.inputs.policies },
      flattenTeam(initialState("", inputs), team),
      inputs,
    ).replaces.length === 0;
  const sent = [inputs.description, inputs.approvalStrategy, inputs.approvers, inputs.policies];
  return {
    resource,
    inputs,
    tokenInputs: [teamName, ...sent, inputs.region],
    send: (token) => send(mpa, { ...inputs, name: teamName }, token, request),
    find: (arn) => findWithTags(mpa, arn, context),
    targetOf: (arn) => targetOf(mpa, arn),
    findExisting: () => findByName(mpa, teamName, resource, context),
    isBeingDeleted: ({ team }) => team.Status === "DELETING",
    waitUntilGone: (arn) => Promise.reject(beingDeleted(resource, arn)),
    isAskedFor,
    conflictMessage: (found) => conflictMessage(found, isAskedFor(found), inputs),
    ...(inputs.name === undefined && {
      rename: () => {
        teamName = defaultName({ name, origin: `${origin} ${randomUUID()}` }, inputs);
      },
    }),
    stateOf: (created) => ({ ...initialState(created.arn, inputs), name: teamName, ...created }),
  };
}

/** The same for every attempt of one create, and another one for the replacement when policies change. */
function defaultName({ name, origin }: Pick<Request, "name" | "origin">, { policies }: Inputs): string {
  const stem = name.replace(/[^a-zA-Z0-9._-]/g, "-").slice(0, 55);
  return `${stem}-${hashOf([origin, policies.map(({ policyArn }) => policyArn).sort()]).slice(0, 8)}`;
}

const beingDeleted = (resource: string, arn: string) =>
  new ReadableError(
    resource,
    `a team of the same name is being deleted: ${arn}. Run pulumi up again after AWS has deleted it, or specify another name.`,
  );

async function send(mpa: MPAClient, inputs: Inputs, token: string, { name, origin }: Request) {
  const { CreateApprovalTeamCommand } = loadMpa();
  const resource = `ApprovalTeam ${name}`;
  const { clientToken, tags, region, name: teamName = "", ...given } = inputs;
  const { Description, ApprovalStrategy, Approvers, Policies } = expand(approvalTeam.inputs, given);
  const command = new CreateApprovalTeamCommand({
    ...{ Description, ApprovalStrategy, Approvers, Policies, Name: teamName },
    ClientToken: token,
    Tags: { [OWNER_TAG]: formatOwner({ path: ownerPath(origin) }) },
  });
  const answer = await call("mpa:CreateApprovalTeam", resource, () => mpa.send(command));
  const { Arn: arn, CreationTime, VersionId: versionId } = answer;
  if (!arn) throw new ReadableError(resource, "mpa:CreateApprovalTeam returned no ARN.");
  const creationTime = CreationTime?.toISOString();
  return { arn, creationTime, versionId, name: teamName, ownershipId: randomUUID() };
}

function conflictMessage(existing: FoundTeam, isAskedFor: boolean, { adopt }: Inputs): string {
  const exists = `the account already has a team with this name: ${existing.arn}. ${holderOf(existing)}`;
  if (isAskedFor)
    return `${exists} Adopt it with adopt: true, refer to it with ApprovalTeam.get(name, arn), or specify another name.`;
  const not = adopt ? ", so it was not adopted" : "";
  return `${exists} Its policies differ from those in the program${not}. Specify another name, or delete it first.`;
}

/**
 * Waits until AWS has validated the team, sets its tags and asks for what differs; as the very last step sets the owner's id.
 * A failure keeps the team in the state.
 */
async function initialize(mpa: MPAClient, state: State, inputs: Inputs, request: Request): Promise<State> {
  const { arn, unmanagedTags } = state;
  const target = targetOf(mpa, arn);
  let known: State = { ...state, ownershipId: state.ownershipId ?? randomUUID() };
  const onFound = (team: Team) => {
    known = flattenTeam(known, team);
  };
  try {
    await waitUntilUsable(mpa, state, inputs, request, onFound);
    const tags = await listTags(target, request.context);
    await syncTags(target, tags, { tags: inputs.tags, unmanagedTags });
    known = { ...known, tags: inputs.tags };
    await submitChange(mpa, known, inputs, request, onFound);
    known = { ...known, generation: inputs.generation, refusedUpdate: undefined };
    return { ...known, ...(await mark(target, tags, known, request)) };
  } catch (error) {
    throw new InitializationError(arn, known, error);
  }
}

/** @param onFound called with every response of AWS */
async function waitUntilUsable(
  mpa: MPAClient,
  { arn }: State,
  inputs: Inputs,
  { name, timeouts, context }: Request,
  onFound: (found: Team) => void,
): Promise<void> {
  const invited = ["PENDING_ACTIVATION", "PENDING"];
  const waitsForPeople = inputs.waitFor === "ACTIVE";
  await waitFor(
    {
      resource: `ApprovalTeam ${name} (${arn})`,
      pending: ["VALIDATING", ...(waitsForPeople ? invited : [])],
      target: ["ACTIVE", ...(waitsForPeople ? [] : invited)],
      timeout: timeouts.create,
      forPeople: waitsForPeople,
      remedy: "Run pulumi up again to continue waiting, or increase timeouts.create.",
      observe: async () => {
        const team = await find(mpa, arn);
        if (!team) return { status: "gone", detail: "deleted outside of Pulumi; run pulumi refresh" };
        onFound(team);
        return { status: phaseOf(team), detail: troubleOf(team, inputs) };
      },
    },
    context,
  );
}

/** Asks for what the program and AWS disagree on. A change that waits for people already is not asked for again. */
async function submitChange(
  mpa: MPAClient,
  known: State,
  inputs: Inputs,
  request: Request,
  onFound: (found: Team) => void,
): Promise<void> {
  const target = { ...known, ...pendingChange(known) };
  const changed = diffProperties(updatable, target, inputs).updates;
  if (changed.length === 0) return;
  const resource = `ApprovalTeam ${request.name}`;
  refuseSecondChange(resource, known);
  if (isRefused(known, inputs)) throw new ReadableError(resource, refusalOf(known, changed));
  const { UpdateApprovalTeamCommand } = loadMpa();
  const given = expand(updatable, inputs);
  const wanted = {
    ...(changed.includes("description") && { Description: given.Description }),
    ...(changed.includes("approvalStrategy") && { ApprovalStrategy: given.ApprovalStrategy }),
    ...(changed.includes("approvers") && { Approvers: given.Approvers }),
  };
  const command = new UpdateApprovalTeamCommand({ Arn: known.arn, ...wanted });
  let refusal: unknown;
  try {
    await call("mpa:UpdateApprovalTeam", resource, () => mpa.send(command));
  } catch (error) {
    if (!hasCode(error, "Conflict")) throw error;
    refusal = error;
  }
  const team = await find(mpa, known.arn);
  if (team) onFound(team);
  // A lost answer: AWS also answers Conflict when it has the very change already.
  if (refusal !== undefined && !(team && isDeepStrictEqual(differing(known, team, inputs), [])))
    throw refusal;
}

const differing = (known: State, team: Team, inputs: Inputs): string[] => {
  const state = flattenTeam(known, team);
  return diffProperties(updatable, { ...state, ...pendingChange(state) }, inputs).updates;
};

/** AWS takes one change at a time, and none of a team that does not work. */
function refuseSecondChange(resource: string, { status, statusCode = "", updateSessionArn }: State): void {
  if (status !== "ACTIVE")
    throw new ReadableError(
      resource,
      `it is ${statusCode || status}, and AWS changes only ACTIVE teams. Run pulumi up again when its approvers have ` +
        "accepted, or delete it: a team that is not ACTIVE is deleted without votes.",
    );
  if (!/_PENDING_/.test(statusCode)) return;
  const what = isUpdatePending(statusCode) ? "another change" : "its deletion";
  const withdrawal = withdrawalOf(statusCode, updateSessionArn);
  const session = withdrawal
    ? ` in the session ${updateSessionArn}. To withdraw it, run ${withdrawal}. Otherwise, run`
    : ". Run";
  throw new ReadableError(
    resource,
    `${what} is waiting for people (${statusCode})${session} pulumi up again when they have decided.`,
  );
}
