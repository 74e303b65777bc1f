import { isDeepStrictEqual } from "node:util";
import { type dynamic, runtime } from "@pulumi/pulumi";
import { configurationKeys, type StackConfiguration } from "../../aws/configuration";
import { ReadableError } from "../../aws/errors";
import { systemClock } from "../../clock";
import { computedIn, inputsOf } from "../../declaration/arguments";
import { className, namesWhere, type ResourceDeclaration } from "../../declaration/properties";
import { UNKNOWN } from "../../declaration/unknown";
import { mapLeaves, omit, pick, type Values } from "../../declaration/values";
import { parseDuration } from "../../duration";
import { checkInputs, withoutProperty } from "../check";
import { contextOf, logNotes, openSession } from "../context";
import { DiffOccasions } from "../diffOccasions";
import { type Context, InitializationError, type Lifecycle, type Request } from "../lifecycle";
import { acceptedProperties } from "./timeouts";

/** What this protocol passes among a resource's properties, since it has no other place for it. */
interface ProtocolProperties {
  /** The provider's text; see `program/handle.ts`. */
  __provider?: unknown;
  /** See `program/origin.ts`. */
  origin?: string;
  timeouts?: { create?: string; delete?: string };
  /** In the state: the arguments that the program left out and that we or AWS filled in. */
  computed?: string[];
}

/**
 * Serves a lifecycle to Pulumi's dynamic-provider process. All that is particular to that protocol is here:
 * - The provider's text is among the properties, and every response with properties must contain it.
 * - URN, stack and `customTimeouts` are not sent, so `origin` and `timeouts` are among the properties too.
 * - A diff gets the state but not the old inputs, so the state lists which of its arguments were computed. One that the
 *   plugin has left has neither that list nor the provider's text, and gets both by an update.
 * - An unknown value is a sentinel string, a secret without a value is null, and an `undefined` anywhere in a response
 *   fails it after the cloud call.
 * - An output is secret when the input of the same name is, so a null input marks an output as secret.
 * - A thrown error with `id`, `properties` and `reasons` means "created, but not initialized".
 * - A refresh reads with the state's properties, a `get` with the inputs at most. A `get` of a missing resource succeeds
 *   unless `read` throws.
 */
