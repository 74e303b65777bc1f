// Reads what `pulumi preview --json` prints: one object at the end, or with PULUMI_ENABLE_STREAMING_JSON_PREVIEW an event a
// line (`PreviewDigest` and `EngineEvent` in https://github.com/pulumi/pulumi/tree/master/sdk/go/common/apitype).

import { z } from "zod";
import { SIGNATURE_KEY, UNKNOWN_VALUES } from "../declaration/markers";
import { UNKNOWN } from "../declaration/unknown";
import type { Values } from "../declaration/values";
import { tokenOfType } from "../program/handle";

/** What Pulumi plans to do with a resource. `forget`: it leaves the stack, and stays where it is. */
export type PlannedOp = "same" | "create" | "import" | "update" | "replace" | "delete" | "forget";

/** A resource before or after a step. Unknown values are {@link UNKNOWN}, secret ones {@link SECRET}. */
export interface ResourceView {
  id: string | undefined;
  inputs: Values;
  outputs: Values;
  isProtected: boolean;
  /** Whether a deletion leaves it where it is (`retainOnDelete`). */
  isRetained: boolean;
}

export interface PlannedStep {
  op: PlannedOp;
  urn: string;
  name: string;
  /** Of our resources the token, whichever front they are of. */
  type: string;
  old: ResourceView | undefined;
  next: ResourceView | undefined;
  /** The properties that differ or need a replacement, as far as the provider has said it. */
  replaceKeys: string[];
  diffKeys: string[];
}

export interface Preview {
  /** `project/stack`; undefined in a preview without a resource. */
  stack: string | undefined;
  steps: PlannedStep[];
  /** The errors that the preview has ended with. */
  errors: string[];
}

/** Stands for a value that the preview hides. */
class Secret {
  toString(): string {
    return "(secret)";
  }
}
export const SECRET: Secret = Object.freeze(new Secret());

export class NotAPreviewError extends Error {
  override readonly name = "NotAPreviewError";
}

const view = z.object({
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
});
const names = z.array(z.string()).nullish();
const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: view.nullish(),
  newState: view.nullish(),
  diffReasons: names,
  replaceReasons: names,
});
type Step = z.infer<typeof step>;
const diagnostic = z.object({ message: z.string(), severity: z.string() });
const digest = z
  .object({ steps: z.array(step).nullish(), diagnostics: z.array(diagnostic).nullish() })
  // Else every other JSON object would be a preview of nothing. A real one has the step of the stack, or says why not.
  .refine(({ steps, diagnostics }) => steps || diagnostics);
const event = z.object({
  sequence: z.number(),
  resourcePreEvent: z
    .object({
      metadata: z
        .object({
          op: z.string(),
          urn: z.string(),
          old: view.nullish(),
          new: view.nullish(),
          keys: names,
          diffs: names,
        })
        .transform(({ op, urn, old, new: next, keys, diffs }) => ({
          ...{ op, urn, oldState: old, newState: next, replaceReasons: keys, diffReasons: diffs },
        })),
    })
    .optional(),
  diagnosticEvent: diagnostic.optional(),
  summaryEvent: z.object({ result: z.string().optional() }).optional(),
});

/** @throws NotAPreviewError */
export function parsePreview(text: string): Preview {
  const { steps, diagnostics } = readBuffered(text) ?? readStreamed(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return {
    stack: stackOf(steps[0]?.urn),
    steps: normalized(steps).map(toPlannedStep),
    errors: errors.map(({ message }) => message.replace(/^error: /, "").trim()),
  };
}

interface Printed {
  steps: Step[];
  diagnostics: z.infer<typeof diagnostic>[];
}

function readBuffered(text: string): Printed | undefined {
  const parsed = digest.safeParse(parseJson(text));
  // An event, too, is an object without steps.
  if (!parsed.success || event.safeParse(parseJson(text)).success) return undefined;
  return { steps: parsed.data.steps ?? [], diagnostics: parsed.data.diagnostics ?? [] };
}

function readStreamed(text: string): Printed {
  const events = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => event.safeParse(parseJson(line)));
  if (events.length === 0 || events.some(({ success }) => !success))
    throw new NotAPreviewError("This is not the output of `pulumi preview --json`.");
  if (events.filter(({ data }) => data?.sequence === 0).length > 1)
    throw new NotAPreviewError("These are several previews. Review one at a time.");
  const diagnostics = events.flatMap(({ data }) => data?.diagnosticEvent ?? []);
  const [summary] = events.flatMap(({ data }) => data?.summaryEvent ?? []);
  return {
    steps: events.flatMap(({ data }) => data?.resourcePreEvent?.metadata ?? []),
    diagnostics: [...diagnostics, ...failureOf(summary, diagnostics)],
  };
}

