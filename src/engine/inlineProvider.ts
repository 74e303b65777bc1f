import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import type { dynamic } from "@pulumi/pulumi";
import { EngineError, ProviderLostError, ResourceInitError } from "./errors";
import { inEnvironment } from "./inlineRun";
import { mainConsole, mainRequire } from "./mainContext";
import type { LiveResource, ResourceIdentity, ResourceProvider, ResourceValues } from "./provider";
import { sdkRequire } from "./sdk";
import { fromStruct, type PropertyMap, plainForProvider, toStruct, UNKNOWN } from "./values";

export interface InlineProviderOptions {
  project: string;
  /** Where `require` in a provider text starts from. */
  cwd: string;
  /** Added to this process's environment during a call. */
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
 * Serves dynamic resources in this process, as `@pulumi/pulumi/cmd/dynamic-provider` serves them in one of its own. What
 * a call is doing when the provider is closed goes on, unheard: only a process can be killed.
 */
export class InlineProvider implements ResourceProvider {
  private readonly providers = new Map<string, dynamic.ResourceProvider>();
  private readonly require: NodeJS.Require;
  private readonly config: dynamic.Config;
  private signalClosed: () => void = () => undefined;
  private readonly closed = new Promise<void>((resolve) => {
    this.signalClosed = resolve;
  });
  alive = true;

  constructor(
    private readonly options: InlineProviderOptions,
    config: PropertyMap,
  ) {
    this.require = mainRequire(options.cwd);
    this.config = new Config(plainForProvider(config), options.project);
  }

  async close(): Promise<void> {
    this.alive = false;
    this.signalClosed();
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
      // A refresh sends what is known, a `get` inputs at most.
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

  /** What a provider's text stands for. Stacks may share the object, which answers to the one that configured it last. */
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

  /** The outcome of a call, in the errors that the engine knows; without a special one, what went wrong is printed. */
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

/** As the protocol carries it: what it has no word for, such as undefined, fails the call. */
function normalizeOutputs(properties: object | undefined, { [PROVIDER]: text }: PropertyMap): PropertyMap {
  return fromStruct(toStruct({ ...properties, [PROVIDER]: text ?? null }));
}

/** An error that names an id says that the resource is there, but not as it should be. */
function toInitError(error: Error & { id?: string; properties?: PropertyMap; reasons?: string[] }): Error {
  const { id, properties = {}, reasons = [] } = error;
  return id
    ? new ResourceInitError(id, fromStruct(toStruct(properties)), reasons)
    : new EngineError(error.message, { cause: error });
}

/** Who hears what a call prints. */
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

/** @returns undoes it */
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