export class DynamicProvider<Inputs extends object, State extends Inputs>
  implements dynamic.ResourceProvider
{
  private readonly declaration: ResourceDeclaration;
  private readonly type: string;
  /** The outputs whose secrecy an input of the same name marks. */
  private readonly secretMarkers: string[];
  /** By origin. */
  private readonly diffs = new DiffOccasions();
  private context = (): Context => {
    throw new Error(`${this.type}: the provider was called before it was configured`);
  };

  constructor(
    private readonly lifecycle: Lifecycle<Inputs, State>,
    private readonly clock = systemClock,
  ) {
    this.declaration = lifecycle.declaration;
    this.type = className(this.declaration);
    this.secretMarkers = namesWhere(this.declaration.outputs, ({ secretWith }) => secretWith);
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    try {
      // Pulumi shows what the provider process prints.
      const log = (line: string) => console.log(line);
      const context = contextOf(openSession(configurationOf(config), this.clock, log), log);
      this.context = () => context;
    } catch (error) {
      // Pulumi's process ignores a failed configure and makes the other calls, so they fail instead.
      this.context = () => {
        throw new ReadableError("configuration", (error as Error).message, { cause: error });
      };
    }
  }

  async check(olds: Values, news: Values): Promise<dynamic.CheckResult> {
    const { tags } = this.context();
    const { values, protocol } = this.split<Values>(news);
    const isNew = Object.keys(olds).length === 0;
    const { timeouts } = protocol;
    const origin = keptOrigin(olds["origin"], protocol.origin);
    if (!isNew) this.diffs.follow(origin, "check");
    const { inputs, failures, warnings } = checkInputs(this.lifecycle, {
      olds: isNew ? undefined : this.split<Values>(olds).values,
      news: withTimeouts(values, protocol),
      tags,
      accepted: acceptedProperties(this.declaration),
    });
    this.logNotes(warnings, protocol);
    return {
      inputs: { ...pick(news, this.secretMarkers), ...toPulumi({ ...inputs, timeouts, origin }) },
      failures: failures.map(withoutProperty),
    };
  }

  async diff(_id: string, olds: Values, news: Values): Promise<dynamic.DiffResult> {
    const state = splitProtocol<State>(olds);
    const inputs = this.split<Inputs>(news);
    const request = {
      olds: this.inputsOf(state, inputs.values) as Inputs,
      state: state.values,
      inputs: inputs.values,
    };
    const diff = this.lifecycle.diff(request);
    const { origin } = inputs.protocol;
    this.logNotes(diff.notes, inputs.protocol);
    if (this.diffs.isOfChange(origin, diff)) {
      const secrets = this.secretArguments(news);
      const asked = this.lifecycle.asks?.({ ...request, ...diff, secrets }) ?? [];
      for (const line of asked) this.context().log(`${this.type} ${nameOf(origin, "")}: ${line}`);
    }
    const protocolChanged =
      state.protocol.computed === undefined ||
      !isDeepStrictEqual(state.protocol.timeouts, inputs.protocol.timeouts);
    return {
      changes: diff.updates.length + diff.replaces.length > 0 || protocolChanged,
      replaces: diff.replaces,
      deleteBeforeReplace: diff.deleteBeforeReplace ?? false,
    };
  }

  async create(news: Values): Promise<dynamic.CreateResult> {
    const { values, protocol } = this.split<Inputs>(news);
    const toOutputs = (state: object) =>
      this.toOutputs(state, { ...protocol, computed: computedIn(this.declaration, values) }, news);
    return reportingInitialization(news, toOutputs, async () => {
      const { id, state } = await this.lifecycle.create({ ...this.request(protocol), inputs: values });
      return { id, outs: toOutputs(state) };
    });
  }

  async read(id: string, props: Values): Promise<dynamic.ReadResult> {
    const { values, protocol } = splitProtocol<State>(props);
    // Our states always have `computed`, and inputs never have it: without it, this is a `get`.
    if (protocol.computed === undefined) return this.import(id, protocol);
    this.diffs.follow(protocol.origin, "read");
    const state = await this.lifecycle.read({ ...this.request(protocol, id), id, state: values });
    if (!state) return { id: "", props: {} };
    const inputs = toPulumi({
      ...this.inputsOf({ values: state, protocol }),
      timeouts: protocol.timeouts,
      origin: protocol.origin,
    });
    return { id, props: this.toOutputs(state, protocol, props), inputs };
  }

  async update(id: string, olds: Values, news: Values): Promise<dynamic.UpdateResult> {
    const state = splitProtocol<State>(olds).values;
    const { values, protocol } = this.split<Inputs>(news);
    const toOutputs = (updated: object) =>
      this.toOutputs(
        updated,
        { ...protocol, computed: computedIn(this.declaration, values) },
        { ...olds, ...pick(news, this.secretMarkers) },
      );
    return reportingInitialization(news, toOutputs, async () => ({
      outs: toOutputs(
        await this.lifecycle.update({ ...this.request(protocol, id), id, state, inputs: values }),
      ),
    }));
  }

  async delete(id: string, props: Values): Promise<void> {
    const { values, protocol } = splitProtocol<State>(props);
    await this.lifecycle.delete({ ...this.request(protocol, id), id, state: values });
  }

  private async import(id: string, protocol: ProtocolProperties): Promise<dynamic.ReadResult> {
    const found = await this.lifecycle.import({ ...this.request(protocol, id), id });
    if (found) return { id, props: this.toOutputs(found, { ...protocol, computed: [] }, {}) };
    throw new ReadableError(`${this.type}.get`, `${id} was not found in the account of the credentials.`);
  }

  private request(protocol: ProtocolProperties, id = ""): Request {
    return {
      name: nameOf(protocol.origin, id),
      origin: protocol.origin ?? "",
      timeouts: timeoutsOf(this.declaration, protocol),
      context: this.context(),
    };
  }

  private logNotes(notes: readonly string[] | undefined, { origin = "" }: ProtocolProperties): void {
    const { type } = this;
    logNotes(this.context(), { type, name: nameOf(origin, ""), origin }, notes);
  }

  /** The arguments that the markers among the inputs show to be secret. */
  private secretArguments(news: Values): string[] {
    const marked = this.secretMarkers.filter((name) => news[name] === null);
    return marked.flatMap((name) => this.declaration.outputs[name]?.secretWith ?? []);
  }

  private split<T>(properties: Values) {
    return splitProtocol<T>(omit(properties, this.secretMarkers));
  }

  private inputsOf({ values, protocol }: Split<object>, news?: object): Values {
    // Without a list, what the program leaves out was left out before.
    const { computed = computedIn(this.declaration, {}) } = protocol;
    return inputsOf(this.declaration, values, computed, news);
  }

  /** A state as Pulumi stores it. The secret markers are those of `previous`, unless the state has the output. */
  private toOutputs(state: object, { origin, timeouts, computed }: ProtocolProperties, previous: Values) {
    // An output that AWS no longer returns is no marker.
    const markers = this.secretMarkers.filter((name) => previous[name] === null);
    return {
      ...pick(previous, markers),
      ...toPulumi({ ...state, timeouts, origin, computed }),
    };
  }
}

