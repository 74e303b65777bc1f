import { randomUUID } from "node:crypto";
import { regionOf } from "../../../aws/arn";
import { call, hasCode, ReadableError } from "../../../aws/errors";
import { type GetIdentitySourceCommandOutput, loadMpa, type MPAClient } from "../../../aws/mpa";
import type { ValuesOf } from "../../../declaration/properties";
import { expand, flatten } from "../../../declaration/wire";
import { diffProperties } from "../../../provider/diff";
import { type Context, InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import { waitFor } from "../../../provider/wait";
import { type Creation, createOrAdopt, mark } from "../creation";
import {
  formatOwner,
  holderOf,
  isOurs,
  isUnmarked,
  type Marked,
  OWNER_TAG,
  ownerPath,
  ownershipIdOf,
  ownershipUpdates,
  type Tags,
} from "../ownership";
import { listTags, managedTags, syncTags, type Target } from "../tagging";
import { iamIdentityCenter, identitySource } from "./properties";

type Inputs = ValuesOf<typeof identitySource.inputs>;
type Outputs = ValuesOf<typeof identitySource.outputs>;

/** What a stack keeps of an identity source: the arguments, and what AWS returned. */
type State = Inputs & Partial<Outputs> & Pick<Outputs, "arn" | "region" | "status">;

/** The lifecycle of an MPA identity source. */
export const identitySourceLifecycle: Lifecycle<Inputs, State> = {
  declaration: identitySource,

  diff({ olds, state, inputs }) {
    const { replaces, updates } = diffProperties(identitySource.inputs, olds, inputs);
    // A source in ERROR cannot be repaired, only replaced. The same holds for one that is being deleted.
    if (state.status === "ERROR" || state.status === "DELETING") replaces.push("status");
    else if (state.status !== "ACTIVE") updates.push("status");
    updates.push(...ownershipUpdates(state));
    return { replaces, updates, deleteBeforeReplace: true };
  },

  async create(request) {
    const { inputs, context } = request;
    const mpa = await context.aws.mpa(inputs.region);
    const { arn, ...known } = await createOrAdopt(creationOf(mpa, inputs, request), request);
    const state = { ...initialState(arn, inputs), ...known };
    return { id: arn, state: await initialize(mpa, state, inputs, request) };
  },

  async read({ id: arn, state, context }) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (!found || !isOurs(found, state)) return undefined;
    return { ...flattenSource(state, found.source, found.tags), unmarked: isUnmarked(found, state) };
  },

  async update(request) {
    const { id: arn, name, state, inputs, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (found && !isOurs(found, state))
      throw new ReadableError(`IdentitySource ${name}`, `${holderOf(found)} Run pulumi refresh.`);
    const { adopt: _, clientToken: __, ...known } = state;
    const { status, ...asked } = initialState(arn, inputs);
    return initialize(mpa, { ...known, ...asked, tags: state.tags }, inputs, request);
  },

  async delete(request) {
    const { id: arn, name, state, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (!found) return;
    if (!isOurs(found, state)) {
      context.log(`IdentitySource ${name} is removed from the stack, but not deleted. ${holderOf(found)}`);
      return;
    }
    const { DeleteIdentitySourceCommand } = loadMpa();
    const command = new DeleteIdentitySourceCommand({ IdentitySourceArn: arn });
    const resource = `IdentitySource ${arn}`;
    const remedies = { Conflict: conflictRemedy(found.source) };
    try {
      await call("mpa:DeleteIdentitySource", resource, () => mpa.send(command), remedies);
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      // AWS also answers Conflict when an earlier run has started the deletion. Then wait for it.
      if (!hasCode(error, "Conflict") || (await find(mpa, arn))?.Status !== "DELETING") throw error;
    }
    await waitUntilGone(mpa, arn, request);
  },

  async import({ id: arn, context }) {
    if (!ARN.test(arn))
      throw new ReadableError(
        "IdentitySource",
        "must be identified by its ARN, such as arn:aws:mpa:us-east-1:111122223333:identity-source/IamIdentityCenter.",
      );
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    if (!found) return undefined;
    const known = { arn, region: regionOf(arn), ownershipId: ownershipIdOf(found) };
    return flattenSource(known, found.source, found.tags);
  },
};

const ARN = /^arn:[^:]+:mpa:[a-z0-9-]+:\d{12}:identity-source\/.+$/;

/** The state of a source right after the create call. */
const initialState = (arn: string, inputs: Inputs): State => ({
  ...inputs,
  arn,
  region: regionOf(arn),
  status: "CREATING",
});

/** An account can have one source, so any that it has is in the way of another. */
function creationOf(mpa: MPAClient, inputs: Inputs, request: Request): Creation<FoundSource> {
  const { name, context } = request;
  const { instanceArn, region } = inputs.iamIdentityCenter;
  const resource = `IdentitySource ${name}`;
  const isAskedFor = ({ source }: FoundSource) => {
    const { InstanceArn, Region } = source.IdentitySourceParameters?.IamIdentityCenter ?? {};
    return InstanceArn === instanceArn && Region === region;
  };
  return {
    resource,
    inputs,
    tokenInputs: [instanceArn, region, inputs.region],
    send: (token) => send(mpa, inputs, token, request),
    find: (arn) => findWithTags(mpa, arn, context),
    targetOf: (arn) => targetOf(mpa, arn),
    findExisting: () => findExisting(mpa, resource, context),
    isBeingDeleted: ({ source }) => source.Status === "DELETING",
    waitUntilGone: (arn) => waitUntilGone(mpa, arn, request),
    isAskedFor,
    conflictMessage: (found) => conflictMessage(found, isAskedFor(found), inputs),
    stateOf: (created) => ({ ...initialState(created.arn, inputs), ...created }),
  };
}

async function send(mpa: MPAClient, inputs: Inputs, token: string, { name, origin }: Request) {
  const { CreateIdentitySourceCommand } = loadMpa();
  const resource = `IdentitySource ${name}`;
  const command = new CreateIdentitySourceCommand({
    IdentitySourceParameters: { IamIdentityCenter: expand(iamIdentityCenter, inputs.iamIdentityCenter) },
    ClientToken: token,
    Tags: { [OWNER_TAG]: formatOwner({ path: ownerPath(origin) }) },
  });
  const answer = await call("mpa:CreateIdentitySource", resource, () => mpa.send(command));
  const { IdentitySourceArn: arn, CreationTime } = answer;
  if (!arn) throw new ReadableError(resource, "mpa:CreateIdentitySource returned no ARN.");
  return { arn, creationTime: CreationTime?.toISOString(), ownershipId: randomUUID() };
}

/** A source in AWS. */
interface FoundSource extends Marked {
  source: GetIdentitySourceCommandOutput;
}

function conflictMessage(existing: FoundSource, isAskedFor: boolean, { adopt }: Inputs): string {
  const { InstanceArn, Region } = existing.source.IdentitySourceParameters?.IamIdentityCenter ?? {};
  // The instance asked for may be a secret of the program; another one is not.
  const instance = isAskedFor ? "the requested instance" : `${InstanceArn} in ${Region}`;
  const exists = `the account already has an identity source, and can have only one: ${existing.arn}, for ${instance}. ${holderOf(existing)}`;
  const remedies = isAskedFor
    ? "Adopt it with adopt: true, or refer to it with IdentitySource.get(name, arn)."
    : `It is not for the requested instance${adopt ? ", so it was not adopted" : ""}. Refer to it with IdentitySource.get(name, arn), request its instance with adopt: true, or delete it first.`;
  return `${exists} ${remedies}`;
}

/**
 * Waits until the source is ACTIVE, then sets its tags, and as the very last step the owner's id. A failure keeps the source
 * in the state.
 */
async function initialize(mpa: MPAClient, state: State, inputs: Inputs, request: Request): Promise<State> {
  const { arn, unmanagedTags } = state;
  const target = targetOf(mpa, arn);
  let known: State = { ...state, ownershipId: state.ownershipId ?? randomUUID() };
  try {
    await waitUntilActive(mpa, state, request, (found) => {
      known = flattenSource(known, found, known.tags);
    });
    const tags = await listTags(target, request.context);
    await syncTags(target, tags, { tags: inputs.tags, unmanagedTags });
    return { ...known, tags: inputs.tags, ...(await mark(target, tags, known, request)) };
  } catch (error) {
    throw new InitializationError(arn, known, error);
  }
}

/** What to do when AWS refuses to delete the source. */
const conflictRemedy = ({ Status }: GetIdentitySourceCommandOutput): string =>
  Status === "CREATING"
    ? "It is still being created. Run the command again later."
    : "Approval teams still use it. Delete them first (aws mpa list-approval-teams names them; the deletion of an active team needs its members' votes), or keep the source with retainOnDelete.";

async function find(mpa: MPAClient, arn: string): Promise<GetIdentitySourceCommandOutput | undefined> {
  const { GetIdentitySourceCommand } = loadMpa();
  const command = new GetIdentitySourceCommand({ IdentitySourceArn: arn });
  try {
    return await call("mpa:GetIdentitySource", `IdentitySource ${arn}`, () => mpa.send(command));
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
}

async function findWithTags(mpa: MPAClient, arn: string, context: Context): Promise<FoundSource | undefined> {
  const source = await find(mpa, arn);
  return (
    source && {
      arn,
      creationTime: source.CreationTime,
      source,
      tags: await listTags(targetOf(mpa, arn), context),
    }
  );
}

const targetOf = (mpa: MPAClient, arn: string): Target => ({ mpa, arn, resource: `IdentitySource ${arn}` });

/** The one source that an account can have. */
async function findExisting(
  mpa: MPAClient,
  resource: string,
  context: Context,
): Promise<FoundSource | undefined> {
  const { ListIdentitySourcesCommand } = loadMpa();
  const list = new ListIdentitySourcesCommand({});
  const { IdentitySources } = await call("mpa:ListIdentitySources", resource, () => mpa.send(list));
  const arn = IdentitySources?.[0]?.IdentitySourceArn;
  return arn === undefined ? undefined : findWithTags(mpa, arn, context);
}

/** @param onFound called with every response of AWS */
async function waitUntilActive(
  mpa: MPAClient,
  state: State,
  { name, timeouts, context }: Request,
  onFound: (found: GetIdentitySourceCommandOutput) => void,
): Promise<void> {
  await waitFor(
    {
      resource: `IdentitySource ${name} (${state.arn})`,
      pending: ["CREATING"],
      target: ["ACTIVE"],
      timeout: timeouts.create,
      remedy: "Run pulumi up again to continue waiting, or increase timeouts.create.",
      observe: async () => {
        const found = await find(mpa, state.arn);
        if (!found) return { status: "gone", detail: "deleted outside of Pulumi; run pulumi refresh" };
        onFound(found);
        return { status: found.Status ?? "", detail: detailOf(found) };
      },
    },
    context,
  );
}

/** How long reads may return the status from before a deletion. */
const STALE_READ_MS = 10_000;

async function waitUntilGone(mpa: MPAClient, arn: string, { name, timeouts, context }: Request) {
  const begun = context.clock.now().getTime();
  const mayBeStale = () => context.clock.now().getTime() - begun < STALE_READ_MS;
  let seenDeleting = false;
  await waitFor(
    {
      resource: `IdentitySource ${name} (${arn})`,
      pending: ["DELETING", "ACTIVE", "ERROR before the deletion"],
      target: ["gone"],
      timeout: timeouts.delete,
      remedy: "Run the command again to continue waiting, or increase timeouts.delete.",
      observe: async () => {
        const found = await find(mpa, arn);
        if (!found) return { status: "gone" };
        seenDeleting ||= found.Status === "DELETING";
        const isOld = found.Status === "ERROR" && found.StatusCode !== "DELETION_FAILED" && !seenDeleting;
        const status = isOld && mayBeStale() ? "ERROR before the deletion" : (found.Status ?? "");
        return { status, detail: detailOf(found) };
      },
    },
    context,
  );
}

const detailOf = ({ StatusCode, StatusMessage }: GetIdentitySourceCommandOutput) =>
  [StatusCode, StatusMessage].filter(Boolean).join(": ") || undefined;

/** The state with what AWS tells now, of its tags those that the stack manages. No tags are the same as tags left out. */
function flattenSource(
  state: Pick<State, "arn" | "region"> & Partial<State>,
  found: GetIdentitySourceCommandOutput,
  tags: Tags = {},
): State {
  const { InstanceArn, Region, ApprovalPortalUrl } = found.IdentitySourceParameters?.IamIdentityCenter ?? {};
  return {
    ...state,
    statusCode: undefined,
    statusMessage: undefined,
    ...flatten(identitySource.outputs, { ...found, ApprovalPortalUrl }),
    status: found.Status ?? state.status ?? "",
    iamIdentityCenter: {
      instanceArn: InstanceArn ?? state.iamIdentityCenter?.instanceArn ?? "",
      region: Region ?? state.iamIdentityCenter?.region ?? "",
    },
    tags: managedTags(state, tags),
  };
}
