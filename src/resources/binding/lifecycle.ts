import type { AwsClients } from "../../aws/clients";
import { attemptsOf, hasCode, ReadableError } from "../../aws/errors";
import { className, type ResourceDeclaration } from "../../declaration/properties";
import { isUnknown } from "../../declaration/unknown";
import type { Values } from "../../declaration/values";
import { flattenProperties } from "../../declaration/wire";
import { diffProperties } from "../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../provider/lifecycle";
import { reasonOf } from "../../provider/reason";
import { waitFor } from "../../provider/wait";
import { stringOutput } from "../nextAction";
import { isAboutRemoval } from "./subject";
import { endOf, isPending, isRefused, type Vote } from "./vote";

/** What a team protects, as AWS has it. */
export interface Bound {
  /** The resource's id. */
  id: string;
  /** The ARN of its team, if it has one. */
  team: string | undefined;
  /** As AWS answers it. */
  answer: Values;
}

/** What a service of AWS does with the teams that protect something of it. */
export interface BindingService {
  /** @returns undefined when there is nothing that a team could protect */
  find(target: string, resource: string): Promise<Bound | undefined>;
  associate(request: BindingRequest & { team: string }): Promise<void>;
  disassociate(request: BindingRequest): Promise<void>;
}

interface BindingRequest {
  target: string;
  /** For the members who vote. */
  comment: string | undefined;
  /** For messages. */
  resource: string;
}

/** A resource that binds a team to what it protects. */
export interface Binding {
  declaration: ResourceDeclaration & { timeouts: object };
  /** What messages call what is protected. */
  noun: string;
  /** What to do when it does not exist. */
  missing: string;
  /** The properties with these meanings. */
  names: {
    /** What is protected: an argument. */
    target: string;
    /** The team: as an argument the wanted one, as an output the present one. */
    team: string;
    /** The team that the present one votes about. */
    pendingTeam: string;
    /** The team that the present one has not approved. */
    refusedTeam: string;
    /** A {@link Vote}. */
    vote: string;
  };
  /** @param id without it, where the configuration says */
  open(aws: AwsClients, id?: string): Promise<BindingService>;
  /** What is protected, of the resource's id. */
  targetOf(id: string): string;
}

/** The arguments that all bindings have, and those of one. */
type Inputs = Values & {
  requesterComment?: string;
  adopt?: boolean;
  waitFor?: "APPROVED";
  deletion?: "request" | "wait";
  generation?: string | number;
};

/** What a stack keeps: the arguments, and what AWS returned. */
type State = Inputs;

/**
 * The lifecycle of a team's binding. The first team is associated at once. About another one in its place, and none, the
 * present team votes; a change that it has not approved is not asked for again until `generation` says so.
 */
