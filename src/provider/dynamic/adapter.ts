import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { AwsClients } from "../../aws/clients";
import { readConfiguration } from "../../aws/configuration";
import { ReadableError } from "../../aws/errors";
import { type Clock, type Context, type Lifecycle, Unfinished } from "../lifecycle";
import { validate } from "../validate";

type Properties = Record<string, unknown>;

/** The input that carries the provider's text; see `handle.ts`. */
const PROVIDER = "__provider";

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => sleep(milliseconds).then(() => {}),
};

/**
 * Serves a lifecycle to Pulumi's dynamic-provider process. All that is particular to that protocol is here:
 * - the provider's text stands among the properties, and must be put back wherever properties are answered;
 * - `undefined` anywhere in an answer fails it, after the cloud call was made;
 * - a thrown error with `id`, `properties` and `reasons` means "created, but not initialized";
 * - a refresh reads with the state's properties, a `get` with inputs at most, and a `get` of something missing
 *   succeeds unless `read` throws.
 */
export function serve<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  clock = systemClock,
): dynamic.ResourceProvider {
  let configured = (): Context => {
    throw new Error(`${lifecycle.type}: the provider was called before it was configured`);
  };

  return {
    async configure({ config }) {
      try {
        const aws = new AwsClients(readConfiguration((key) => config.get(key)));
        configured = () => ({ aws, clock, say: (line) => console.log(line) });
      } catch (error) {
        // Pulumi's process forgets that this failed, and goes on to call the rest.
        configured = () => {
          throw new ReadableError("configuration", (error as Error).message, { cause: error });
        };
      }
    },

    async check(olds: Properties, news: Properties) {
      configured();
      const inputs = withoutProvider<Inputs>(news);
      const failures = validate(lifecycle.schema, inputs);
      if (failures.length > 0 || !lifecycle.check) return { inputs: clean(inputs), failures };
      const before = withoutProvider<Inputs>(olds);
      const checked = lifecycle.check(isEmpty(before) ? undefined : before, inputs);
      return { inputs: clean(checked.inputs), failures: checked.failures };
    },

    async diff(_id, olds: Properties, news: Properties) {
      const diff = lifecycle.diff(withoutProvider<State>(olds), withoutProvider<Inputs>(news));
      return {
        changes: diff.updates.length + diff.replaces.length > 0,
        replaces: diff.replaces,
        deleteBeforeReplace: diff.deleteBeforeReplace ?? false,
      };
    },

    async create(inputs: Properties) {
      return reportingUnfinished(inputs, async () => {
        const { id, state } = await lifecycle.create(withoutProvider<Inputs>(inputs), configured());
        return { id, outs: clean(state) };
      });
    },

    async read(id, props: Properties) {
      const known = withoutProvider<State>(props);
      // Every state of ours tells which of its arguments were computed; a `get` sends inputs at most.
      const olds = "computed" in known ? known : undefined;
      const state = await lifecycle.read(id, olds, configured());
      if (state)
        return { id, props: clean(state), ...(olds && { inputs: clean(lifecycle.inputsOf(state)) }) };
      if (olds) return { id: "", props: {} };
      throw new ReadableError(
        `${lifecycle.type}.get`,
        `there is no ${id} in AWS, or not in the account that the credentials are of.`,
      );
    },

    async update(id, olds: Properties, news: Properties) {
      return reportingUnfinished(news, async () => {
        const state = await lifecycle.update(
          id,
          withoutProvider<State>(olds),
          withoutProvider<Inputs>(news),
          configured(),
        );
        return { outs: clean(state) };
      });
    },

    async delete(id, props: Properties) {
      await lifecycle.delete(id, withoutProvider<State>(props), configured());
    },
  };
}

async function reportingUnfinished<T>(inputs: Properties, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    // The protocol keeps exactly these properties: without the provider's text no later read or delete works.
    const properties = { ...(clean(error.state) as Properties), [PROVIDER]: inputs[PROVIDER] };
    throw Object.assign(error, { properties, reasons: [error.message] });
  }
}

function withoutProvider<T>({ [PROVIDER]: _, ...properties }: Properties): T {
  return properties as T;
}

const isEmpty = (properties: object) => Object.keys(properties).length === 0;

function clean(value: unknown): Properties {
  const withoutUndefined = (item: unknown): unknown => {
    if (item instanceof Date) return item.toISOString();
    if (Array.isArray(item)) return item.map(withoutUndefined);
    if (item === null || typeof item !== "object") return item;
    return Object.fromEntries(
      Object.entries(item).flatMap(([key, inner]) =>
        inner === undefined ? [] : [[key, withoutUndefined(inner)]],
      ),
    );
  };
  return withoutUndefined(value) as Properties;
}
