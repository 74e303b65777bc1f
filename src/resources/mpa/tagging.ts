import { call, hasCode } from "../../aws/errors";
import { loadMpa, type MPAClient } from "../../aws/mpa";
import type { Context } from "../../provider/lifecycle";
import { OWNER_TAG, type Tags } from "./ownership";

/** A resource of Multi-party approval, and how messages name it. */
export interface Target {
  mpa: MPAClient;
  arn: string;
  resource: string;
}

/** Whether a user can have set the tag: AWS's own tags and ours are not shown. */
const isVisible = (key: string): boolean => !key.startsWith("aws:") && key !== OWNER_TAG;

/** Without those that the configuration leaves to others. */
export async function listTags({ mpa, arn, resource }: Target, { tags }: Context): Promise<Tags> {
  const { ListTagsForResourceCommand } = loadMpa();
  const command = new ListTagsForResourceCommand({ ResourceArn: arn });
  try {
    const { Tags } = await call("mpa:ListTagsForResource", resource, () => mpa.send(command));
    const shown = Object.entries(Tags ?? {}).filter(([key]) => key === OWNER_TAG || !tags.isIgnored(key));
    return Object.fromEntries(shown);
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return {};
    throw error;
  }
}

/** Makes the tags what the program says, from what they are, not from what they were. */
export async function syncTags(
  target: Target,
  there: Tags,
  { tags: wanted = {}, unmanagedTags = [] }: { tags?: Tags; unmanagedTags?: readonly string[] },
): Promise<void> {
  const surplus = Object.keys(there).filter(
    (key) => isVisible(key) && !unmanagedTags.includes(key) && wanted[key] === undefined,
  );
  if (surplus.length > 0) {
    const { UntagResourceCommand } = loadMpa();
    const command = new UntagResourceCommand({ ResourceArn: target.arn, TagKeys: surplus });
    await call("mpa:UntagResource", target.resource, () => target.mpa.send(command));
  }
  const differing = Object.entries(wanted).filter(([key, value]) => there[key] !== value);
  if (differing.length > 0) await setTags(target, Object.fromEntries(differing));
}

export async function setTags({ mpa, arn, resource }: Target, tags: Tags): Promise<void> {
  const { TagResourceCommand } = loadMpa();
  const command = new TagResourceCommand({ ResourceArn: arn, Tags: tags });
  await call("mpa:TagResource", resource, () => mpa.send(command));
}

/** The keys of an adopted resource's tags that the program does not name: they are left alone. */
export function unmanagedTagsOf(tags: Tags, { tags: wanted }: { tags?: Tags }): { unmanagedTags?: string[] } {
  const unmanagedTags = Object.keys(tags).filter((key) => isVisible(key) && wanted?.[key] === undefined);
  return unmanagedTags.length > 0 ? { unmanagedTags } : {};
}

/** The tags that the stack manages. No tags are the same as tags left out. */
export function managedTags(
  state: { tags?: Tags; unmanagedTags?: readonly string[] },
  tags: Tags,
): Tags | undefined {
  const unmanaged = (state.unmanagedTags ?? []).filter((key) => state.tags?.[key] === undefined);
  const managed = Object.entries(tags).filter(([key]) => isVisible(key) && !unmanaged.includes(key));
  return state.tags || managed.length > 0 ? Object.fromEntries(managed) : undefined;
}
