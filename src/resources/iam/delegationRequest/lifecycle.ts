import { randomBytes } from "node:crypto";
import type { DelegationRequest as ApiRequest } from "@aws-sdk/client-iam";
import type { ObservedState } from "../../../aws/delegationRequestState";
import {
  attemptsOf,
  call,
  hasCode,
  type OperationError,
  ReadableError,
  type Remedies,
  remedyFor,
  responseTime,
} from "../../../aws/errors";
import type { ValuesOf } from "../../../declaration/properties";
import { hasUnknowns, isUnknown } from "../../../declaration/unknown";
import type { CheckFailure } from "../../../declaration/validate";
import { expand, flatten } from "../../../declaration/wire";
import { mergeStatus } from "../../../mailbox/order";
import type { RequestRecord } from "../../../mailbox/table";
import { diffProperties } from "../../../provider/diff";
import {
  type Context,
  InitializationError,
  type Lifecycle,
  type ReadRequest,
  type Request,
} from "../../../provider/lifecycle";
import { reasonOf } from "../../../provider/reason";
import { Mailbox } from "../mailbox";
import { delegationRequest, RENEWABLE } from "./properties";

type Outputs = ValuesOf<typeof delegationRequest.outputs>;
type Inputs = ValuesOf<typeof delegationRequest.inputs> & Partial<Pick<Outputs, "state">>;

/** What a stack keeps of a request: the arguments, and what AWS returned. */
type State = Inputs &
  Partial<Outputs> &
  Pick<Outputs, "state" | "delegationRequestId" | "requestorWorkflowId">;

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long AWS keeps a request after somebody has acted on it. */
const STEP_LIFETIME_MS = 7 * DAY_MS;

/** The lifecycle of an IAM delegation request. */
export const delegationRequestLifecycle: Lifecycle<Inputs, State> = {
  declaration: delegationRequest,

  /**
   * `state` is also kept as an input, set by us to the state of the last refresh. So a refresh shows what people did, and
   * the preview of a renewal shows its reason: `~ state: "EXPIRED" => "UNASSIGNED"`.
   */
  check({ olds, inputs }) {
    const state = olds && !shouldRenew(olds.state, inputs) ? olds.state : "UNASSIGNED";
    const failures = [...severalValues(inputs), ...reusedWorkflowId(olds, inputs)];
    return { inputs: { ...inputs, state }, failures };
  },

  diff({ olds, state, inputs }) {
    const { replaces, updates } = diffProperties(delegationRequest.inputs, olds, inputs);
    return {
      replaces: shouldRenew(state.state, inputs) ? [...replaces, "state"] : replaces,
      updates: state.state === inputs.state ? updates : [...updates, "state"],
    };
  },

  asks({ olds, state, inputs, replaces, secrets }) {
    const asking = replaces.length === 0 && mayRenew(state, inputs) ? ["renewWhen"] : replaces;
    if (asking.length === 0) return [];
    const { isCertain, reason } = reasonOf(asking, inputs);
    const isSame = olds.ownerAccountId !== undefined && olds.ownerAccountId === inputs.ownerAccountId;
    const asked = `${isCertain ? "will" : "may"} be asked${isSame ? " again" : ""}`;
    const why = replaces.includes("state") ? "renewWhen" : reason;
    return [`${state.state}; ${customerOf(inputs, secrets)} ${asked} (${why}).`];
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
      expirationTime: new Date(context.clock.now().getTime() + DAY_MS).toISOString(),
    };
    if (isReadFromInbox(state, context)) return { id, state };
    try {
      return { id, state: { ...flattenRequest(state, await find(id, context)), state: state.state } };
    } catch (error) {
      if (hasCode(error, "AccessDenied", "NoSuchEntity")) return { id, state };
      throw new InitializationError(id, state, error);
    }
  },

  async read(request) {
    const { id, state, context } = request;
    const news = state.inbox && (await Mailbox.of(state.inbox, context).findNews(id));
    const known = withNews(state, news?.record);
    // An answer that is still unread would make it another state.
    if (news?.isBehind) return hasExpired(known.state) ? state : known;
    if (isReadFromInbox(known, context)) return known;
    return withNews(await readFromAws({ ...request, state: known }), news?.record);
  },

  /**
   * Only `renewWhen`, `inbox` and `state` change in place, and none is sent to AWS. The read completes a create whose read
   * failed; the inbox is left to refreshes.
   */
  async update(request) {
    const { state: olds, inputs, context } = request;
    const { state: stateInput = olds.state, ...args } = inputs;
    const state = { ...olds, renewWhen: undefined, inbox: undefined, ...args };
    const found = isReadFromInbox(state, context) ? state : await readFromAws({ ...request, state });
    return { ...found, state: stateInput };
  },

  async delete({ id, name, state, context }) {
    const consequence = consequenceOf(state);
    if (!consequence) return;
    context.logOnce(
      `deleted ${state.state}`,
      `DelegationRequest ${name} (${id}) is removed from the stack, but not cancelled: AWS cannot cancel a request. ${consequence} ` +
        `This applies to every ${state.state} request that this run deletes.`,
    );
  },

  async import({ id }) {
    throw new ReadableError(
      "DelegationRequest",
      `cannot be read by its id alone (${id}), because AWS does not return its link again.`,
    );
  },
};

