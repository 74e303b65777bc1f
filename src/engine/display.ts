import type { Diagnostic } from "./deployment";
import type { ResourceState } from "./state";
import type { Op } from "./stepExecutor";
import { nameOf, STACK_TYPE, typeOf } from "./urn";
import {
  changedKeys,
  deepEqual,
  isObject,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  UNKNOWN,
} from "./values";

/** @inline */
export type OperationKind = "preview" | "up" | "refresh" | "destroy";

const HEADINGS: Record<OperationKind, string> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

interface OpTexts {
  prefix: string;
  plan: string;
  doing: string;
  done: string;
}

// In the order in which Pulumi's summary lists them.
const OP_TEXTS: Record<Op, OpTexts> = {
  same: { prefix: "  ", plan: "same", doing: "", done: "" },
  create: { prefix: "+ ", plan: "create", doing: "creating", done: "created" },
  update: { prefix: "~ ", plan: "update", doing: "updating", done: "updated" },
  delete: { prefix: "- ", plan: "delete", doing: "deleting", done: "deleted" },
  replace: { prefix: "+-", plan: "replace", doing: "replacing", done: "replaced" },
  "create-replacement": {
    prefix: "++",
    plan: "create replacement",
    doing: "creating replacement",
    done: "created replacement",
  },
  "delete-replaced": {
    prefix: "--",
    plan: "delete original",
    doing: "deleting original",
    done: "deleted original",
  },
  read: { prefix: "> ", plan: "read", doing: "reading", done: "read" },
  "read-replacement": {
    prefix: ">>",
    plan: "read for replacement",
    doing: "reading for replacement",
    done: "read for replacement",
  },
  discard: { prefix: "< ", plan: "discard", doing: "discarding", done: "discarded" },
  "discard-replaced": {
    prefix: "<<",
    plan: "discard original",
    doing: "discarding original",
    done: "discarded original",
  },
  "remove-pending-replace": {
    prefix: "~ ",
    plan: "completing replace",
    doing: "completing replace",
    done: "completed replace",
  },
};

const COLOURS: Record<string, number> = { "+": 32, "-": 31, "~": 33, ">": 36, "<": 36 };

export interface DisplayedStep {
  op: Op;
  old?: ResourceState;
  next?: ResourceState;
}

/** What shows an operation to the user. */
export interface OperationDisplay {
  step(step: DisplayedStep, phase: "start" | "done" | "failed", seconds: number): void;
  diagnostic(diagnostic: Diagnostic): void;
  end(summary: Partial<Record<Op, number>>, oldOutputs: PropertyMap, outputs: PropertyMap): void;
}

/** Prints an operation like the Pulumi CLI without a terminal: one line when a step starts and one when it ends. */
export class Display implements OperationDisplay {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly started = performance.now();

  constructor(
    private readonly options: {
      kind: OperationKind;
      stack: string;
      dryRun: boolean;
      /** Print the old and new value of each changed property. */
      diff: boolean;
      colour: boolean;
      write(text: string): void;
    },
  ) {
    this.line(`${this.bold(`${HEADINGS[options.kind]} (${options.stack}):`)}`);
  }

  step({ op, old, next }: DisplayedStep, phase: "start" | "done" | "failed", seconds: number): void {
    const resource = next ?? old;
    const { dryRun, diff } = this.options;
    if (resource === undefined || (op === "same" && phase !== "failed") || (dryRun && phase === "start")) {
      return;
    }
    const { prefix, plan, doing, done } = OP_TEXTS[op];
    const time = phase === "start" ? "(0s)" : `(${seconds.toFixed(2)}s)`;
    const what =
      phase === "failed"
        ? `**${plan} failed**`
        : dryRun
          ? plan
          : `${phase === "start" ? doing : done} ${time}`;
    const changes = changeList(old, next);
    const note = changes === "" ? "" : ` [diff: ${changes}]`;
    this.line(` ${this.inColour(prefix)} ${resource.type} ${nameOf(resource.urn)} ${what}${note}`);
    if (
      diff &&
      phase === (dryRun ? "done" : "start") &&
      op !== "create-replacement" &&
      op !== "delete-replaced"
    ) {
      for (const text of propertyLines(op, old, next)) {
        this.line(`      ${text}`);
      }
    }
  }

