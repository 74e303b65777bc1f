import { randomBytes } from "node:crypto";
import type { DelegationRequest as Description } from "@aws-sdk/client-iam";
import type { KnownState } from "../../../aws/delegationRequestState";
import {
  attemptsOf,
  call,
  hasCode,
  type OperationError,
  ReadableError,
  type Remedies,
} from "../../../aws/errors";
import { diffProperties } from "../../../provider/diff";
import { type Context, InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import type { ValuesOf } from "../../../provider/properties";
import { hasUnknowns, isUnknown } from "../../../provider/unknown";
import type { CheckFailure } from "../../../provider/validate";
import { expand, flatten } from "../../../provider/wire";
import { delegationRequest } from "./properties";

type Outputs = ValuesOf<typeof delegationRequest.outputs>;
type Inputs = ValuesOf<typeof delegationRequest.inputs> & Partial<Pick<Outputs, "state">>;

/** What a stack keeps of a request: what was asked for, and what AWS told. */
type State = Inputs &
  Partial<Outputs> &
  Pick<Outputs, "state" | "delegationRequestId" | "requestorWorkflowId">;

const DAY = 24 * 60 * 60 * 1000;

/** The lifecycle of an IAM delegation request. */
export const delegationRequestLifecycle: Lifecycle<Inputs, State> = {
  declaration: delegationRequest,

  /**
   * `state` is an input that we keep: the state that the last refresh saw. So a refresh shows what people did, and the
   * preview of a renewal shows why: `~ state: "EXPIRED" => "UNASSIGNED"`.
   */
  check({ olds, inputs }) {
    const state = olds && !renews(olds.state, inputs) ? olds.state : "UNASSIGNED";
    const failures = [...severalValues(inputs), ...reusedWorkflowId(olds, inputs)];
    return { inputs: { ...inputs, state }, failures };
  },

  diff({ olds, state, inputs }) {
    const { replaces, updates } = diffProperties(delegationRequest.inputs, olds, inputs);
    return {
      replaces: renews(state.state, inputs) ? [...replaces, "state"] : replaces,
      updates: state.state === inputs.state ? updates : [...updates, "state"],
    };
  },

  async create(request) {
    const { inputs, context } = request;
    const { requestorWorkflowId, created } = await createRequest(inputs, request);
    const id = created.delegationRequestId;
    const state: State = {
      ...inputs,
      ...created,
      requestorWorkflowId,
      state: "UNASSIGNED",
      expirationTime: new Date(context.clock.now().getTime() + DAY).toISOString(),
    };
    try {
      return { id, state: { ...flattenRequest(state, await find(id, context)), state: state.state } };
    } catch (error) {
      if (hasCode(error, "AccessDenied", "NoSuchEntity")) return { id, state };
      throw new InitializationError(id, state, error);
    }
  },

  async read({ id, name, state, context }) {
    try {
      return flattenRequest(state, await find(id, context));
    } catch (error) {
      if (hasCode(error, "NoSuchEntity")) return notFound(state, context.clock.now());
      if (!hasCode(error, "AccessDenied")) throw error;
      context.log(
        `DelegationRequest ${name} (${id}) may not be read by its requestor (any more), as is usual once a customer ` +
          `account owns it. Kept what is known: ${state.state}. News of it arrives at its notificationChannel.`,
      );
      return state;
    }
  },

  /** What can change in place is ours, not AWS's. Looking again is what mends a create that could not look. */
  async update(request) {
    const { state: known, inputs } = request;
    const { state: asSeen = known.state, ...asked } = inputs;
    const state = { ...known, renewWhen: undefined, ...asked };
    const found = await delegationRequestLifecycle.read({ ...request, state });
    return { ...(found ?? state), state: asSeen };
  },

  async delete({ id, name, state, context }) {
    const consequence = CONSEQUENCES[state.state];
    if (!consequence) return;
    context.logOnce(
      `forgotten ${state.state}`,
      `DelegationRequest ${name} (${id}) is forgotten, not cancelled: AWS has no cancel. ${consequence(state)} The same ` +
        `goes for others of this run that are ${state.state}.`,
    );
  },

  async import({ id }) {
    throw new ReadableError(
      "DelegationRequest",
      `cannot be read by its id alone (${id}): AWS never tells its link again.`,
    );
  },
};

const untilLapse = ({ expirationTime }: State) =>
  `It lapses by itself${expirationTime ? `, on ${expirationTime}` : ""} if nobody acts on it.`;

/** What goes on after a request is forgotten, by its state; nothing to tell where nothing does. */
const CONSEQUENCES: Partial<Record<KnownState, (state: State) => string>> = {
  UNASSIGNED: untilLapse,
  ASSIGNED: untilLapse,
  PENDING_APPROVAL: untilLapse,
  ACCEPTED: (state) => `The customer can still send the token. ${untilLapse(state)}`,
  FINALIZED: () => "Access that the customer has given goes on until it ends.",
};

/**
 * A request that AWS does not find. It deletes only what has lapsed: before that, a request that is not found is not gone,
 * and afterwards an answer that was seen stays the answer.
 */
function notFound(state: State, now: Date): State {
  if (state.expirationTime && now < new Date(state.expirationTime)) return state;
  if (state.state === "ACCEPTED") return { ...state, state: "LAPSED" };
  const isSettled = isAnswer(state.state) || state.state === "EXPIRED";
  return isSettled ? state : { ...state, state: "VANISHED" };
}

/** Whether people have decided: later, the request lapses all the same, and their answer stays what it was. */
const isAnswer = (state: KnownState | undefined) =>
  ["ACCEPTED", "FINALIZED", "REJECTED", "LAPSED"].includes(state ?? "");

function renews(state: KnownState | undefined, { renewWhen }: Pick<Inputs, "renewWhen">): boolean {
  return Array.isArray(renewWhen) && (renewWhen as KnownState[]).includes(state ?? "UNASSIGNED");
}

/** A parameter of type `string` has one value. */
function severalValues({ permissions }: Inputs): CheckFailure[] {
  if (isUnknown(permissions) || isUnknown(permissions.parameters)) return [];
  return (permissions.parameters ?? []).flatMap((parameter, index) => {
    if (isUnknown(parameter) || isUnknown(parameter.values)) return [];
    if (parameter.type !== "string" || parameter.values.length === 1) return [];
    const property = `permissions.parameters[${index}].values`;
    return [
      { property, reason: `must have one entry, since type is "string", has ${parameter.values.length}` },
    ];
  });
}

/**
 * AWS would refuse the id. What a preview does not know may turn out the same, and what was computed may be just what the
 * program now spells out, so neither makes a new request for sure.
 */
function reusedWorkflowId(olds: Inputs | undefined, news: Inputs): CheckFailure[] {
  const id = news.requestorWorkflowId;
  if (!olds || id === undefined || id !== olds.requestorWorkflowId) return [];
  const { replaces } = diffProperties(delegationRequest.inputs, olds, news);
  const isCertain = (key: keyof Inputs) =>
    !hasUnknowns(news[key]) && !(key === "ownerAccountId" && olds.ownerAccountId === undefined);
  const known = replaces.filter((key) => isCertain(key as keyof Inputs));
  const again = renews(olds.state, news) ? [...known, "a renewal"] : known;
  if (again.length === 0) return [];
  const reason = `was used for the request that ${again.join(", ")} replaces, and AWS refuses the id of an existing request: give another one, or leave it out to have a fresh one made for every request`;
  return [{ property: "requestorWorkflowId", reason }];
}

const NOT_ENROLLED =
  "The caller needs the permission iam:CreateDelegationRequest, and AWS must have enrolled the account as a product provider for temporary delegation: any other account is refused in just this way. Ask AWS (your partner manager) whether it is.";

/** A failure after which nobody knows whether AWS has made the request. */
const LOST_ANSWER = "If AWS made the request all the same, nobody has its link, and it lapses by itself.";

const CREATE_REMEDIES: Remedies = {
  AccessDenied: NOT_ENROLLED,
  ...Object.fromEntries(
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError", "ServiceFailure"].map((code) => [
      code,
      `Nobody knows whether the answer was lost on the way. ${LOST_ANSWER} Run again.`,
    ]),
  ),
};

