import { createHash } from "node:crypto";
import { call, hasCode, ReadableError, type Remedies } from "../../../aws/errors";
import { type GetIdentitySourceCommandOutput, loadMpa, type MPAClient } from "../../../aws/mpa";
import { diffProperties } from "../../../provider/diff";
import { InitializationError, type Lifecycle, type Request } from "../../../provider/lifecycle";
import type { ValuesOf } from "../../../provider/properties";
import { hasUnknowns } from "../../../provider/unknown";
import { waitFor } from "../../../provider/wait";
import { expand, flatten } from "../../../provider/wire";
import { iamIdentityCenter, identitySource } from "./properties";

type Inputs = ValuesOf<typeof identitySource.inputs>;
type Outputs = ValuesOf<typeof identitySource.outputs>;

/** What a stack keeps of an identity source: what was asked for, and what AWS told. */
type State = Inputs & Partial<Outputs> & Pick<Outputs, "arn" | "region" | "status">;

/** The lifecycle of an MPA identity source. */
export const identitySourceLifecycle: Lifecycle<Inputs, State> = {
  declaration: identitySource,

  check({ olds, inputs }) {
    return { inputs, failures: reusedToken(olds, inputs) };
  },

  diff({ olds, state, inputs }) {
    const { replaces, updates } = diffProperties(identitySource.inputs, olds, inputs);
    // Nothing mends a source in ERROR but another one.
    if (state.status === "ERROR") replaces.push("status");
    return { replaces, updates, deleteBeforeReplace: true };
  },

  async create(request) {
    const { inputs, context } = request;
    const mpa = await context.aws.mpa(inputs.region);
    const arn = await createOrAdopt(mpa, inputs, request);
    return { id: arn, state: await initialize(mpa, initialState(arn, inputs), inputs, request) };
  },

  async read({ id: arn, state, context }) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await find(mpa, arn);
    return found && isOurs(found, state) ? flattenSource(state, found, await listTags(mpa, arn)) : undefined;
  },

  async update(request) {
    const { id: arn, state, inputs, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const { adopt: _, clientToken: __, ...known } = state;
    const { status, ...asked } = initialState(arn, inputs);
    return initialize(mpa, { ...known, ...asked, tags: state.tags }, inputs, request);
  },

  async delete(request) {
    const { id: arn, state, context } = request;
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await find(mpa, arn);
    if (!found || !isOurs(found, state)) return;
    const { DeleteIdentitySourceCommand } = loadMpa();
    const command = new DeleteIdentitySourceCommand({ IdentitySourceArn: arn });
    const resource = `IdentitySource ${arn}`;
    try {
      await call("mpa:DeleteIdentitySource", resource, () => mpa.send(command), DELETE_REMEDIES);
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      // A deletion that an earlier run started is a conflict too, and just what is wanted.
      if (!hasCode(error, "Conflict") || (await find(mpa, arn))?.Status !== "DELETING") throw error;
    }
    await waitUntilGone(mpa, arn, request);
  },

  async import({ id: arn, context }) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await find(mpa, arn);
    if (!found) return undefined;
    return flattenSource({ arn, region: regionOf(arn) }, found, await listTags(mpa, arn));
  },
};

/** AWS would answer with the source that is to be replaced. */
function reusedToken(olds: Inputs | undefined, news: Inputs) {
  if (!olds || news.clientToken === undefined || olds.clientToken !== news.clientToken) return [];
  const { replaces } = diffProperties(identitySource.inputs, olds, news);
  const known = replaces.filter((key) => !hasUnknowns(news[key as keyof Inputs]));
  if (known.length === 0) return [];
  const reason = `was used for the source that another ${known.join(" and ")} replaces, and AWS would answer with that one: give another token, or leave it out`;
  return [{ property: "clientToken", reason }];
}

/** The state of a source that was just asked for. */
const initialState = (arn: string, inputs: Inputs): State => ({
  ...inputs,
  arn,
  region: regionOf(arn),
  status: "CREATING",
});

const regionOf = (arn: string) => arn.split(":")[3] ?? "";

/**
 * The ARN of the source that these inputs ask for. Safe to repeat after a crash: the tokens are derived from all
 * that is sent with them, so AWS answers with the first one's result. That is why the tags, which may have changed
 * since, are not sent here: AWS refuses a token that comes back with other parameters.
 */