export function bindingLifecycle(binding: Binding): Lifecycle<Inputs, State> {
  const { declaration, names, noun } = binding;
  return {
    declaration,

    diff({ olds, state, inputs }) {
      const { pendingTeam, refusedTeam } = stateOf(binding, state);
      const asked = pendingTeam === undefined ? olds : { ...olds, [names.team]: pendingTeam };
      const { replaces, updates } = diffProperties(declaration.inputs, asked, inputs);
      const wanted = inputs[names.team];
      const isAsked = pendingTeam !== undefined && wanted === pendingTeam;
      if (isAsked && inputs.waitFor) updates.push(names.pendingTeam);
      // The program has given up what was refused: then nothing is to be remembered.
      if (refusedTeam !== undefined && wanted === state[names.team]) updates.push(names.refusedTeam);
      return {
        replaces,
        updates,
        notes: [
          ...(isAsked
            ? [`the change is not requested again: ${waitingFor(stateOf(binding, state).vote)}`]
            : []),
          ...(!isAsked && updates.includes(names.team) ? progressNotes(binding, state, wanted) : []),
          ...(isRefusedAgain(binding, state, inputs)
            ? [`${refusalOf(binding, state)} Until then, pulumi up fails and asks nobody.`]
            : []),
        ],
      };
    },

    asks({ state, inputs, replaces, updates }) {
      const asksNobody = isPending(stateOf(binding, state).vote) || isRefusedAgain(binding, state, inputs);
      const changesTeam = updates.includes(names.team) && !asksNobody;
      if (replaces.length === 0 && !changesTeam) return [];
      const { isCertain, reason } = reasonOf(replaces.length > 0 ? replaces : [names.team], inputs);
      const vote = `the members of its current team ${isCertain ? "will vote" : "may have to vote"}`;
      return [
        `${vote} on ${replaces.length > 0 ? `removing the team from the ${noun}` : "another team"} (${reason}).`,
      ];
    },

    async create(request) {
      const { inputs, context } = request;
      const resource = nameOf(binding, request);
      const service = await binding.open(context.aws);
      const found = await service.find(String(inputs[names.target]), resource);
      if (!found) throw new ReadableError(resource, binding.missing);
      const { team } = found;
      if (team !== undefined && team !== inputs[names.team] && !inputs.adopt)
        throw new ReadableError(
          resource,
          `the ${noun} already has another team: ${team}. To have its members vote on replacing it with this one, set adopt: true.`,
        );
      return { id: found.id, state: await ensure(binding, service, found, undefined, request) };
    },

    async read(request) {
      const { found } = await find(binding, request);
      return found?.team === undefined ? undefined : flattenBound(binding, request.state, found);
    },

    async update(request) {
      const { service, found, resource } = await find(binding, request);
      if (!found) throw new ReadableError(resource, `the ${noun} no longer exists. Run pulumi refresh.`);
      return ensure(binding, service, found, request.state, request);
    },

    async delete(request) {
      const { id, state, context } = request;
      const { service, found, resource } = await find(binding, request);
      if (found?.team === undefined) return;
      const known = stateOf(binding, state);
      if (found.team !== known.team && found.team !== known.pendingTeam) {
        context.log(
          `${resource} is removed from the stack without a vote: the ${noun} now has another team, ${found.team}.`,
        );
        return;
      }
      const vote = voteOf(binding, found);
      const isOfPendingTeam = known.pendingTeam !== undefined && isSameVote(known.vote, vote);
      const isAboutTeam = isOfPendingTeam || (await isAboutRemoval(vote, resource, context.aws)) === false;
      if (isAboutTeam && isPending(vote))
        throw new ReadableError(
          resource,
          `cannot be removed yet: ${waitingFor(vote)} Run pulumi refresh and pulumi destroy after the vote.`,
        );
      if (!isAboutTeam) refuseToAskAgain(noun, known.vote, vote, resource);
      let asked = found;
      if (!isPending(vote)) {
        const target = binding.targetOf(id);
        const change = { target, comment: state.requesterComment, resource };
        await once(binding, service, found, change, () => service.disassociate(change));
        const next = await service.find(target, resource);
        if (next?.team === undefined) return;
        asked = next;
      }
      if (state.deletion === "wait")
        return waitUntilDecided(binding, service, id, { ...request, wanted: undefined, before: vote });
      throw new ReadableError(
        resource,
        `the ${noun} keeps it until its members approve the removal: ${waitingFor(voteOf(binding, asked))} Run pulumi destroy again after the vote, or set deletion: "wait".`,
      );
    },

    async import(request) {
      const { found } = await find(binding, request);
      if (found?.team === undefined) return undefined;
      return flattenBound(binding, { [names.target]: binding.targetOf(request.id) }, found);
    },
  };
}

const nameOf = ({ declaration }: Binding, { name }: Pick<Request, "name">): string =>
  `${className(declaration)} ${name}`;

async function find(binding: Binding, { id, name, context }: Request & { id: string }) {
  const resource = nameOf(binding, { name });
  const service = await binding.open(context.aws, id);
  return { service, found: await service.find(binding.targetOf(id), resource), resource };
}

/** Has the team associated, unless it is or is about to be. */
async function ensure(
  binding: Binding,
  service: BindingService,
  found: Bound,
  state: State | undefined,
  request: Request & { inputs: Inputs },
): Promise<State> {
  const { inputs } = request;
  const resource = nameOf(binding, request);
  const { names } = binding;
  const [target, wanted] = [String(inputs[names.target]), String(inputs[names.team])];
  await refuseSecondChange(binding, state, found, request);
  if (state && found.team !== wanted) await refuseRepetition(binding, state, found, request);
  const before = voteOf(binding, found);
  const asked = { ...inputs, [names.pendingTeam]: wanted, [names.vote]: before };
  const isMissing = found.team !== wanted && !isPending(before);
  const change = { target, team: wanted, comment: inputs.requesterComment, resource };
  if (isMissing) await once(binding, service, found, change, () => service.associate(change));
  let latest = found;
  try {
    if (isMissing) latest = (await service.find(target, resource)) ?? latest;
    if (inputs.waitFor && latest.team !== wanted)
      await waitUntilDecided(binding, service, found.id, { ...request, wanted, before }, (seen) => {
        latest = seen;
      });
  } catch (error) {
    throw new InitializationError(found.id, flattenBound(binding, asked, latest), error);
  }
  return flattenBound(binding, asked, latest);
}