/** Who gets the link of a new request. */
function customerOf({ ownerAccountId }: Inputs, secrets: readonly string[]): string {
  if (ownerAccountId === undefined) return "whoever opens the new link";
  if (isUnknown(ownerAccountId)) return "an account that is not known yet";
  return secrets.includes("ownerAccountId") ? "the customer's account" : `account ${ownerAccountId}`;
}

/**
 * Whether only the inbox can know of the request: AWS does not let the requestor read it once an account owns it. One that
 * must have expired, without news of it, is read from AWS all the same, which may have deleted it.
 */
function isReadFromInbox(
  { inbox, ownerAccountId, state, expirationTime }: State,
  { clock }: Context,
): boolean {
  if (!inbox || ownerAccountId === undefined) return false;
  const isOverdue = expirationTime !== undefined && clock.now() >= new Date(expirationTime);
  return !isOverdue || isAnswer(state) || hasExpired(state);
}

async function readFromAws({ id, name, state, context }: ReadRequest<State>): Promise<State> {
  try {
    return flattenRequest(state, await find(id, context));
  } catch (error) {
    if (hasCode(error, "NoSuchEntity")) return notFound(state, responseTime(error) ?? context.clock.now());
    if (!hasCode(error, "AccessDenied")) throw error;
    if (!state.inbox)
      context.log(
        `DelegationRequest ${name} (${id}) cannot be read by its requestor, as is usual after a customer account ` +
          `owns it. The last known state is kept: ${state.state}. AWS publishes changes to its notificationChannel. ` +
          "Set inbox to have pulumi refresh read them.",
      );
    return state;
  }
}

/** The state with what the inbox has, where that is newer. */
function withNews(state: State, record: RequestRecord | undefined): State {
  if (!record) return state;
  const { ownerAccountId = record.ownerAccountId } = state;
  const known = { ...state, ...(ownerAccountId && { ownerAccountId }) };
  const newest = newestOf(state, record);
  if (!newest) return known;
  const { updatedAt } = newest;
  const expirationTime = hasExpired(newest.state)
    ? updatedAt
    : new Date(updatedAt.getTime() + STEP_LIFETIME_MS);
  return {
    ...known,
    state: newest.state,
    updatedTime: updatedAt.toISOString(),
    expirationTime: expirationTime.toISOString(),
  };
}

/** Undefined when the record is no newer than the state. */
function newestOf({ state, updatedTime }: State, record: RequestRecord) {
  if (state === "VANISHED") {
    if (record.state === "ACCEPTED") return { ...record, state: "LAPSED" as const };
    return isAnswer(record.state) || record.state === "EXPIRED" ? record : undefined;
  }
  const known = { state, updatedAt: new Date(updatedTime ?? 0) };
  const newest = mergeStatus(known, record);
  return newest.state === state && newest.updatedAt <= known.updatedAt ? undefined : newest;
}