  diagnostic(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "debug") {
      return;
    }
    this.diagnostics.push(diagnostic);
    const { urn = "", message, severity } = diagnostic;
    const subject = urn === "" ? "" : `${typeOf(urn)} ${nameOf(urn)} `;
    this.line(`    ${subject}${label(severity)}${message.trimEnd().split("\n")[0]}`);
  }

  end(summary: Partial<Record<Op, number>>, oldOutputs: PropertyMap, outputs: PropertyMap): void {
    this.printDiagnostics();
    this.printOutputs(oldOutputs, outputs);
    this.line(this.bold("Resources:"));
    const counted = (Object.keys(OP_TEXTS) as Op[]).filter(
      (op) => op !== "same" && op !== "read" && (summary[op] ?? 0) > 0,
    );
    for (const op of counted) {
      const what = this.options.dryRun ? `to ${OP_TEXTS[op].plan}` : OP_TEXTS[op].done;
      this.line(`    ${this.inColour(OP_TEXTS[op].prefix)}${summary[op]} ${what}`);
    }
    const total = counted.reduce((sum, op) => sum + (summary[op] ?? 0), 0);
    const rest = [
      ...(counted.length > 1 ? [`${total} changes`] : []),
      ...(summary.same ? [`${summary.same} unchanged`] : []),
    ];
    if (rest.length > 0) {
      this.line(`    ${rest.join(". ")}`);
    }
    const errored = new Set(
      this.diagnostics.filter(({ severity }) => severity === "error").map(({ urn }) => urn),
    ).size;
    if (errored > 0) {
      this.line(`    ${errored} errored`);
    }
    this.line("");
    if (!this.options.dryRun) {
      this.line(`${this.bold("Duration:")} ${Math.ceil((performance.now() - this.started) / 1000)}s\n`);
    }
  }

  private printDiagnostics(): void {
    if (this.diagnostics.length === 0) {
      return;
    }
    this.line(this.bold("Diagnostics:"));
    const byUrn = new Map<string, Diagnostic[]>();
    for (const diagnostic of this.diagnostics) {
      const urn = diagnostic.urn ?? "";
      byUrn.set(urn, [...(byUrn.get(urn) ?? []), diagnostic]);
    }
    for (const [urn, group] of byUrn) {
      this.line(urn === "" ? "  the operation:" : `  ${typeOf(urn)} (${nameOf(urn)}):`);
      for (const { severity, message } of group) {
        this.line(`    ${label(severity)}${message.trimEnd().replaceAll("\n", "\n    ")}`);
      }
      this.line("");
    }
  }

  private printOutputs(oldOutputs: PropertyMap, outputs: PropertyMap): void {
    const keys = [...new Set([...Object.keys(oldOutputs), ...Object.keys(outputs)])].sort();
    const unchanged = keys.every((key) => deepEqual(oldOutputs[key], outputs[key]));
    if (keys.length === 0 || (this.options.dryRun && unchanged)) {
      return;
    }
    this.line(this.bold("Outputs:"));
    const width = Math.max(...keys.map((key) => key.length));
    for (const key of keys) {
      const text = outputLine(oldOutputs[key], outputs[key]);
      if (text !== undefined) {
        const [sign, value] = text;
        this.line(`  ${sign} ${key.padEnd(width)}: ${value.replaceAll("\n", "\n    ")}`);
      }
    }
    this.line("");
  }

  private line(text: string): void {
    this.options.write(`${text}\n`);
  }

  private bold(text: string): string {
    return this.options.colour ? `\u001b[1m${text}\u001b[0m` : text;
  }

  private inColour(prefix: string): string {
    const code = COLOURS[prefix[0] ?? ""];
    return this.options.colour && code !== undefined ? `\u001b[${code}m${prefix}\u001b[0m` : prefix;
  }
}

function label(severity: Diagnostic["severity"]): string {
  return severity === "error" || severity === "warning" ? `${severity}: ` : "";
}

function outputLine(
  old: PropertyValue | undefined,
  next: PropertyValue | undefined,
): [string, string] | undefined {
  if (next === undefined) {
    return old === undefined ? undefined : ["-", show(old)];
  }
  if (old === undefined) {
    return ["+", show(next)];
  }
  return deepEqual(old, next) ? [" ", show(next)] : ["~", `${show(old)} => ${show(next)}`];
}

/** The keys of the changed inputs, each with `+`, `-` or `~`. Internal ones, such as `__provider`, are hidden. */
function changedInputs(old: ResourceState | undefined, next: ResourceState | undefined): [string, string][] {
  if (old === undefined || next === undefined || typeOf(next.urn) === STACK_TYPE) {
    return [];
  }
  return changedKeys(old.inputs, next.inputs)
    .filter((key) => !key.startsWith("__"))
    .map((key) => [key, old.inputs[key] === undefined ? "+" : next.inputs[key] === undefined ? "-" : "~"]);
}

function changeList(old: ResourceState | undefined, next: ResourceState | undefined): string {
  return changedInputs(old, next)
    .map(([key, sign]) => sign + key)
    .join(",");
}

function propertyLines(op: Op, old: ResourceState | undefined, next: ResourceState | undefined): string[] {
  if (op === "create" && next !== undefined) {
    return Object.keys(next.inputs)
      .filter((key) => !key.startsWith("__"))
      .sort()
      .map((key) => `${key}: ${show(next.inputs[key] ?? null).replaceAll("\n", "\n      ")}`);
  }
  return changedInputs(old, next).map(([key, sign]) => {
    const [before, after] = [old?.inputs[key], next?.inputs[key]];
    const value = [before, after].filter((v) => v !== undefined).map((v) => show(v));
    return `${sign} ${key}: ${value.join(" => ").replaceAll("\n", "\n      ")}`;
  });
}

/** Formats a value as Pulumi prints it, without revealing secrets. */
function show(value: PropertyValue): string {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (value === UNKNOWN) {
    return "[unknown]";
  }
  if (Array.isArray(value)) {
    return value.length === 0
      ? "[]"
      : `[\n${value.map((v, i) => indent(`[${i}]: ${show(v)}`)).join("\n")}\n]`;
  }
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    const width = Math.max(0, ...keys.map((key) => key.length));
    return keys.length === 0
      ? "{}"
      : `{\n${keys.map((key) => indent(`${key.padEnd(width)}: ${show(value[key] ?? null)}`)).join("\n")}\n}`;
  }
  return JSON.stringify(value);
}

const indent = (text: string): string => `    ${text.replaceAll("\n", "\n    ")}`;
