import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type dynamic, runtime } from "@pulumi/pulumi";
import { AwsClients } from "../../aws/clients";
import { readConfiguration } from "../../aws/configuration";
import { ReadableError } from "../../aws/errors";
import { parseDuration } from "../../duration";
import { type Clock, type Context, InitializationError, type Lifecycle, type Request } from "../lifecycle";
import { className, namesWhere, type ResourceDeclaration } from "../properties";
import { UNKNOWN } from "../unknown";
import { type CheckFailure, validate } from "../validate";
import { acceptedProperties } from "./timeouts";

type Values = Record<string, unknown>;

/** What travels among a resource's properties, since this protocol has no other place for it. */
interface ProtocolProperties {
  /** The provider's text; see `program/handle.ts`. */
  __provider?: unknown;
  /** See `program/origin.ts`. */
  origin?: string;
  timeouts?: { create?: string; delete?: string };
  /** In the state: the arguments that the program left out and that we or AWS filled in. */
  computed?: string[];
}

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => sleep(milliseconds).then(() => {}),
};

/**
 * Serves a lifecycle to Pulumi's dynamic-provider process. All that is particular to that protocol is here:
 * - the provider's text stands among the properties, and must be put back wherever properties are answered;
 * - neither URN, stack nor `customTimeouts` are told, so `origin` and `timeouts` stand there too;
 * - a diff is told the state and no inputs, so the state tells which of its arguments were computed;
 * - an unknown value is a sentinel text, and `undefined` anywhere in an answer fails it, after the cloud call was made;
 * - an output is secret when the input of its name was, so a null stands among the inputs for one that will be;
 * - a thrown error with `id`, `properties` and `reasons` means "created, but not initialized";
 * - a refresh reads with the state's properties, a `get` with inputs at most, and a `get` of something missing
 *   succeeds unless `read` throws.
 */
export function serve<Inputs extends object, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  clock = systemClock,
): dynamic.ResourceProvider {
  const { declaration } = lifecycle;
  const type = className(declaration);
  const tracked = namesWhere(declaration.outputs, ({ tracked }) => tracked);
  const shadows = namesWhere(declaration.outputs, ({ secretWith }) => secretWith);
  let configured = (): Context => {
    throw new Error(`${type}: the provider was called before it was configured`);
  };

  const request = (protocol: ProtocolProperties, id = ""): Request => ({
    name: nameOf(protocol.origin, id),
    origin: protocol.origin ?? "",
    timeouts: timeoutsOf(declaration, protocol),
    context: configured(),
  });

  /** The arguments that led to a state, without those that were computed and that `news` leaves out as well. */
  const inputsOf = (state: object, computed: readonly string[] = [], news: object = {}): Values => {
    const given = [...Object.keys(declaration.inputs), ...tracked].filter(
      (name) => !computed.includes(name) || (news as Values)[name] !== undefined,
    );
    return pick(state as Values, given);
  };

  /** A state as Pulumi keeps it. */
  const stored = (state: object, { origin, timeouts, computed }: ProtocolProperties, before: Values) => ({
    ...pick(before, shadows),
    ...toPulumi({ ...state, timeouts, origin, computed }),
  });

  const computedIn = (inputs: object): string[] =>
    namesWhere(declaration.inputs, ({ computed }) => computed).filter(
      (name) => (inputs as Values)[name] === undefined,
    );

  return {
    async configure({ config }) {
      try {
        const aws = new AwsClients(readConfiguration((key) => config.get(key)));
        const context = { aws, clock, ...newLog() };
        configured = () => context;
      } catch (error) {
        // Pulumi's process forgets that this failed, and goes on to call the rest.
        configured = () => {
          throw new ReadableError("configuration", (error as Error).message, { cause: error });
        };
      }
    },

    async check(olds: Values, news: Values) {
      configured();
      const { values, protocol } = split<Inputs>(news);
      const asked = without(values as Values, [...tracked, ...shadows]);
      const failures = validate(acceptedProperties(declaration), withTimeouts(asked, protocol));
      const answer = (inputs: object) => ({
        ...pick(news, shadows),
        ...toPulumi({ ...inputs, timeouts: protocol.timeouts, origin: protocol.origin }),
      });
      if (failures.length > 0 || !lifecycle.check)
        return { inputs: answer(values), failures: failures.map(withoutProperty) };
      const before = split<Inputs>(without(olds, shadows)).values;
      const isNew = Object.keys(olds).length === 0;
      const checked = lifecycle.check({ olds: isNew ? undefined : before, inputs: asked as Inputs });
      return { inputs: answer(checked.inputs), failures: checked.failures.map(withoutProperty) };
    },

    async diff(_id, olds: Values, news: Values) {
      const state = split<State>(olds);
      const inputs = split<Inputs>(without(news, shadows));
      const diff = lifecycle.diff({
        olds: inputsOf(state.values, state.protocol.computed, inputs.values) as Inputs,
        state: state.values,
        inputs: inputs.values,
      });
      const retimed = !isDeepStrictEqual(state.protocol.timeouts, inputs.protocol.timeouts);
      return {
        changes: diff.updates.length + diff.replaces.length > 0 || retimed,
        replaces: diff.replaces,
        deleteBeforeReplace: diff.deleteBeforeReplace ?? false,
      };
    },

    async create(news: Values) {
      const { values, protocol } = split<Inputs>(without(news, shadows));
      const keep = (state: object) => stored(state, { ...protocol, computed: computedIn(values) }, news);
      return reportingInitialization(news, keep, async () => {
        const { id, state } = await lifecycle.create({ ...request(protocol), inputs: values });
        return { id, outs: keep(state) };
      });
    },

    async read(id, props: Values) {
      const { values, protocol } = split<State>(props);
      // Every state of ours tells which of its arguments were computed; a `get` sends inputs at most.
      if (protocol.computed === undefined) {
        const found = await lifecycle.import({ ...request(protocol, id), id });
        if (found) return { id, props: stored(found, { ...protocol, computed: [] }, {}) };
        throw new ReadableError(
          `${type}.get`,
          `there is no ${id} in AWS, or not in the account that the credentials are of.`,
        );
      }
      const state = await lifecycle.read({ ...request(protocol, id), id, state: values });
      if (!state) return { id: "", props: {} };
      const inputs = toPulumi({
        ...inputsOf(state, protocol.computed),
        timeouts: protocol.timeouts,
        origin: protocol.origin,
      });
      return { id, props: stored(state, protocol, props), inputs };
    },

    async update(id, olds: Values, news: Values) {
      const state = split<State>(olds);
      const { values, protocol } = split<Inputs>(without(news, shadows));
      const keep = (updated: object) =>
        stored(updated, { ...protocol, computed: computedIn(values) }, { ...olds, ...pick(news, shadows) });
      return reportingInitialization(news, keep, async () => ({
        outs: keep(
          await lifecycle.update({ ...request(protocol, id), id, state: state.values, inputs: values }),
        ),
      }));
    },

    async delete(id, props: Values) {
      const { values, protocol } = split<State>(props);
      await lifecycle.delete({ ...request(protocol, id), id, state: values });
    },
  };
}