type Ending = Partial<Pick<State, "state" | "expirationTime">>;

const expiryNotice = ({ expirationTime }: Ending) =>
  `It expires${expirationTime ? ` on ${expirationTime}` : ""} if nobody acts on it.`;

/** What still happens after the resource is deleted or replaced; undefined when nothing does. */
export const consequenceOf = (state: Ending): string | undefined =>
  state.state && CONSEQUENCES[state.state]?.(state);

/** By the request's state. */
const CONSEQUENCES: Partial<Record<ObservedState, (state: Ending) => string>> = {
  UNASSIGNED: expiryNotice,
  ASSIGNED: expiryNotice,
  PENDING_APPROVAL: expiryNotice,
  ACCEPTED: (state) => `The customer can still send the token. ${expiryNotice(state)}`,
  FINALIZED: () => "Access that the customer has granted remains valid until it ends.",
};

/**
 * The state of a request that AWS does not find. AWS deletes only expired requests, so one that cannot have expired yet still
 * exists, and an answer that was seen stays the answer.
 */
function notFound(state: State, now: Date): State {
  if (state.expirationTime && now < new Date(state.expirationTime)) return state;
  if (state.state === "ACCEPTED") return { ...state, state: "LAPSED" };
  const isSettled = isAnswer(state.state) || state.state === "EXPIRED";
  return isSettled ? state : { ...state, state: "VANISHED" };
}

const hasExpired = (state: ObservedState | undefined): boolean =>
  ["EXPIRED", "LAPSED", "VANISHED"].includes(state ?? "");

/** Whether the customer has decided. A request expires after a decision too, which does not change the decision. */
const isAnswer = (state: ObservedState | undefined) =>
  ["ACCEPTED", "FINALIZED", "REJECTED", "LAPSED"].includes(state ?? "");

function shouldRenew(state: ObservedState | undefined, { renewWhen }: Pick<Inputs, "renewWhen">): boolean {
  return Array.isArray(renewWhen) && (renewWhen as ObservedState[]).includes(state ?? "UNASSIGNED");
}

/** Whether `renewWhen`, which is not known yet, may turn out to contain the state. */
export const mayRenew = ({ state }: { state?: unknown }, { renewWhen }: { renewWhen?: unknown }): boolean =>
  hasUnknowns(renewWhen) && RENEWABLE.some((one) => one === state);

/** A parameter of type `string` has one value. */
function severalValues({ permissions }: Inputs): CheckFailure[] {
  if (isUnknown(permissions) || isUnknown(permissions.parameters)) return [];
  return (permissions.parameters ?? []).flatMap((parameter, index) => {
    if (isUnknown(parameter) || isUnknown(parameter.values)) return [];
    if (parameter.type !== "string" || parameter.values.length === 1) return [];
    const property = `permissions.parameters[${index}].values`;
    return [
      {
        property,
        reason: `must have exactly one entry, because type is "string", has ${parameter.values.length}`,
      },
    ];
  });
}

/**
 * AWS would refuse the id for a second request. Only certain replacements count: an unknown value may turn out to be the
 * old one, and so may an account that was computed and that the program now names.
 */
function reusedWorkflowId(olds: Inputs | undefined, news: Inputs): CheckFailure[] {
  const id = news.requestorWorkflowId;
  if (!olds || id === undefined || id !== olds.requestorWorkflowId) return [];
  const { replaces } = diffProperties(delegationRequest.inputs, olds, news);
  const isCertain = (key: keyof Inputs) =>
    !hasUnknowns(news[key]) && !(key === "ownerAccountId" && olds.ownerAccountId === undefined);
  const known = replaces.filter((key) => isCertain(key as keyof Inputs));
  const again = shouldRenew(olds.state, news) ? [...known, "renewWhen"] : known;
  if (again.length === 0) return [];
  const reason = `was used for the request that is to be replaced (${again.join(", ")}), and AWS rejects the id of an existing request. Specify another id, or omit it to have a new one generated for each request`;
  return [{ property: "requestorWorkflowId", reason }];
}

