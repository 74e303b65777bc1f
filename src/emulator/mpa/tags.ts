import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { map, string } from "../shapes";
import { accessDenied, notFound } from "./errors";
import type { MpaStore } from "./store";

/** A resource that carries tags. */
interface Taggable {
  readonly arn: string;
  readonly tags: Map<string, string>;
}

/** Every taggable resource: one line a kind. */
const taggableResources = ({ identitySources, approvalTeams }: MpaStore): readonly Iterable<Taggable>[] => [
  identitySources.values(),
  approvalTeams.values(),
];

/** The taggable resource of the caller's account that an ARN names. */
export function findTaggable(arn: string, { caller, cloud }: Invocation): Taggable {
  const parts = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12})?:.+$/.exec(arn);
  if (parts === null) throw new AwsError("ValidationException", 400, `Invalid ARN: ${arn}`);
  const [, account] = parts;
  if (account !== undefined && account !== caller.account) throw accessDenied(caller, arn);
  for (const resources of taggableResources(cloud.mpa)) {
    for (const resource of resources) if (resource.arn === arn) return resource;
  }
  throw notFound(arn);
}

const MAX_TAGS = 50;

export const resourceArn = string({ max: 1000 });
export const tagKey = string({ min: 1, max: 128, sensitive: true });
export const tags = map(tagKey, string({ min: 0, max: 256, sensitive: true }), { sensitive: true });

export const tooManyTags = (count: number): boolean => count > MAX_TAGS;

/** The tags of a create. */
export function checkNewTags(requested: ReadonlyMap<string, string>): void {
  refuseReservedTags(requested.keys());
  if (tooManyTags(requested.size))
    throw new AwsError("ValidationException", 400, "A resource can have at most 50 tags");
}

export function refuseReservedTags(keys: Iterable<string>): void {
  for (const key of keys) {
    if (key.toLowerCase().startsWith("aws:")) {
      throw new AwsError("ValidationException", 400, "Tag keys that start with aws: are reserved for AWS");
    }
  }
}
