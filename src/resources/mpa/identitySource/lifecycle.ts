import { createHash, randomUUID } from "node:crypto";
import { call, hasCode, ReadableError } from "../../../aws/errors";
import { type GetIdentitySourceCommandOutput, loadMpa, type MPAClient } from "../../../aws/mpa";
import { diffProperties } from "../../../provider/diff";
import { type Context, InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import type { ValuesOf } from "../../../provider/properties";
import { waitFor } from "../../../provider/wait";
import { expand, flatten } from "../../../provider/wire";
import { formatOwner, OWNER_TAG, ownerPath, parseOwner } from "../ownership";
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
    // Nothing mends a source in ERROR but another one, and one that is being deleted makes room for another.
    if (state.status === "ERROR" || state.status === "DELETING") replaces.push("status");
    else if (state.status !== "ACTIVE") updates.push("status");
    return { replaces, updates, deleteBeforeReplace: true };
  },

  async create(request) {
    const { inputs, context } = request;
    const mpa = await context.aws.mpa(inputs.region);
    const { arn, ...known } = await createOrAdopt(mpa, inputs, request);
    const state = { ...initialState(arn, inputs), ...known };
    return { id: arn, state: await initialize(mpa, state, inputs, request) };
  },

  async read({ id: arn, state, context }) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    return found && isOurs(found, state) ? flattenSource(state, found.source, found.tags) : undefined;
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
      context.log(`IdentitySource ${name} is forgotten, not deleted: ${holderOf(found)}`);
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
        "IdentitySource.get",
        "takes the ARN of an identity source, such as arn:aws:mpa:us-east-1:111122223333:identity-source/IamIdentityCenter.",
      );
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await findWithTags(mpa, arn, context);
    return found && flattenSource({ arn, region: regionOf(arn) }, found.source, found.tags);
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

const regionOf = (arn: string) => arn.split(":")[3] ?? "";

/** What is known of a source right after the create call. */
type Created = Pick<State, "arn" | "creationTime" | "unmanagedTags" | "ownershipId">;

/** Only deletions that others start meanwhile make another attempt necessary. */
const ATTEMPTS = 5;

/**
 * Creates or adopts the source. Safe to repeat after a crash: the first token and the parameters sent with it are derived
 * from the same inputs, so AWS returns the result of the first call. The program's tags may change between attempts, and AWS
 * refuses a token with other parameters, so they are not sent. AWS also returns the first result when that source has been
 * deleted since. Then a random token is used, and after a crash the source is found by its owner tag.
 */
async function createOrAdopt(mpa: MPAClient, inputs: Inputs, request: Request): Promise<Created> {
  const resource = `IdentitySource ${request.name}`;
  let token = inputs.clientToken ?? derivedToken(inputs, request);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let existing: SourceWithTags | undefined;
    let refusal: unknown;
    try {
      const answer = await send(mpa, inputs, token, request);
      const found = await findCreated(mpa, answer, inputs, request);
      if (found && isUnclaimed(found, answer)) return answer;
      existing = found;
      token = `pulumi-${randomUUID()}`;
    } catch (error) {
      if (!hasCode(error, "ServiceQuotaExceeded", "Conflict")) throw error;
      refusal = error;
      existing = await findExisting(mpa, resource, request.context);
      if (!existing) throw error;
    }
    if (existing?.source.Status === "DELETING") await waitUntilGone(mpa, arnOf(existing), request);
    else if (existing) return takeOver(existing, inputs, request, refusal);
  }
  throw new ReadableError(
    resource,
    "other identity sources of the account came and went meanwhile. Run again.",
  );
}

function derivedToken({ iamIdentityCenter, region }: Inputs, { origin }: Request): string {
  const parts = [origin, iamIdentityCenter.instanceArn, iamIdentityCenter.region, region];
  return `pulumi-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40)}`;
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
  if (!arn) throw new ReadableError(resource, "mpa:CreateIdentitySource answered without an ARN.");
  // Known from the first record on, so that no later step can leave an id that no state has.
  return { arn, creationTime: CreationTime?.toISOString(), ownershipId: randomUUID() };
}

/** How long a new source may stay invisible to reads. */
const VISIBILITY_TIMEOUT_MS = 5_000;

/** An older source that is not found was deleted; a newer one may only not be visible yet. */
const RECENT_MS = 60_000;