/** Requests a change. AWS refuses to repeat a request whose answer was lost, and then shows that it has it. */
async function once(
  binding: Binding,
  service: BindingService,
  found: Bound,
  { target, resource }: BindingRequest,
  request: () => Promise<void>,
): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!hasCode(error, "InvalidRequest", "Conflict", "ResourceNotFound") || attemptsOf(error) < 2)
      throw error;
    const now = await service.find(target, resource);
    const isAsked = now && isPending(voteOf(binding, now));
    if (now?.team === found.team && !isAsked) throw error;
  }
}

/** People are not asked for something else meanwhile. A vote that the state does not know of may be what a crash has left. */
async function refuseSecondChange(
  binding: Binding,
  state: State | undefined,
  found: Bound,
  request: Request & { inputs: Inputs },
): Promise<void> {
  const vote = voteOf(binding, found);
  if (!isPending(vote)) return;
  const resource = nameOf(binding, request);
  const known = state && stateOf(binding, state);
  const isKnown = known !== undefined && isSameVote(known.vote, vote);
  const wanted = request.inputs[binding.names.team];
  const isAnother =
    isKnown && known.pendingTeam !== undefined
      ? known.pendingTeam !== wanted
      : found.team !== wanted && ((await isAboutRemoval(vote, resource, request.context.aws)) ?? isKnown);
  if (isAnother)
    throw new ReadableError(
      resource,
      `another change is in progress: ${waitingFor(vote)} Run pulumi refresh and pulumi up after the vote.`,
    );
}

/** People are not asked again for what they have not approved. */
async function refuseRepetition(
  binding: Binding,
  state: State,
  found: Bound,
  request: Request & { inputs: Inputs },
): Promise<void> {
  const { inputs, context } = request;
  const { names } = binding;
  const resource = nameOf(binding, request);
  const wanted = inputs[names.team];
  const { pendingTeam, vote: knownVote } = stateOf(binding, state);
  const vote = voteOf(binding, found);
  const known = flattenBound(
    binding,
    // The arguments as they are now, but for the generation that people were asked in.
    { ...inputs, generation: state.generation, ...outputsOf(binding, state) },
    found,
  );
  const { refusedTeam } = stateOf(binding, known);
  // A vote that the state does not know of may be one that a crash has kept from being recorded.
  const isUnknownRefusal =
    isRefused(vote) && pendingTeam === undefined && refusedTeam === undefined && !isSameVote(knownVote, vote);
  if (!hasGeneration(state, inputs) || !(refusedTeam === wanted || isUnknownRefusal)) return;
  if (isUnknownRefusal && (await isAboutRemoval(vote, resource, context.aws))) return;
  const refused = { ...known, [names.refusedTeam]: wanted };
  throw new InitializationError(found.id, refused, new ReadableError(resource, refusalOf(binding, refused)));
}

/** Members who have said no since the state was recorded are not asked again by a destroy that runs again. */
function refuseToAskAgain(noun: string, known: Vote, latest: Vote, resource: string): void {
  if (!isRefused(latest) || isSameVote(known, latest)) return;
  throw new ReadableError(
    resource,
    `the ${noun} keeps it: its members did not approve the removal (${latest.statusMessage ?? "no reason given"}). ` +
      "To ask them again, run pulumi refresh and then pulumi destroy.",
  );
}

const hasGeneration = (state: State, { generation }: Inputs): boolean =>
  String(state.generation) === String(generation);

/** Whether the program names the team that the members have not approved, in the same generation. */
function isRefusedAgain(binding: Binding, state: State, inputs: Inputs): boolean {
  const { refusedTeam } = stateOf(binding, state);
  return (
    refusedTeam !== undefined && inputs[binding.names.team] === refusedTeam && hasGeneration(state, inputs)
  );
}

