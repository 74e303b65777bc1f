import type { Diagnostic } from "./deployment";
import type { DisplayedStep, OperationDisplay } from "./display";
import { type ResourceState, writeResource } from "./state";
import type { Op } from "./stepExecutor";
import type { PreviewOptions } from "./types";
import { STACK_TYPE, typeOf } from "./urn";
import { isSecret, mapValues, type PropertyMap, type PropertyValue, rebuild } from "./values";

/** The halves of a replacement, beside the step `replace`. */
const HALVES: ReadonlySet<Op> = new Set(["create-replacement", "delete-replaced", "discard-replaced"]);

/**
 * Prints a preview as `pulumi preview --json` does, at its end:
 * https://github.com/pulumi/pulumi/blob/master/pkg/display/json.go (PreviewDigest).
 */
export class PreviewDigest implements OperationDisplay {
  private readonly steps: object[] = [];
  private readonly diagnostics: object[] = [];
  private readonly started = performance.now();

  constructor(
    private readonly write: (text: string) => void,
    private readonly shown: Pick<PreviewOptions, "showSames" | "showReplacementSteps">,
  ) {}

  step(step: DisplayedStep & { replaceKeys?: string[] }, phase: "start" | "done" | "failed"): void {
    const { op, old, next, replaceKeys = [] } = step;
    const resource = next ?? old;
    if (phase === "start" || resource === undefined) return;
    if (HALVES.has(op) && !this.shown.showReplacementSteps) return;
    if (op === "same" && !this.shown.showSames && typeOf(resource.urn) !== STACK_TYPE) return;
    this.steps.push({
      op,
      urn: resource.urn,
      ...(resource.provider && { provider: resource.provider }),
      ...(old && { oldState: masked(old) }),
      ...(next && { newState: masked(next) }),
      ...(replaceKeys.length > 0 && { replaceReasons: replaceKeys }),
      detailedDiff: null,
    });
  }

  diagnostic({ severity, message, urn }: Diagnostic): void {
    if (severity !== "debug")
      this.diagnostics.push({ ...(urn && { urn }), message: `${severity}: ${message}`, severity });
  }

  end(summary: Partial<Record<Op, number>>): void {
    const digest = {
      steps: this.steps,
      ...(this.diagnostics.length > 0 && { diagnostics: this.diagnostics }),
      duration: Math.round((performance.now() - this.started) * 1e6),
      changeSummary: summary,
    };
    this.write(`${JSON.stringify(digest, undefined, 4)}\n`);
  }
}

function masked(state: ResourceState): object {
  const hidden = (map: PropertyMap): PropertyMap => mapValues(map, hideSecrets);
  return writeResource({ ...state, inputs: hidden(state.inputs), outputs: hidden(state.outputs) }, undefined);
}

const hideSecrets = (value: PropertyValue): PropertyValue =>
  rebuild(value, (one) => (isSecret(one) ? "[secret]" : one));