/** Imported once: every import() copies the thousand names of the module, which takes longer than a call. */
let imported: Promise<typeof import("@aws-sdk/client-iam")> | undefined;
function sdk() {
  imported ??= import("@aws-sdk/client-iam");
  return imported;
}

/** A generated id collides only when the SDK's own retry follows an answer that was lost. */
const GENERATED_IDS = 3;

async function createRequest(inputs: Inputs, { name, origin, context }: Request) {
  const iam = await context.aws.iam();
  const { CreateDelegationRequestCommand } = await sdk();
  const resource = `DelegationRequest ${name}`;
  const send = (requestorWorkflowId: string) => {
    const input = { ...expand(delegationRequest.inputs, inputs), RequestorWorkflowId: requestorWorkflowId };
    const command = new CreateDelegationRequestCommand(input);
    return call("iam:CreateDelegationRequest", resource, () => iam.send(command), CREATE_REMEDIES);
  };
  for (let attempt = 1; ; attempt++) {
    const requestorWorkflowId = inputs.requestorWorkflowId ?? freshWorkflowId(origin);
    try {
      const answer = await send(requestorWorkflowId);
      const { DelegationRequestId: delegationRequestId, ConsoleDeepLink: consoleDeepLink } = answer;
      if (!delegationRequestId)
        throw new ReadableError(resource, "iam:CreateDelegationRequest answered without an id.");
      return { requestorWorkflowId, created: { delegationRequestId, consoleDeepLink } };
    } catch (error) {
      if (!hasCode(error, "EntityAlreadyExists")) throw error;
      if (inputs.requestorWorkflowId !== undefined) throw usedBefore(resource, error);
      if (attempt === GENERATED_IDS) throw error;
    }
  }
}

