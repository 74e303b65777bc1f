import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import type { dynamic } from "@pulumi/pulumi";
import { PROVIDER_MODULE } from "../providerModule";
import { sdkRequire } from "../sdk";
import { EngineError, ProviderLostError, ResourceInitError } from "./errors";
import { inEnvironment } from "./inlineRun";
import { mainConsole, mainRequire } from "./mainContext";
import type { LiveResource, ResourceIdentity, ResourceProvider, ResourceValues } from "./provider";
import { resolveFrom } from "./resolve";
import { fromStruct, type PropertyMap, plainForProvider, toStruct, UNKNOWN } from "./values";

export interface InlineProviderOptions {
  project: string;
  /** `require` in a serialized provider resolves from here. */
  cwd: string;
  /** Use this package's own copy of the provider where it does not resolve from `cwd`. */
  fallback: boolean;
  /** Environment variables that are set in this process during a call. */
  addedEnv: Record<string, string>;
  onText(text: string, stream: Stream): void;
}

type Stream = "stdout" | "stderr";

const CONSOLE_STREAMS = [
  ["log", "stdout"],
  ["info", "stdout"],
  ["warn", "stderr"],
  ["error", "stderr"],
] as const;

const PROVIDER = "__provider";

const { Config } = sdkRequire("./cmd/dynamic-provider/config") as {
  Config: new (config: PropertyMap, project: string) => dynamic.Config;
};

const configuredBy = new WeakMap<dynamic.ResourceProvider, InlineProvider>();

/**
 * Serves dynamic resources in this process, as `@pulumi/pulumi/cmd/dynamic-provider` does in a separate one. A call that
 * is running when the provider is closed fails with a ProviderLostError, but its code cannot be interrupted.
 */
export class InlineProvider implements ResourceProvider {
  private readonly providers = new Map<string, dynamic.ResourceProvider>();
  private readonly require: (request: string) => unknown;
  private readonly config: dynamic.Config;
  private signalClosed: () => void = () => undefined;
  private readonly closed = new Promise<void>((resolve) => {
    this.signalClosed = resolve;
  });
  private running: Promise<unknown> = Promise.resolve();
  alive = true;

  constructor(
    private readonly options: InlineProviderOptions,
    config: PropertyMap,
  ) {
    const load = mainRequire(options.cwd);
    this.require = (request) =>
      load(options.fallback && request === PROVIDER_MODULE ? resolveFrom(options.cwd, request) : request);
    this.config = new Config(plainForProvider(config), options.project);
  }

  async close(): Promise<void> {
    this.alive = false;
    this.signalClosed();
  }

  /** Resolves when the code of all calls has ended, of those too that failed because the provider was closed. */
  async idle(): Promise<void> {
    await this.running;
  }

  check(_: ResourceIdentity, olds: PropertyMap, news: PropertyMap) {
    return this.call(async () => {
      const provider = await this.providerOf(news[PROVIDER] === UNKNOWN ? olds : news);
      const { inputs = news, failures = [] } = (await provider.check?.(olds, news)) ?? {};
      return {
        inputs: normalizeOutputs(inputs, news),
        failures: failures.map((failure) => ({ ...failure })),
      };
    });
  }

  diff(_: ResourceIdentity, id: string, olds: ResourceValues, news: PropertyMap) {
    return this.call(async () => {
      const provider = await this.providerOf(news[PROVIDER] === UNKNOWN ? olds.outputs : news);
      const {
        changes,
        replaces = [],
        deleteBeforeReplace = false,
      } = (await provider.diff?.(id, olds.outputs, news)) ?? {};
      return { ...(changes !== undefined && { changes }), replaces, deleteBeforeReplace };
    });
  }

  create(_: ResourceIdentity, inputs: PropertyMap): Promise<LiveResource> {
    return this.call(async () => {
      const { id, outs } = await (await this.providerOf(inputs)).create(inputs);
      return { id, outputs: normalizeOutputs(outs, inputs) };
    }, toInitError);
  }