/** Whether members have refused something before, which says nothing about what they are asked since. */
const isOldRefusal = (vote: Vote, before: Vote): boolean => isRefused(before) && isSameVote(vote, before);

const isSameVote = (one: Vote, other: Vote): boolean => one.mpaSessionArn === other.mpaSessionArn;

/** What a preview says of another team while members vote. What they vote about, a state may not know after a crash. */
function progressNotes(binding: Binding, state: State, wanted: unknown): string[] {
  const { pendingTeam, vote } = stateOf(binding, state);
  if (!isPending(vote) || isUnknown(wanted)) return [];
  return [
    pendingTeam === undefined
      ? `a change is in progress: ${waitingFor(vote)} Until then, pulumi up asks nobody.`
      : `another change is in progress: ${waitingFor(vote)} Until then, pulumi up fails and asks nobody.`,
  ];
}

const waitingFor = (vote: Vote): string =>
  `the members of the current team can vote in session ${vote.mpaSessionArn} until ${endOf(vote)}.`;

const refusalOf = (binding: Binding, state: State): string => {
  const { mpaSessionArn, statusMessage = "no reason given" } = stateOf(binding, state).vote;
  return (
    `the members of the current team did not approve the change (${statusMessage}) in session ${mpaSessionArn}, so the ` +
    `${binding.noun} keeps its team. Change generation to ask them again, or specify the current team in the program.`
  );
};

/** Waits until the wanted team is associated, or none is. */
async function waitUntilDecided(
  binding: Binding,
  service: BindingService,
  id: string,
  { name, timeouts, context, wanted, before }: Request & { wanted: string | undefined; before: Vote },
  onFound: (found: Bound) => void = () => undefined,
): Promise<void> {
  const resource = `${nameOf(binding, { name })} (${id})`;
  const operation = wanted === undefined ? "delete" : "create";
  await waitFor(
    {
      resource,
      pending: ["PENDING"],
      target: ["APPROVED"],
      timeout: timeouts[operation],
      forPeople: true,
      remedy: `Run the command again to continue waiting, or increase timeouts.${operation}.`,
      observe: async () => {
        const found = await service.find(binding.targetOf(id), resource);
        if (!found) return { status: wanted === undefined ? "APPROVED" : "gone" };
        onFound(found);
        if (found.team === wanted) return { status: "APPROVED" };
        const vote = voteOf(binding, found);
        // Approved and not carried out yet, or not to be seen yet.
        if (vote.status === "APPROVED" || isOldRefusal(vote, before)) return { status: "PENDING" };
        const { status = "", statusMessage, mpaSessionArn } = vote;
        return { status, detail: [statusMessage, mpaSessionArn].filter(Boolean).join(", ") };
      },
    },
    context,
  );
}

function stateOf({ names }: Binding, state: State) {
  const vote: Vote = Object(state[names.vote]);
  return {
    team: stringOutput(state, names.team),
    pendingTeam: stringOutput(state, names.pendingTeam),
    refusedTeam: stringOutput(state, names.refusedTeam),
    vote,
  };
}

const outputsOf = ({ declaration }: Binding, state: State): Values =>
  Object.fromEntries(Object.keys(declaration.outputs).map((name) => [name, state[name]]));

const voteOf = ({ declaration, names }: Binding, { answer }: Bound): Vote =>
  Object(flattenProperties(declaration.outputs, answer)[names.vote]);

/** The state with what AWS returns now. AWS does not say which team a vote is about, so that is remembered. */
function flattenBound(binding: Binding, state: State, found: Bound): State {
  const { names, declaration } = binding;
  const vote = voteOf(binding, found);
  const known = stateOf(binding, state);
  const present = found.team ?? known.team ?? "";
  const pending = known.pendingTeam === present ? undefined : known.pendingTeam;
  const isRefusal = isRefused(vote) && !isOldRefusal(vote, known.vote);
  const refused = (isRefusal ? pending : undefined) ?? known.refusedTeam;
  return {
    ...state,
    [names.vote]: undefined,
    ...flattenProperties(declaration.outputs, found.answer),
    [names.team]: present,
    [names.pendingTeam]: isPending(vote) ? pending : undefined,
    [names.refusedTeam]: refused === present ? undefined : refused,
  };
}
