import { ReadableError } from "../../../aws/errors";
import type { ValuesOf } from "../../../declaration/properties";
import type { RequestRecord } from "../../../mailbox/table";
import { diffProperties } from "../../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import { type Observation, waitFor } from "../../../provider/wait";
import { Mailbox } from "../mailbox";
import { delegationGrant } from "./properties";

type Outputs = ValuesOf<typeof delegationGrant.outputs>;
type Inputs = ValuesOf<typeof delegationGrant.inputs> & Partial<Outputs>;
type State = Inputs & Outputs;

/**
 * The lifecycle of what a customer granted. It is a resource of its own, and never replaced, so that whether they ever have
 * is known while the request is: what was deployed with their permission must stay declared then. And a wait that is killed
 * leaves the request, which exists already, in the stack.
 */
export const delegationGrantLifecycle: Lifecycle<Inputs, State> = {
  declaration: delegationGrant,

  /** `granted` is also kept as an input, so that a preview knows it whatever else changes. */
  check({ olds, inputs }) {
    const granted = olds?.granted === true || inputs.waitFor !== undefined;
    return { inputs: { ...inputs, granted }, failures: [] };
  },

  diff({ olds, state, inputs }) {
    const { replaces, updates } = diffProperties(delegationGrant.inputs, olds, inputs);
    return { replaces, updates: inputs.waitFor && !state.granted ? [...updates, "granted"] : updates };
  },

  async create(request) {
    const id = request.inputs.delegationRequestId;
    return { id, state: await initialize(id, { ...request.inputs, granted: false }, request) };
  },

  async read({ state, context }) {
    const { record } = await Mailbox.of(state.inbox, context).findNews(state.delegationRequestId);
    return { ...state, granted: state.granted || isGranted(record) };
  },

  async update(request) {
    const { id, state, inputs } = request;
    return initialize(id, { ...inputs, granted: state.granted }, request);
  },

  async delete() {},

  async import({ id }) {
    throw new ReadableError("DelegationGrant", `cannot be read by its id alone (${id}).`);
  },
};

/** Waits for the customer, if the program says so. */
async function initialize(id: string, state: State, request: Request): Promise<State> {
  if (!state.waitFor) return state;
  const { delegationRequestId } = state;
  const { name, timeouts, context } = request;
  const mailbox = Mailbox.of(state.inbox, context);
  let known: RequestRecord | undefined;
  const observe = async () => {
    known = (await mailbox.lookAgain(delegationRequestId)) ?? known;
    return observationOf(known);
  };
  try {
    await waitFor(
      {
        resource: `the customer's grant ${name} (${delegationRequestId})`,
        pending: [...PENDING, WITHOUT_TOKEN],
        target: ["FINALIZED"],
        timeout: timeouts.create,
        remedy: "Run pulumi up again to continue waiting, or increase timeouts.create.",
        observe,
      },
      context,
    );
    return { ...state, granted: true };
  } catch (error) {
    throw new InitializationError(id, state, error);
  }
}

const PENDING = ["UNASSIGNED", "ASSIGNED", "PENDING_APPROVAL", "ACCEPTED"];

/** SNS may deliver the token later than the state. */
const WITHOUT_TOKEN = "FINALIZED, and its token has not arrived";

function observationOf(record: RequestRecord | undefined): Observation {
  if (!record) return { status: "UNASSIGNED" };
  if (record.state === "FINALIZED") return { status: record.tokenExpiresAt ? "FINALIZED" : WITHOUT_TOKEN };
  if (PENDING.includes(record.state)) return { status: record.state };
  return { status: record.state, detail: "change the generation of the request to ask again" };
}

const isGranted = (record: RequestRecord | undefined): boolean =>
  record?.state === "FINALIZED" || record?.tokenExpiresAt !== undefined;
