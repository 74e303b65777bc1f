import type { ExportedDeployment, ResourceState } from "../../src/engine/state";
import { StateFile } from "../../src/engine/stateFile";
import { type Engine, PASSPHRASE } from "./engines";
import type { FileCloud } from "./fileCloud";
import { orderOf } from "./order";
import type { Run } from "./programs";

/** The effects of one run, in a form in which two engines can be compared. */
export interface Observation {
  failed: boolean;
  /** `op name`; sorted, because the order of steps of independent resources is not defined. */
  steps: string[];
  /** `step < step` for the steps of resources that depend on one another, sorted. See order.ts. */
  order: string[];
  summary: Record<string, number>;
  /** `method label` of the calls to the provider, sorted. */
  calls: string[];
  /** The ids of the resources that exist in the cloud. */
  living: string[];
  /** One line per resource, sorted. */
  state: string[];
}

export interface Observed {
  observation: Observation;
  error: string | undefined;
  resources: Resource[];
  /** All details that must be equal on both engines. */
  details: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

type Resource = Omit<ResourceState, "created" | "modified">;

/**
 * Executes one run of a comparison and observes its effects.
 * @param before the resources after the previous run
 */
export async function observe(
  run: Run,
  engine: Engine,
  world: FileCloud,
  before: Resource[] = [],
): Promise<Observed> {
  if (run.program !== undefined) {
    world.setProgram(run.program);
  }
  run.before?.(world);
  const { steps: all, summary, error } = await engine.run(run.operation, run.options);
  // Pulumi's refresh steps do not have the resulting operation; the summary does.
  const steps = all.filter(({ op }) => op !== "refresh" && run.operation !== "refresh");
  const calls = world.takeCalls();
  const state = resourcesOf(await engine.state());
  return {
    error,
    resources: state,
    observation: {
      failed: error !== undefined,
      steps: steps.map(({ op, name }) => `${op} ${name}`).sort(),
      order: orderOf(steps, before, run.operation === "destroy" ? [] : world.program.resources),
      summary,
      calls: calls.map(([method, label]) => `${method} ${label}`).sort(),
      living: world.resourceIds(),
      state: state.map(line).sort(),
    },
    details: sorted({
      calls: calls.map((call) => JSON.stringify(sorted(call))).sort(),
      state: [...state].sort((x, y) => (key(x) < key(y) ? -1 : 1)),
    }),
  };
}

const key = ({ urn, id, delete: pendingDelete }: Partial<ResourceState>) => `${urn} ${id} ${pendingDelete}`;

/** The resources with decrypted secrets, and without the values that differ in every run. */
function resourcesOf(state: ExportedDeployment): Resource[] {
  const { resources } = new StateFile("unused", PASSPHRASE).load(state);
  const text = JSON.stringify(
    resources.map(({ created: _, modified: __, ...resource }) => ({
      ...resource,
      dependencies: [...resource.dependencies].sort(),
    })),
  );
  return JSON.parse(text.replace(UUID, "UUID"));
}

function sorted(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, v) =>
    typeof v === "object" && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
      : v,
  );
}

const SECRET = /\{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":(.*?)\}/g;

function line(resource: Resource): string {
  const { urn, id, inputs, outputs, dependencies, initErrors } = resource;
  const flags = (["delete", "external", "pendingReplacement", "protect"] as const).filter(
    (flag) => resource[flag],
  );
  const own = (map: object) => {
    const entries = Object.entries(map).filter(([name]) => !["__provider", "label"].includes(name));
    return JSON.stringify(sorted(Object.fromEntries(entries))).replace(SECRET, "secret($1)");
  };
  const names = dependencies.map((dependency) => dependency.split("::").at(-1));
  return [
    urn.split("::").slice(2).join(" ").replace("pulumi-nodejs:dynamic/test:", ""),
    ...(id === "" ? [] : [id]),
    ...flags,
    `${own(inputs)} => ${own(outputs)}`,
    ...(names.length > 0 ? [`after ${names}`] : []),
    ...initErrors.map((reason) => `! ${reason}`),
  ].join(" ");
}
