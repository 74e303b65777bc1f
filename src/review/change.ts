import { computedIn, inputsOf } from "../declaration/arguments";
import { isUnknown } from "../declaration/unknown";
import type { Values } from "../declaration/values";
import { type Change, changesOf } from "../provider/diff";
import { resources } from "../resources";
import { lifecycles } from "../resources/lifecycles";
import type { Sentence } from "./model";
import { type PlannedStep, SECRET } from "./preview";
import { code, listed, showChange } from "./wording";

export type ResourceName = keyof typeof resources;

/** A planned step of one of our resources, with what the resource's own diff says of it. */
export interface ResourceChange extends PlannedStep {
  resource: ResourceName;
  /** The arguments that correspond to the state; those of a new resource are empty. */
  olds: Values;
  /** What the state has. */
  state: Values;
  /** The new arguments; empty when the resource is deleted. */
  news: Values;
  /** The declared properties that change. */
  changed: Set<string>;
  /** What the resource's diff tells whoever runs Pulumi. */
  notes: string[];
}

/** Undefined for resources of others. */
export function toChange(step: PlannedStep): ResourceChange | undefined {
  const resource = (Object.keys(resources) as ResourceName[]).find(
    (name) => resources[name].token === step.type,
  );
  if (resource === undefined) return undefined;
  const declaration = resources[resource];
  const state = step.old?.outputs ?? {};
  const news = step.next?.inputs ?? {};
  const olds = inputsOf(declaration, state, computedIn(declaration, step.old?.inputs ?? {}), news);
  const isDiffed = (step.op === "update" || step.op === "replace") && step.old !== undefined;
  const diff = isDiffed ? lifecycles[resource].diff({ olds, state, inputs: news }) : undefined;
  const told = [...step.replaceKeys, ...step.diffKeys].filter((name) => !INTERNAL.has(name));
  return {
    ...step,
    ...{ resource, olds, state, news },
    changed: new Set([...told, ...(diff?.replaces ?? []), ...(diff?.updates ?? [])]),
    notes: diff?.notes ?? [],
  };
}

/** What the dynamic provider keeps among its properties. */
const INTERNAL: ReadonlySet<string> = new Set(["__provider", "origin", "computed", "timeouts"]);

/** The properties that differ, or that may: whether a secret does, a preview may not show. */
export function changesIn(
  { resource, changed, olds, news }: ResourceChange,
  only?: readonly string[],
): Change[] {
  const { inputs } = resources[resource];
  return Object.entries(inputs).flatMap(([name, property]) => {
    if (!changed.has(name) || (only && !only.includes(name))) return [];
    const changes = changesOf(property, olds[name], news[name], [name]);
    return changes.length > 0 ? changes : [{ path: [name], kind: "update" as const }];
  });
}

/** The arguments that change, in words. */
export const describeChanges = (change: ResourceChange, only?: readonly string[]): Sentence =>
  listed(changesIn(change, only).map((one) => showChange(one, change.olds, change.news)));

/** The arguments that need a replacement; Pulumi itself may need it, without any that changes. */
export const describeReplacement = (change: ResourceChange): Sentence =>
  describeChanges(change, change.replaceKeys) ||
  "it is marked for replacement (`--target-replace`, `pulumi state taint`)";

/** Whether the properties may turn out to be as they are: their new values are not shown. */
export const isOpen = ({ news }: ResourceChange, properties: readonly string[]): boolean =>
  properties.every((name) => holdsHidden(news[name]));

const holdsHidden = (value: unknown): boolean =>
  isUnknown(value) ||
  value === SECRET ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsHidden));

export const quotedNames = (names: Iterable<string>): Sentence => listed([...names].map(code));

/** Whether a new resource takes over what is there already, or may: the preview does not show every argument. */
export const mayAdopt = (change: ResourceChange): boolean =>
  change.news["adopt"] === true || isOpen(change, ["adopt"]);
