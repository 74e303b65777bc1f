import { createHash } from "node:crypto";
import type { PropertyMap, ResourceIdentity, StandIn } from "../../engine";
import { AwsCallError, type Caller } from "../emulatorClient";
import { tagsOf } from "./tags";

/** Where the stand-ins work: the region is that of a resource that names none. */
export interface Cloud extends Omit<Caller, "role"> {}

/** The cloud in the region of a resource. */
export const cloudOf = (cloud: Cloud, { region }: PropertyMap): Cloud =>
  typeof region === "string" ? { ...cloud, region } : cloud;

/** A stand-in whose outputs are its inputs and those that AWS computes. */
export interface CloudStandIn {
  type: string;
  computed: readonly string[];
  replaces: readonly string[];
  check?: StandIn["check"];
  create(inputs: PropertyMap, subject: ResourceIdentity): Promise<{ id: string; computed: PropertyMap }>;
  /** The outputs as they are now. Throws an {@link AwsCallError} with one of `gone` when it is gone. */
  now?(outputs: PropertyMap): Promise<PropertyMap>;
  /** Answers those of the computed outputs that have changed. */
  update(outputs: PropertyMap, news: PropertyMap): Promise<PropertyMap>;
  delete?(outputs: PropertyMap): Promise<unknown>;
}

/** What SNS, SQS, DynamoDB and AWS Backup answer about what is not there. */
const GONE = [
  "NotFound",
  "NotFoundException",
  "ResourceNotFoundException",
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
];

const isGone = (error: unknown): boolean => error instanceof AwsCallError && GONE.includes(error.name);

export function standInOf(definition: CloudStandIn): StandIn {
  const { type, computed, replaces, check, create, now, update } = definition;
  const only = (outputs: PropertyMap, keep: (key: string) => boolean): PropertyMap =>
    Object.fromEntries(Object.entries(outputs).filter(([key]) => keep(key)));
  return {
    type,
    replaces,
    stables: computed.filter((key) => key !== "tagsAll"),
    ...(check && { check }),
    async create(inputs, subject) {
      const made = await create(inputs, subject);
      return { id: made.id, outs: { ...inputs, ...made.computed } };
    },
    async read(id, outputs) {
      try {
        const props = (await now?.(outputs)) ?? outputs;
        return { id, props, inputs: only(props, (key) => !computed.includes(key)) };
      } catch (error) {
        if (isGone(error)) return { id: "" };
        throw error;
      }
    },
    async update(_, outputs, news) {
      const changed = await update(outputs, news);
      return { outs: { ...news, ...only(outputs, (key) => computed.includes(key)), ...changed } };
    },
    async delete(_, outputs) {
      try {
        await definition.delete?.(outputs);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

/** A stand-in with nothing behind it in the embedded AWS: an id, and what AWS would compute. */
export function unbackedStandIn({
  identify,
  ...definition
}: Pick<CloudStandIn, "type" | "computed" | "replaces" | "check"> & {
  identify(inputs: PropertyMap, subject: ResourceIdentity): { id: string; computed: PropertyMap };
}): StandIn {
  const tags = (inputs: PropertyMap): PropertyMap =>
    definition.computed.includes("tagsAll") ? { tagsAll: tagsOf(inputs) } : {};
  return standInOf({
    ...definition,
    async create(inputs, subject) {
      const { id, computed } = identify(inputs, subject);
      return { id, computed: { ...computed, ...tags(inputs) } };
    },
    update: async (_, news) => tags(news),
  });
}

/** Makes up hexadecimal digits: what ends a name that the program does not give, or an id. */
export type MadeUp = (urn: string, digits: number) => string;

export const uuidOf = (madeUp: MadeUp, urn: string): string =>
  madeUp(urn, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** The same digits in every run of a test, and others for every next resource of one URN. */
export function repeatable(): MadeUp {
  const counts = new Map<string, number>();
  return (urn, digits) => {
    const count = (counts.get(urn) ?? 0) + 1;
    counts.set(urn, count);
    return createHash("sha256").update(`${urn} ${count}`).digest("hex").slice(0, digits);
  };
}

/**
 * Names what the program gives no name, as the `aws` provider does: the resource's name and seven hexadecimal digits. Such
 * a name stays when the resource gets another, by an alias.
 */
export const autoNaming =
  (madeUp: MadeUp): NonNullable<StandIn["check"]> =>
  (olds, news, { urn, name }) => {
    if (news["name"] !== undefined) return { inputs: news };
    const { name: before, namePrefix: prefixBefore } = olds;
    const { namePrefix: prefix = `${name}-` } = news;
    const ending = news["fifoTopic"] === true || news["fifoQueue"] === true ? ".fifo" : "";
    const kept = typeof before === "string" && prefixBefore === news["namePrefix"] && MADE_UP.test(before);
    return { inputs: { ...news, name: kept ? before : `${prefix}${madeUp(urn, 7)}${ending}` } };
  };

const MADE_UP = /[0-9a-f]{7}(\.fifo)?$/;