/** The source at the ARN that the create call returned. A failed read does not lose it. */
async function findCreated(mpa: MPAClient, created: Created, inputs: Inputs, { context }: Request) {
  const { clock } = context;
  const age = created.creationTime ? clock.now().getTime() - Date.parse(created.creationTime) : 0;
  try {
    for (let waited = 0, delay = 200; ; waited += delay, delay *= 2) {
      const found = await findWithTags(mpa, created.arn, context);
      if (found || Math.abs(age) >= RECENT_MS || waited >= VISIBILITY_TIMEOUT_MS) return found;
      await clock.sleep(delay);
    }
  } catch (error) {
    throw new InitializationError(created.arn, { ...initialState(created.arn, inputs), ...created }, error);
  }
}

/** Whether the found source is the created one, and no other state owns it. */
const isUnclaimed = (found: SourceWithTags, created: Created): boolean =>
  found.source.Status !== "DELETING" && isOurs(found, created);

interface SourceWithTags {
  source: GetIdentitySourceCommandOutput;
  tags: Tags;
}

type Tags = Record<string, string>;

const arnOf = ({ source }: SourceWithTags): string => source.IdentitySourceArn ?? "";

const isOf = ({ source }: SourceWithTags, { iamIdentityCenter }: Inputs): boolean => {
  const { InstanceArn, Region } = source.IdentitySourceParameters?.IamIdentityCenter ?? {};
  return InstanceArn === iamIdentityCenter.instanceArn && Region === iamIdentityCenter.region;
};

/** The existing source, if an earlier attempt of this resource left it or the program adopts it. */
function takeOver(existing: SourceWithTags, inputs: Inputs, request: Request, cause: unknown): Created {
  const arn = arnOf(existing);
  const owner = parseOwner(existing.tags[OWNER_TAG]);
  const isOurTry = owner?.path === ownerPath(request.origin) && owner.id === undefined;
  if (isOf(existing, inputs) && isOurTry) return { arn };
  if (isOf(existing, inputs) && inputs.adopt) {
    const unmanagedTags = Object.keys(existing.tags).filter(
      (key) => isVisible(key) && inputs.tags?.[key] === undefined,
    );
    return { arn, ...(unmanagedTags.length > 0 && { unmanagedTags }) };
  }
  const { InstanceArn, Region } = existing.source.IdentitySourceParameters?.IamIdentityCenter ?? {};
  // The instance asked for may be a secret of the program; another one is not.
  const instance = isOf(existing, inputs) ? "the instance asked for" : `${InstanceArn} in ${Region}`;
  const exists = `the account has an identity source already, and can have only one: ${arn}, of ${instance}. ${holderOf(existing)}`;
  const remedies = isOf(existing, inputs)
    ? "Take it over with adopt: true, or refer to it with IdentitySource.get(name, arn)."
    : `It is not of the instance asked for${inputs.adopt ? ", so it was not adopted" : ""}. Refer to it with IdentitySource.get(name, arn), take it over by asking for its instance with adopt: true, or delete it first.`;
  throw new ReadableError(`IdentitySource ${request.name}`, `${exists} ${remedies}`, { cause });
}

/** Waits until the source is ACTIVE, then sets its tags, and as the very last step the owner's id. A failure keeps the source in the state. */
async function initialize(mpa: MPAClient, state: State, inputs: Inputs, request: Request): Promise<State> {
  const { arn, unmanagedTags = [] } = state;
  let known: State = { ...state, ownershipId: state.ownershipId ?? randomUUID() };
  try {
    await waitUntilActive(mpa, state, request, (found) => {
      known = flattenSource(known, found, known.tags);
    });
    const owner = formatOwner({ path: ownerPath(request.origin), id: known.ownershipId });
    const tags = await listTags(mpa, arn, request.context);
    await syncTags(mpa, arn, without(tags, unmanagedTags), inputs.tags);
    if (tags[OWNER_TAG] !== owner) await tag(mpa, arn, { [OWNER_TAG]: owner });
    return { ...known, tags: inputs.tags };
  } catch (error) {
    throw new InitializationError(arn, known, error);
  }
}

/** What to do when AWS refuses to delete the source. */
const conflictRemedy = ({ Status }: GetIdentitySourceCommandOutput): string =>
  Status === "CREATING"
    ? "It is still being created: run again once it is there."
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