/** Not every failure has an error of its own: that of a YAML program has none, nor has a preview that was killed. */
function failureOf(
  summary: { result?: string | undefined } | undefined,
  diagnostics: Printed["diagnostics"],
) {
  if (diagnostics.some(({ severity }) => severity === "error")) return [];
  if (summary === undefined) return [{ severity: "error", message: "The preview was cut off." }];
  return summary.result === "failed" ? [{ severity: "error", message: "Pulumi does not say why." }] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `project/stack`, of `urn:pulumi:STACK::PROJECT::…`. */
function stackOf(urn: string | undefined): string | undefined {
  const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn ?? "") ?? [];
  return project === undefined ? undefined : `${project}/${stack}`;
}

/** Without the two halves of a replacement, which some previews list beside it, and without what was only refreshed. */
function normalized(steps: Step[]): Step[] {
  const replaced = new Map(
    steps.filter(({ op }) => op === "replace").map((one) => [one.urn, one.oldState?.id]),
  );
  const imported = new Set(steps.filter(({ op }) => op === "import-replacement").map(({ urn }) => urn));
  return steps.filter(({ op, urn, oldState }) => {
    if (op === "refresh") return false;
    // It is the step of the import that says what is made of the new one.
    if (imported.has(urn)) return op !== "replace";
    if (op === "create-replacement") return !replaced.has(urn);
    // What an interrupted run has left to delete is another one than the one that is replaced now.
    return op !== "delete-replaced" || !replaced.has(urn) || replaced.get(urn) !== oldState?.id;
  });
}

const OPS: Readonly<Record<string, PlannedOp>> = {
  ...{ create: "create", "create-replacement": "create", import: "import", "import-replacement": "import" },
  ...{ update: "update", replace: "replace", delete: "delete", "delete-replaced": "delete" },
  ...{ discard: "forget", "discard-replaced": "forget" },
};

function toPlannedStep({ op, urn, oldState, newState, replaceReasons, diffReasons }: Step): PlannedStep {
  const planned = OPS[op] ?? "same";
  const [, , qualifiedType = "", ...name] = urn.split("::");
  const old = toView(oldState);
  return {
    op: planned === "delete" && old?.isRetained ? "forget" : planned,
    urn,
    name: name.join("::"),
    type: tokenOfType(qualifiedType.split("$").at(-1) ?? ""),
    old,
    next: toView(newState),
    replaceKeys: (replaceReasons ?? []).map(topLevel),
    diffKeys: (diffReasons ?? []).map(topLevel),
  };
}

/** The property that a path such as `permissions.parameters[0]` begins with. */
const topLevel = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;

const toView = (state: z.infer<typeof view> | null | undefined): ResourceView | undefined =>
  state
    ? {
        id: state.id || undefined,
        inputs: decoded(state.inputs ?? {}) as Values,
        outputs: decoded(state.outputs ?? {}) as Values,
        isProtected: state.protect ?? false,
        isRetained: state.retainOnDelete ?? false,
      }
    : undefined;

function decoded(value: unknown): unknown {
  if (UNKNOWN_VALUES.has(value)) return UNKNOWN;
  if (value === "[secret]") return SECRET;
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== "object") return value;
  if (SIGNATURE_KEY in value) return SECRET;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, decoded(inner)]])),
  );
}
