import { createHash } from "node:crypto";
import { z } from "zod";
import { parseDuration } from "../../../aws/duration";
import { call, hasCode, ReadableError, type Remedies } from "../../../aws/errors";
import { type GetIdentitySourceCommandOutput, loadMpa, type MPAClient } from "../../../aws/mpa";
import { nameOf } from "../../../program/origin";
import { changed, pick, withoutComputed } from "../../../provider/diff";
import { type Context, type Lifecycle, Unfinished } from "../../../provider/lifecycle";
import { complain, duration, flag, hasUnknowns, record, text } from "../../../provider/validate";
import { waitFor } from "../../../provider/wait";

const tagMap = z
  .record(z.string(), text({ max: 256 }), { error: "must be an object of tag keys and values" })
  .superRefine((tags, ctx) => {
    const keys = Object.keys(tags);
    if (keys.length > 50) complain(ctx, `may hold at most 50 tags, holds ${keys.length}`);
    for (const key of keys) {
      if (key === "" || [...key].length > 128)
        complain(ctx, "a tag's key must be 1 to 128 characters long", [key]);
      if (/^aws:/i.test(key)) complain(ctx, 'keys that begin with "aws:" are AWS\'s own', [key]);
    }
  });

const regionName = text({
  min: 1,
  max: 1000,
  pattern: /^[a-z0-9-]+$/,
  allows: "must be a region, such as us-east-1",
});

const schema = record({
  iamIdentityCenter: record({
    instanceArn: text({
      min: 20,
      max: 2048,
      pattern: /^arn:.+:sso:::instance\/(?:sso)?ins-[a-zA-Z0-9-.]{16}$/,
      allows:
        "must be the ARN of an IAM Identity Center instance, such as arn:aws:sso:::instance/ssoins-1234567890abcdef",
    }),
    region: regionName,
  }),
  clientToken: text({ min: 1, max: 4096 }).optional(),
  adopt: flag().optional(),
  tags: tagMap.optional(),
  region: regionName.optional(),
  timeouts: record({ create: duration().optional(), delete: duration().optional() }).optional(),
  origin: z.string(),
});

type Inputs = z.infer<typeof schema>;

/** What a stack keeps of an identity source: what was asked for, and what AWS told. */
interface State extends Inputs {
  arn: string;
  region: string;
  identitySourceType?: string;
  status: string;
  statusCode?: string;
  statusMessage?: string;
  creationTime?: string;
  approvalPortalUrl?: string;
  /** Arguments that the program left out and that we filled in. */
  computed: "region"[];
}

const DEFAULT_TIMEOUT = "10m";

/** The life of an MPA identity source. */
export const identitySourceLifecycle: Lifecycle<Inputs, State> = {
  type: "IdentitySource",
  schema,

  check(olds, news) {
    const used = news.clientToken !== undefined && olds?.clientToken === news.clientToken;
    const other = olds ? changed<Inputs>(olds, news, ["iamIdentityCenter", "region"]) : [];
    const known = other.filter((key) => !hasUnknowns(news[key as keyof Inputs]));
    if (!used || known.length === 0) return { inputs: news, failures: [] };
    const reason = `was used for the source that another ${known.join(" and ")} replaces, and AWS would answer with that one: give another token, or leave it out`;
    return { inputs: news, failures: [{ property: "clientToken", reason }] };
  },

  inputsOf(state) {
    return pick<Inputs, keyof Inputs>(
      withoutComputed<State>(state),
      Object.keys(schema.shape) as (keyof Inputs)[],
    );
  },

  diff(olds, news) {
    const replaces = changed<Inputs>(olds, news, ["iamIdentityCenter"]);
    // Left out, they mean "whichever it is": a source must not go for that.
    if (news.region !== undefined) replaces.push(...changed<Inputs>(olds, news, ["region"]));
    if (news.clientToken !== undefined) replaces.push(...changed<Inputs>(olds, news, ["clientToken"]));
    // Nothing mends a source in ERROR but another one.
    if (olds.status === "ERROR") replaces.push("status");
    return {
      replaces,
      deleteBeforeReplace: true,
      updates: changed<Inputs>(olds, news, ["tags", "adopt", "timeouts"]),
    };
  },

  async create(inputs, context) {
    const mpa = await context.aws.mpa(inputs.region);
    const arn = await createOrAdopt(mpa, inputs, context);
    return { id: arn, state: await settle(mpa, asked(arn, inputs), inputs, context) };
  },

  async read(arn, olds, { aws }) {
    const mpa = await aws.mpa(regionOf(arn));
    const found = await describe(mpa, arn);
    if (!found || (olds && !isOurs(found, olds))) return undefined;
    const tags = await listTags(mpa, arn);
    const known = olds ?? ({ arn, region: regionOf(arn), computed: [] } as unknown as State);
    return told({ ...known, tags: known.tags || Object.keys(tags).length > 0 ? tags : undefined }, found);
  },

  async update(arn, olds, news, context) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const { adopt: _, clientToken: __, timeouts: ___, ...known } = olds;
    const { status, ...now } = asked(arn, news);
    return settle(mpa, { ...known, ...now, tags: olds.tags }, news, context);
  },

  async delete(arn, olds, context) {
    const mpa = await context.aws.mpa(regionOf(arn));
    const found = await describe(mpa, arn);
    if (!found || !isOurs(found, olds)) return;
    const { DeleteIdentitySourceCommand } = loadMpa();
    const command = new DeleteIdentitySourceCommand({ IdentitySourceArn: arn });
    try {
      await call(
        "mpa:DeleteIdentitySource",
        `IdentitySource ${arn}`,
        () => mpa.send(command),
        DELETE_REMEDIES,
      );
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return;
      // A deletion that an earlier run started is a conflict too, and just what is wanted.
      if (!hasCode(error, "Conflict") || (await describe(mpa, arn))?.Status !== "DELETING") throw error;
    }
    await untilGone(mpa, arn, olds, context);
  },
};