  read(_: ResourceIdentity, id: string, { inputs, outputs }: ResourceValues): Promise<LiveResource> {
    return this.call(async () => {
      // A refresh sends the known outputs; a `get` has no outputs and at most inputs.
      const props = Object.keys(outputs).length > 0 ? outputs : inputs;
      const provider = await this.providerOf(props);
      const live = (await provider.read?.(id, props)) ?? { id, props };
      return {
        id: live.id ?? "",
        outputs: normalizeOutputs(live.props, props),
        ...(live.inputs && { inputs: normalizeOutputs(live.inputs, props) }),
      };
    });
  }

  update(_: ResourceIdentity, id: string, olds: ResourceValues, news: PropertyMap): Promise<PropertyMap> {
    return this.call(async () => {
      const provider = await this.providerOf(news);
      return normalizeOutputs((await provider.update?.(id, olds.outputs, news))?.outs, news);
    }, toInitError);
  }

  delete(_: ResourceIdentity, id: string, { outputs }: ResourceValues): Promise<void> {
    return this.call(async () => (await this.providerOf(outputs)).delete?.(id, outputs));
  }

  /** Deserializes a provider. Stacks may share the object, so it is configured again when another stack used it last. */
  private async providerOf(properties: PropertyMap): Promise<dynamic.ResourceProvider> {
    const text = String(properties[PROVIDER]);
    const provider = this.providers.get(text) ?? this.evaluate(text);
    this.providers.set(text, provider);
    if (configuredBy.get(provider) !== this) {
      configuredBy.set(provider, this);
      await provider.configure?.({ config: this.config });
    }
    return provider;
  }

  private evaluate(text: string): dynamic.ResourceProvider {
    const module = { exports: {} as { handler(): dynamic.ResourceProvider } };
    compileFunction(text, ["module", "exports", "require"])(module, module.exports, this.require);
    return module.exports.handler();
  }

  /** Runs a call and converts its errors to the engine's. The default conversion also prints the stack trace. */
  private call<T>(
    act: () => Promise<T>,
    toError = (error: Error): Error => {
      this.forward(`${error}: ${error.stack}`, "stderr");
      return new EngineError(error.message, { cause: error });
    },
  ): Promise<T> {
    const call = inEnvironment(this.options.addedEnv, () =>
      withConsoleRedirected(act, (text, stream) => this.forward(text, stream)),
    ).catch((error: Error) => {
      throw toError(error);
    });
    this.running = Promise.allSettled([this.running, call]);
    const lost = this.closed.then(() => {
      throw new ProviderLostError(
        "the provider process went away during the call (inline); what it was doing may or may not have happened",
      );
    });
    return Promise.race([call, lost]);
  }

  private forward(output: string, stream: Stream): void {
    if (this.alive) for (const line of output.split("\n")) this.options.onText(line, stream);
  }
}

/** Converts to a protobuf Struct and back, so that values it cannot represent, such as undefined, fail as over gRPC. */
function normalizeOutputs(properties: object | undefined, { [PROVIDER]: text }: PropertyMap): PropertyMap {
  return fromStruct(toStruct({ ...properties, [PROVIDER]: text ?? null }));
}

/** An error with an id means that the resource exists but failed to initialize. */
function toInitError(error: Error & { id?: string; properties?: PropertyMap; reasons?: string[] }): Error {
  const { id, properties = {}, reasons = [] } = error;
  return id
    ? new ResourceInitError(id, fromStruct(toStruct(properties)), reasons)
    : new EngineError(error.message, { cause: error });
}

/** Receives the console output of the current call. */
const outputForwarder = new AsyncLocalStorage<(text: string, stream: Stream) => void>();
let calls = 0;
let restore = () => {};

async function withConsoleRedirected<T>(
  act: () => Promise<T>,
  forward: (text: string, stream: Stream) => void,
): Promise<T> {
  if (calls++ === 0) restore = redirectConsole();
  try {
    return await outputForwarder.run(forward, act);
  } finally {
    if (--calls === 0) restore();
  }
}

/** @returns a function that restores the console */
function redirectConsole(): () => void {
  const originals = CONSOLE_STREAMS.map(([method]) => [method, mainConsole[method]] as const);
  for (const [method, stream] of CONSOLE_STREAMS) {
    const print = mainConsole[method];
    mainConsole[method] = (...args: unknown[]) => {
      const forward = outputForwarder.getStore();
      if (forward) forward(format(...args), stream);
      else print.apply(mainConsole, args);
    };
  }
  return () => {
    for (const [method, print] of originals) mainConsole[method] = print;
  };
}