async function findWithTags(
  mpa: MPAClient,
  arn: string,
  context: Context,
): Promise<SourceWithTags | undefined> {
  const source = await find(mpa, arn);
  return source && { source, tags: await listTags(mpa, arn, context) };
}

/** The one source that an account can have. */
async function findExisting(
  mpa: MPAClient,
  resource: string,
  context: Context,
): Promise<SourceWithTags | undefined> {
  const { ListIdentitySourcesCommand } = loadMpa();
  const list = new ListIdentitySourcesCommand({});
  const { IdentitySources } = await call("mpa:ListIdentitySources", resource, () => mpa.send(list));
  const arn = IdentitySources?.[0]?.IdentitySourceArn;
  return arn === undefined ? undefined : findWithTags(mpa, arn, context);
}

/** The creation times that Create and Get return for one source may differ by seconds. */
const CREATION_TOLERANCE_MS = 10_000;

/**
 * Whether the source belongs to the state. All sources of an account have the same ARN, so this may be a later one, or one
 * that another stack has adopted. The id in the owner tag decides; without an id, the creation time does.
 */
function isOurs({ source, tags }: SourceWithTags, state: Partial<State>): boolean {
  const owner = parseOwner(tags[OWNER_TAG]);
  if (owner?.id !== undefined) return owner.id === state.ownershipId;
  if (!source.CreationTime || !state.creationTime) return true;
  return Math.abs(source.CreationTime.getTime() - Date.parse(state.creationTime)) < CREATION_TOLERANCE_MS;
}

/** Who owns a source, and since when it exists, for messages. */
function holderOf({ source, tags }: SourceWithTags): string {
  const owner = parseOwner(tags[OWNER_TAG]);
  const holder = owner ? `${owner.path} holds it` : "somebody else holds it";
  return `${holder}; it was made ${source.CreationTime?.toISOString() ?? "at an unknown time"}.`;
}

/** Whether a user can have set the tag: AWS's own tags and ours are not shown. */
const isVisible = (key: string): boolean => !key.startsWith("aws:") && key !== OWNER_TAG;

const without = (tags: Tags, keys: readonly string[]): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

/** Without those that the configuration leaves to others. */
async function listTags(mpa: MPAClient, arn: string, { tags }: Context): Promise<Tags> {
  const { ListTagsForResourceCommand } = loadMpa();
  const command = new ListTagsForResourceCommand({ ResourceArn: arn });
  try {
    const resource = `IdentitySource ${arn}`;
    const { Tags } = await call("mpa:ListTagsForResource", resource, () => mpa.send(command));
    const shown = Object.entries(Tags ?? {}).filter(([key]) => key === OWNER_TAG || !tags.isIgnored(key));
    return Object.fromEntries(shown);
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return {};
    throw error;
  }
}

/** Makes the tags what the program says, from what they are, not from what they were. */
async function syncTags(mpa: MPAClient, arn: string, there: Tags, wanted: Tags = {}): Promise<void> {
  const surplus = Object.keys(there).filter((key) => isVisible(key) && wanted[key] === undefined);
  if (surplus.length > 0) {
    const { UntagResourceCommand } = loadMpa();
    const command = new UntagResourceCommand({ ResourceArn: arn, TagKeys: surplus });
    await call("mpa:UntagResource", `IdentitySource ${arn}`, () => mpa.send(command));
  }
  const differing = Object.entries(wanted).filter(([key, value]) => there[key] !== value);
  if (differing.length > 0) await tag(mpa, arn, Object.fromEntries(differing));
}

async function tag(mpa: MPAClient, arn: string, tags: Tags): Promise<void> {
  const { TagResourceCommand } = loadMpa();
  const command = new TagResourceCommand({ ResourceArn: arn, Tags: tags });
  await call("mpa:TagResource", `IdentitySource ${arn}`, () => mpa.send(command));
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
      remedy: "Run pulumi up again, which goes on waiting, or give it longer with timeouts.create.",
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
      remedy: "Run again, which goes on waiting, or give it longer with timeouts.delete.",
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
  const unmanaged = (state.unmanagedTags ?? []).filter((key) => state.tags?.[key] === undefined);
  const managed = Object.fromEntries(
    Object.entries(tags).filter(([key]) => isVisible(key) && !unmanaged.includes(key)),
  );
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
    tags: state.tags || Object.keys(managed).length > 0 ? managed : undefined,
  };
}