/** What the person who runs Pulumi is shown in this run. */
function newLog(): Pick<Context, "log" | "logOnce"> {
  const shown = new Set<string>();
  const log = (line: string) => console.log(line);
  return {
    log,
    logOnce(subject, line) {
      if (!shown.has(subject)) log(line);
      shown.add(subject);
    },
  };
}

async function reportingInitialization<T>(
  inputs: Values,
  keep: (state: object) => Values,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof InitializationError)) throw error;
    // The protocol keeps exactly these properties: without the provider's text no later read or delete works.
    const properties = { ...keep(error.state), __provider: inputs["__provider"] };
    throw Object.assign(error, { properties, reasons: [error.message] });
  }
}

/** The engine prints the value of a property that a failure names, secrets too; of the reason it prints the text alone. */
const withoutProperty = ({ property, reason }: CheckFailure): CheckFailure => ({
  property: "",
  reason: `${property}: ${reason}`,
});

function split<T>(properties: Values): { values: T; protocol: ProtocolProperties } {
  const { __provider, origin, timeouts, computed, ...values } = properties as Values & ProtocolProperties;
  return { values: fromPulumi(values) as T, protocol: { __provider, origin, timeouts, computed } };
}

/** The resource's name, for messages. */
const nameOf = (origin = "", fallback: string): string => origin.split("::").slice(1).join("::") || fallback;

const withTimeouts = (inputs: Values, { timeouts }: ProtocolProperties): Values =>
  timeouts === undefined ? inputs : { ...inputs, timeouts: fromPulumi(timeouts) };

function timeoutsOf({ timeouts: defaults }: ResourceDeclaration, { timeouts }: ProtocolProperties) {
  const milliseconds = (operation: "create" | "delete") =>
    parseDuration(timeouts?.[operation] ?? defaults?.[operation] ?? "0s") ?? 0;
  return { create: milliseconds("create"), delete: milliseconds("delete") };
}

const pick = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

const without = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

const fromPulumi = (value: unknown): unknown =>
  mapValues(value, (leaf) => (leaf === runtime.unknownValue ? UNKNOWN : leaf));

const toPulumi = (value: object): Values =>
  mapValues(value, (leaf) =>
    leaf === UNKNOWN ? runtime.unknownValue : leaf instanceof Date ? leaf.toISOString() : leaf,
  ) as Values;

/** Leaves out what is undefined. */
function mapValues(value: unknown, leafOf: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, leafOf));
  if (value === null || typeof value !== "object" || value instanceof Date) return leafOf(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, mapValues(inner, leafOf)]],
    ),
  );
}