/** All of the configuration. Pulumi lets a provider look keys up only; what its class keeps has the misspelt ones, too. */
function configurationOf(config: dynamic.Config): StackConfiguration {
  const { rawConfig } = config as { rawConfig?: StackConfiguration };
  return { ...Object.fromEntries(configurationKeys.map((key) => [key, config.get(key)])), ...rawConfig };
}

/** Translates an InitializationError to what the protocol takes for "created, but not initialized". */
async function reportingInitialization<T>(
  inputs: Values,
  toOutputs: (state: object) => Values,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof InitializationError)) throw error;
    // Exactly these properties are stored. Without the provider's text no later read or delete would work.
    const properties = { ...toOutputs(error.state), __provider: inputs["__provider"] };
    throw Object.assign(error, { properties, reasons: [error.message] });
  }
}

interface Split<T> {
  values: T;
  protocol: ProtocolProperties;
}

function splitProtocol<T>(properties: Values): Split<T> {
  const { __provider, origin, timeouts, computed, ...values } = properties as Values & ProtocolProperties;
  return { values: fromPulumi(values) as T, protocol: { __provider, origin, timeouts, computed } };
}

/** The resource's name, for messages. */
const nameOf = (origin = "", fallback: string): string => origin.split("::").slice(1).join("::") || fallback;

/**
 * While its name is the same, a resource keeps the origin that it was made with. After a rename of the stack, the inputs
 * would otherwise differ from the state, and every refresh show it, since a read does not get the inputs.
 */
const keptOrigin = (old: unknown, origin: string | undefined): string | undefined =>
  typeof old === "string" && nameOf(old, "") === nameOf(origin, "") ? old : origin;

const withTimeouts = (inputs: Values, { timeouts }: ProtocolProperties): Values =>
  timeouts === undefined ? inputs : { ...inputs, timeouts: fromPulumi(timeouts) };

function timeoutsOf({ timeouts: defaults }: ResourceDeclaration, { timeouts }: ProtocolProperties) {
  const milliseconds = (operation: "create" | "delete") =>
    parseDuration(timeouts?.[operation] ?? defaults?.[operation] ?? "0s") ?? 0;
  return { create: milliseconds("create"), delete: milliseconds("delete") };
}

const fromPulumi = (value: unknown): unknown =>
  mapLeaves(value, (leaf) => (leaf === runtime.unknownValue ? UNKNOWN : (leaf ?? undefined)));

const toPulumi = (value: object): Values =>
  mapLeaves(value, (leaf) =>
    leaf === UNKNOWN ? runtime.unknownValue : leaf instanceof Date ? leaf.toISOString() : leaf,
  ) as Values;