async function createOrAdopt(mpa: MPAClient, inputs: Inputs, request: Request): Promise<string> {
  const { CreateIdentitySourceCommand } = loadMpa();
  const resource = `IdentitySource ${request.name}`;
  for (const token of clientTokens(inputs, request)) {
    const command = new CreateIdentitySourceCommand({
      IdentitySourceParameters: { IamIdentityCenter: expand(iamIdentityCenter, inputs.iamIdentityCenter) },
      ClientToken: token,
    });
    try {
      const answer = await call("mpa:CreateIdentitySource", resource, () => mpa.send(command));
      const arn = answer.IdentitySourceArn;
      if (!arn) throw new ReadableError(resource, "mpa:CreateIdentitySource answered without an ARN.");
      if (await confirmCreated(mpa, arn, inputs, answer.CreationTime, request)) return arn;
    } catch (error) {
      if (!hasCode(error, "ServiceQuotaExceeded", "Conflict")) throw error;
      const existing = await findExisting(mpa, resource);
      if (!existing?.IdentitySourceArn) throw error;
      if (existing.Status !== "DELETING") return adopt(existing, inputs, resource, error);
      await waitUntilGone(mpa, existing.IdentitySourceArn, request);
    }
  }
  throw new ReadableError(
    resource,
    `AWS answered every idempotency token with an identity source that has been deleted since. Give ${inputs.clientToken === undefined ? "a" : "another"} clientToken.`,
  );
}

/** Some bound: how long AWS remembers a token is documented nowhere. */
const TOKENS = 50;

/**
 * A token also answers with a source that has been deleted since, so there is a row of them. The program's own
 * token is the only one of its row; it is tried again once the source that it answered with is gone.
 */
function clientTokens({ iamIdentityCenter, region, clientToken }: Inputs, { origin }: Request): string[] {
  if (clientToken !== undefined) return [clientToken, clientToken];
  const stem = createHash("sha256")
    .update(JSON.stringify([origin, iamIdentityCenter.instanceArn, iamIdentityCenter.region, region]))
    .digest("hex");
  return Array.from({ length: TOKENS }, (_, attempt) => `pulumi-${stem.slice(0, 40)}-${attempt}`);
}

/** How long a source may be invisible after its creation. */
const VISIBLE_WITHIN = 5_000;

/** How old an answer may be, by our clock, to be of a source that is only not visible yet. */
const FRESH = 60_000;

/** Whether what a create was answered with is there, and there to stay. */
async function confirmCreated(
  mpa: MPAClient,
  arn: string,
  inputs: Inputs,
  created: Date | undefined,
  request: Request,
): Promise<boolean> {
  const { clock } = request.context;
  const state = { ...initialState(arn, inputs), creationTime: created?.toISOString() };
  const isFresh = !created || Math.abs(clock.now().getTime() - created.getTime()) < FRESH;
  for (let waited = 0, delay = 200; ; waited += delay, delay *= 2) {
    const found = await find(mpa, arn).catch((error: unknown) => {
      // Created all the same: lost it must not be.
      throw new InitializationError(arn, state, error);
    });
    if (found?.Status === "DELETING") {
      await waitUntilGone(mpa, arn, request);
      return false;
    }
    if (found) return isOurs(found, state);
    if (!isFresh || waited >= VISIBLE_WITHIN) return false;
    await clock.sleep(delay);
  }
}

type Source = Pick<GetIdentitySourceCommandOutput, "IdentitySourceArn" | "IdentitySourceParameters">;

const isOf = ({ IdentitySourceParameters }: Source, { iamIdentityCenter }: Inputs): boolean => {
  const { InstanceArn, Region } = IdentitySourceParameters?.IamIdentityCenter ?? {};
  return InstanceArn === iamIdentityCenter.instanceArn && Region === iamIdentityCenter.region;
};

/** The ARN of a source that exists, where the program asks for it to be taken over. */
function adopt(existing: Source, inputs: Inputs, resource: string, cause: unknown): string {
  const arn = existing.IdentitySourceArn as string;
  if (inputs.adopt && isOf(existing, inputs)) return arn;
  const { InstanceArn, Region } = existing.IdentitySourceParameters?.IamIdentityCenter ?? {};
  const exists = `the account has an identity source already, and can have only one: ${arn}, of ${InstanceArn} in ${Region}.`;
  const remedies = isOf(existing, inputs)
    ? "Take it over with adopt: true, or refer to it with IdentitySource.get(name, arn)."
    : `It is not of the instance asked for${inputs.adopt ? ", so it was not adopted" : ""}. Refer to it with IdentitySource.get(name, arn), take it over by asking for its instance with adopt: true, or delete it first.`;
  throw new ReadableError(resource, `${exists} ${remedies}`, { cause });
}

/** From a source that exists to the one asked for: ACTIVE, then its tags. Whatever fails, the source is not lost. */
async function initialize(mpa: MPAClient, state: State, inputs: Inputs, request: Request): Promise<State> {
  let known = state;
  try {
    await waitUntilActive(mpa, state, request, (found) => {
      known = flattenSource(known, found, known.tags);
    });
    return { ...known, tags: await syncTags(mpa, state.arn, inputs.tags) };
  } catch (error) {
    throw new InitializationError(state.arn, known, error);
  }
}