function usedBefore(resource: string, error: OperationError) {
  const lost =
    attemptsOf(error) > 1 ? "The first try's answer was lost, so the request may be this very one. " : "";
  return new ReadableError(
    resource,
    `requestorWorkflowId was used before. ${lost}AWS refuses the id of an existing request, and never returns that ` +
      "request's link again; it lapses by itself. Give another requestorWorkflowId, or leave it out to " +
      "have a fresh one made for every request.",
    { cause: error },
  );
}

/** A readable stem and an ending of its own for every attempt: an id whose answer was lost can never be used again. */
function freshWorkflowId(origin: string): string {
  const ending = randomBytes(8).toString("hex");
  const stem = origin.replace(/[^\t\n\r\u0020-\u007E\u00A1-\u00FF]/g, "-").slice(0, 400 - ending.length - 1);
  return `${stem}/${ending}`;
}

async function find(id: string, { aws }: Context): Promise<Description> {
  const iam = await aws.iam();
  const { GetDelegationRequestCommand } = await sdk();
  const command = new GetDelegationRequestCommand({ DelegationRequestId: id });
  const answer = await call("iam:GetDelegationRequest", `DelegationRequest ${id}`, () => iam.send(command));
  return answer.DelegationRequest ?? {};
}

/** The state with what AWS tells now; what it leaves out stays as it was known. */
const flattenRequest = (state: State, found: Description): State => ({
  ...state,
  ...flatten(delegationRequest.outputs, found),
  state: stateOf(state, found),
});

/** An answer that lapsed is still the answer. */
function stateOf(known: State, { State, RejectionReason, ApproverId }: Description): KnownState {
  if (State !== "EXPIRED") return State ?? known.state;
  if (known.state === "ACCEPTED") return "LAPSED";
  if (isAnswer(known.state)) return known.state;
  if (RejectionReason !== undefined) return "REJECTED";
  return ApproverId === undefined ? "EXPIRED" : "LAPSED";
}