const NOT_ENROLLED =
  "The caller needs the permission iam:CreateDelegationRequest, and AWS must have enrolled the account as a product provider for temporary delegation: AWS returns the same error to accounts that are not enrolled. Ask AWS (your partner manager) whether yours is.";

const CREATE_REMEDIES: Remedies = {
  AccessDenied: NOT_ENROLLED,
  ...remedyFor(
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError", "ServiceFailure"],
    "It is unknown whether AWS created the request. If it did, nobody has its link, and it expires. Run pulumi up again.",
  ),
};

/** Cached, since every import() copies the module's thousand exports, which takes longer than a call. */
let imported: Promise<typeof import("@aws-sdk/client-iam")> | undefined;
function sdk() {
  imported ??= import("@aws-sdk/client-iam");
  return imported;
}

/** A generated id is a duplicate only when the SDK retried after a lost response. */
const MAX_GENERATED_IDS = 3;

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
    const requestorWorkflowId = inputs.requestorWorkflowId ?? generateWorkflowId(origin);
    try {
      const answer = await send(requestorWorkflowId);
      const { DelegationRequestId: delegationRequestId, ConsoleDeepLink: consoleDeepLink } = answer;
      if (!delegationRequestId)
        throw new ReadableError(resource, "iam:CreateDelegationRequest returned no id.");
      return { requestorWorkflowId, created: { delegationRequestId, consoleDeepLink } };
    } catch (error) {
      if (!hasCode(error, "EntityAlreadyExists")) throw error;
      if (inputs.requestorWorkflowId !== undefined) throw duplicateWorkflowIdError(resource, error);
      if (attempt === MAX_GENERATED_IDS) throw error;
    }
  }
}

function duplicateWorkflowIdError(resource: string, error: OperationError) {
  const lost =
    attemptsOf(error) > 1
      ? "The response to the first attempt was lost, so this run may have created that request. "
      : "";
  return new ReadableError(
    resource,
    `requestorWorkflowId was used before. ${lost}AWS rejects the id of an existing request, and does not return that ` +
      "request's link again. That request expires. Specify another requestorWorkflowId, or omit it to have a new one " +
      "generated for each request.",
    { cause: error },
  );
}

/** A readable stem with a random ending for each attempt, since the id of an attempt whose response was lost is used up. */
function generateWorkflowId(origin: string): string {
  const ending = randomBytes(8).toString("hex");
  const stem = origin.replace(/[^\t\n\r\u0020-\u007E\u00A1-\u00FF]/g, "-").slice(0, 400 - ending.length - 1);
  return `${stem}/${ending}`;
}

async function find(id: string, { aws }: Context): Promise<ApiRequest> {
  const iam = await aws.iam();
  const { GetDelegationRequestCommand } = await sdk();
  const command = new GetDelegationRequestCommand({ DelegationRequestId: id });
  const answer = await call("iam:GetDelegationRequest", `DelegationRequest ${id}`, () => iam.send(command));
  return answer.DelegationRequest ?? {};
}

/** The state updated with AWS's response; outputs that the response leaves out keep their values. */
const flattenRequest = (state: State, found: ApiRequest): State => ({
  ...state,
  ...flatten(delegationRequest.outputs, found),
  state: stateOf(state, found),
});

/** An answer of a request that has expired since is still the answer. */
function stateOf(known: State, { State, RejectionReason, ApproverId }: ApiRequest): ObservedState {
  if (State !== "EXPIRED") return State ?? known.state;
  if (known.state === "ACCEPTED") return "LAPSED";
  if (isAnswer(known.state)) return known.state;
  if (RejectionReason !== undefined) return "REJECTED";
  return ApproverId === undefined ? "EXPIRED" : "LAPSED";
}