const DELETE_REMEDIES: Remedies = {
  Conflict:
    "Approval teams still use it. Delete them first (aws mpa list-approval-teams names them; the deletion of an active team needs its members' votes), or keep the source with retainOnDelete.",
};

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

/** The one source that an account can have. */
async function findExisting(mpa: MPAClient, resource: string) {
  const { ListIdentitySourcesCommand } = loadMpa();
  const list = new ListIdentitySourcesCommand({});
  const { IdentitySources } = await call("mpa:ListIdentitySources", resource, () => mpa.send(list));
  return IdentitySources?.[0];
}

/**
 * An account's source has one ARN for ever, so at the ARN of ours there may stand one that somebody else has made since:
 * only the time of creation tells.
 */
function isOurs(
  { CreationTime }: GetIdentitySourceCommandOutput,
  { creationTime }: Pick<State, "creationTime">,
): boolean {
  if (!CreationTime || !creationTime) return true;
  return Math.abs(CreationTime.getTime() - new Date(creationTime).getTime()) < 1000;
}

/** The tags that people set: those of AWS's own are nobody's drift. */
async function listTags(mpa: MPAClient, arn: string): Promise<Record<string, string>> {
  const { ListTagsForResourceCommand } = loadMpa();
  const command = new ListTagsForResourceCommand({ ResourceArn: arn });
  const { Tags } = await call("mpa:ListTagsForResource", `IdentitySource ${arn}`, () => mpa.send(command));
  return Object.fromEntries(Object.entries(Tags ?? {}).filter(([key]) => !key.startsWith("aws:")));
}

/** Makes the tags what the program says, from what they are, not from what they were. */
async function syncTags(mpa: MPAClient, arn: string, wanted: Record<string, string> | undefined) {
  const there = await listTags(mpa, arn);
  const { TagResourceCommand, UntagResourceCommand } = loadMpa();
  const resource = `IdentitySource ${arn}`;
  const surplus = Object.keys(there).filter((key) => wanted?.[key] === undefined);
  if (surplus.length > 0) {
    const command = new UntagResourceCommand({ ResourceArn: arn, TagKeys: surplus });
    await call("mpa:UntagResource", resource, () => mpa.send(command));
  }
  const differing = Object.entries(wanted ?? {}).filter(([key, value]) => there[key] !== value);
  if (differing.length > 0) {
    const command = new TagResourceCommand({ ResourceArn: arn, Tags: Object.fromEntries(differing) });
    await call("mpa:TagResource", resource, () => mpa.send(command));
  }
  return wanted;
}

/** @param onFound called with every look at the source */
async function waitUntilActive(
  mpa: MPAClient,
  state: State,
  { name, timeouts, context }: Request,
  onFound: (found: GetIdentitySourceCommandOutput) => void,
): Promise<void> {
  await waitFor(
    {
      what: `IdentitySource ${name} (${state.arn})`,
      pending: ["CREATING"],
      target: ["ACTIVE"],
      timeout: timeouts.create,
      remedy: "Run pulumi up again, which goes on waiting, or give it longer with timeouts.create.",
      observe: async () => {
        const found = await find(mpa, state.arn);
        if (!found || !isOurs(found, state))
          return { status: "gone", detail: "deleted behind Pulumi's back; run pulumi refresh" };
        onFound(found);
        return { status: found.Status ?? "", detail: detailOf(found) };
      },
    },
    context,
  );
}

async function waitUntilGone(mpa: MPAClient, arn: string, { name, timeouts, context }: Request) {
  await waitFor(
    {
      what: `IdentitySource ${name} (${arn})`,
      pending: ["DELETING", "ACTIVE"],
      target: ["gone"],
      timeout: timeouts.delete,
      remedy: "Run again, which goes on waiting, or give it longer with timeouts.delete.",
      observe: async () => {
        const found = await find(mpa, arn);
        return { status: found ? (found.Status ?? "") : "gone", detail: found && detailOf(found) };
      },
    },
    context,
  );
}

const detailOf = ({ StatusCode, StatusMessage }: GetIdentitySourceCommandOutput) =>
  [StatusCode, StatusMessage].filter(Boolean).join(": ") || undefined;

/** The state with what AWS tells now. No tags are the same as tags left out. */
function flattenSource(
  state: Pick<State, "arn" | "region"> & Partial<State>,
  found: GetIdentitySourceCommandOutput,
  tags: Inputs["tags"],
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
    tags: state.tags || Object.keys(tags ?? {}).length > 0 ? tags : undefined,
  };
}