/** The state of a source that was just asked for. */
function asked(arn: string, inputs: Inputs): State {
  const computed: State["computed"] = inputs.region === undefined ? ["region"] : [];
  return { ...inputs, arn, region: regionOf(arn), status: "CREATING", computed };
}

const regionOf = (arn: string) => arn.split(":")[3] ?? "";

/**
 * The ARN of the source that these inputs ask for. Safe to repeat after a crash: the tokens are derived from all
 * that is sent with them, so AWS answers with the first one's result. That is why the tags, which may have changed
 * since, are not sent here: AWS refuses a token that comes back with other parameters.
 */
async function createOrAdopt(mpa: MPAClient, inputs: Inputs, context: Context): Promise<string> {
  const { CreateIdentitySourceCommand } = loadMpa();
  const resource = `IdentitySource ${nameOf(inputs.origin, "")}`;
  for (const token of clientTokens(inputs)) {
    const command = new CreateIdentitySourceCommand({
      IdentitySourceParameters: {
        IamIdentityCenter: {
          InstanceArn: inputs.iamIdentityCenter.instanceArn,
          Region: inputs.iamIdentityCenter.region,
        },
      },
      ClientToken: token,
    });
    try {
      const answer = await call("mpa:CreateIdentitySource", resource, () => mpa.send(command));
      const arn = answer.IdentitySourceArn;
      if (!arn) throw new ReadableError(resource, "mpa:CreateIdentitySource answered without an ARN.");
      if (await stands(mpa, arn, inputs, answer.CreationTime, context)) return arn;
    } catch (error) {
      if (!hasCode(error, "ServiceQuotaExceeded", "Conflict")) throw error;
      const existing = await existingSource(mpa, resource);
      if (!existing?.IdentitySourceArn) throw error;
      if (existing.Status !== "DELETING") return adopt(existing, inputs, resource, error);
      await untilGone(mpa, existing.IdentitySourceArn, inputs, context);
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
function* clientTokens({ origin, iamIdentityCenter, region, clientToken }: Inputs): Generator<string> {
  if (clientToken !== undefined) {
    yield clientToken;
    yield clientToken;
    return;
  }
  const stem = createHash("sha256")
    .update(JSON.stringify([origin, iamIdentityCenter.instanceArn, iamIdentityCenter.region, region]))
    .digest("hex");
  for (let attempt = 0; attempt < TOKENS; attempt++) yield `pulumi-${stem.slice(0, 40)}-${attempt}`;
}

/** How long a source may be invisible after its creation. */
const VISIBLE_WITHIN = 5_000;

/** How old an answer may be, by our clock, to be of a source that is only not visible yet. */
const FRESH = 60_000;

/** Whether what a create was answered with is there, and there to stay. */
async function stands(
  mpa: MPAClient,
  arn: string,
  inputs: Inputs,
  created: Date | undefined,
  context: Context,
) {
  const { clock } = context;
  const state = { ...asked(arn, inputs), creationTime: created?.toISOString() };
  const fresh = !created || Math.abs(clock.now().getTime() - created.getTime()) < FRESH;
  for (let waited = 0, delay = 200; ; waited += delay, delay *= 2) {
    let found: GetIdentitySourceCommandOutput | undefined;
    try {
      found = await describe(mpa, arn);
    } catch (error) {
      // Created all the same: lost it must not be.
      throw new Unfinished(arn, state, error);
    }
    if (found?.Status === "DELETING") {
      await untilGone(mpa, arn, inputs, context);
      return false;
    }
    if (found) return isOurs(found, state);
    if (!fresh || waited >= VISIBLE_WITHIN) return false;
    await clock.sleep(delay);
  }
}

/**
 * An account's source has one ARN for ever, so at the ARN of ours there may stand one that somebody else has made since:
 * only the time of creation tells.
 */
function isOurs(
  { CreationTime }: GetIdentitySourceCommandOutput,
  { creationTime }: Pick<State, "creationTime">,
) {
  if (!CreationTime || !creationTime) return true;
  return Math.abs(CreationTime.getTime() - new Date(creationTime).getTime()) < 1000;
}

async function existingSource(mpa: MPAClient, resource: string) {
  const { ListIdentitySourcesCommand } = loadMpa();
  const list = new ListIdentitySourcesCommand({});
  const { IdentitySources } = await call("mpa:ListIdentitySources", resource, () => mpa.send(list));
  return IdentitySources?.[0];
}

type Source = NonNullable<Awaited<ReturnType<typeof existingSource>>>;

function isOf(source: Pick<Source, "IdentitySourceParameters">, { iamIdentityCenter }: Inputs): boolean {
  const { InstanceArn, Region } = source.IdentitySourceParameters?.IamIdentityCenter ?? {};
  return InstanceArn === iamIdentityCenter.instanceArn && Region === iamIdentityCenter.region;
}

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

/** From a source that exists to the one asked for: its tags, then ACTIVE. Whatever fails, the source is not lost. */
async function settle(mpa: MPAClient, state: State, inputs: Inputs, context: Context): Promise<State> {
  let known = state;
  try {
    await waitFor(
      {
        what: `IdentitySource ${nameOf(inputs.origin, state.arn)} (${state.arn})`,
        pending: ["CREATING"],
        target: ["ACTIVE"],
        timeout: parseDuration(inputs.timeouts?.create ?? DEFAULT_TIMEOUT) as number,
        remedy: "Run pulumi up again, which goes on waiting, or give it longer with timeouts.create.",
        observe: async () => {
          const value = await describe(mpa, state.arn);
          if (!value || !isOurs(value, state))
            return { status: "gone", detail: "deleted behind Pulumi's back; run pulumi refresh" };
          known = told(known, value);
          return { status: value.Status ?? "", detail: detailOf(value) };
        },
      },
      context,
    );
    known = { ...known, tags: await syncTags(mpa, state.arn, inputs.tags) };
    return known;
  } catch (error) {
    throw new Unfinished(state.arn, known, error);
  }
}

async function untilGone(mpa: MPAClient, arn: string, { timeouts, origin }: Inputs, context: Context) {
  await waitFor(
    {
      what: `IdentitySource ${nameOf(origin, arn)} (${arn})`,
      pending: ["DELETING", "ACTIVE"],
      target: ["gone"],
      timeout: parseDuration(timeouts?.delete ?? DEFAULT_TIMEOUT) as number,
      remedy: "Run again, which goes on waiting, or give it longer with timeouts.delete.",
      observe: async () => {
        const found = await describe(mpa, arn);
        return {
          status: found ? (found.Status ?? "") : "gone",
          detail: found && detailOf(found),
        };
      },
    },
    context,
  );
}

const detailOf = ({ StatusCode, StatusMessage }: GetIdentitySourceCommandOutput) =>
  [StatusCode, StatusMessage].filter(Boolean).join(": ") || undefined;

const DELETE_REMEDIES: Remedies = {
  Conflict:
    "Approval teams still use it. Delete them first (aws mpa list-approval-teams names them; the deletion of an active team needs its members' votes), or keep the source with retainOnDelete.",
};

async function describe(mpa: MPAClient, arn: string): Promise<GetIdentitySourceCommandOutput | undefined> {
  const { GetIdentitySourceCommand } = loadMpa();
  const command = new GetIdentitySourceCommand({ IdentitySourceArn: arn });
  try {
    return await call("mpa:GetIdentitySource", `IdentitySource ${arn}`, () => mpa.send(command));
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
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
  const gone = Object.keys(there).filter((key) => wanted?.[key] === undefined);
  if (gone.length > 0) {
    const command = new UntagResourceCommand({ ResourceArn: arn, TagKeys: gone });
    await call("mpa:UntagResource", resource, () => mpa.send(command));
  }
  const differ = Object.entries(wanted ?? {}).filter(([key, value]) => there[key] !== value);
  if (differ.length > 0) {
    const command = new TagResourceCommand({ ResourceArn: arn, Tags: Object.fromEntries(differ) });
    await call("mpa:TagResource", resource, () => mpa.send(command));
  }
  return wanted;
}

function told(olds: State, now: GetIdentitySourceCommandOutput): State {
  const { InstanceArn, Region, ApprovalPortalUrl } = now.IdentitySourceParameters?.IamIdentityCenter ?? {};
  return {
    ...olds,
    iamIdentityCenter: {
      instanceArn: InstanceArn ?? olds.iamIdentityCenter?.instanceArn,
      region: Region ?? olds.iamIdentityCenter?.region,
    },
    identitySourceType: now.IdentitySourceType ?? olds.identitySourceType,
    status: now.Status ?? olds.status,
    statusCode: now.StatusCode,
    statusMessage: now.StatusMessage,
    creationTime: now.CreationTime?.toISOString() ?? olds.creationTime,
    approvalPortalUrl: ApprovalPortalUrl ?? olds.approvalPortalUrl,
  };
}
