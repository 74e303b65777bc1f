import { randomUUID } from "node:crypto";
import { EngineError, UnsupportedFeatureError } from "./errors";
import { PlainProvider, type ResourceProvider } from "./provider";
import { type PluginHost, type StandIn, standInProvider } from "./standIn";
import type { ResourceState } from "./state";
import {
  isDefaultProvider,
  isProviderType,
  packageOf,
  providerPackage,
  providerReference,
  urnOfReference,
} from "./urn";
import { containsUnknowns, type PropertyMap, plainForProvider } from "./values";

export const DYNAMIC_PACKAGE = "pulumi-nodejs";

/** Returns the running dynamic provider with this configuration, or starts it. */
export type StartDynamicProvider = (config: PropertyMap) => Promise<ResourceProvider>;

/** Manages provider resources themselves, as the engine's own provider registry does in Pulumi. */
const providerResources = new PlainProvider({
  check: async (_, __, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ replaces: [], deleteBeforeReplace: false }),
  create: async (_, inputs) => ({ id: randomUUID(), outputs: inputs }),
  read: async (_, id, { outputs }) => ({ id, outputs }),
  update: async (_, __, ___, news) => news,
  delete: async () => undefined,
});

/** Finds the provider of a resource by its type and its provider reference. */
export class ProviderRegistry {
  private readonly configs = new Map<string, PropertyMap>();
  /** By provider and type. */
  private readonly configured = new Map<string, Promise<ResourceProvider>>();

  /** @param olds - the old state, whose providers are needed to delete resources that the program no longer declares */
  constructor(
    olds: ResourceState[],
    private readonly startDynamic: StartDynamicProvider,
    private readonly standIns: StandIn[],
    private readonly host: () => PluginHost,
  ) {
    for (const { type, urn, id, inputs } of olds) {
      if (isProviderType(type)) {
        this.register(providerReference(urn, id), inputs);
      }
    }
  }

  register(reference: string, config: PropertyMap): void {
    this.configs.set(reference, config);
  }

  for({ type, provider }: Pick<ResourceState, "type" | "provider">): PlainProvider {
    if (isProviderType(type)) {
      this.assertPackageAvailable(providerPackage(type));
      return providerResources;
    }
    const config = this.configs.get(provider);
    if (config === undefined) {
      throw new EngineError(`unknown provider "${provider}"`);
    }
    if (containsUnknowns(config)) return new PlainProvider(unconfigured);
    if (packageOf(type) === DYNAMIC_PACKAGE)
      return new PlainProvider(lazyProvider(() => this.startDynamic(config)));
    const standIn = this.standIns.find((candidate) => candidate.type === type);
    if (standIn === undefined) {
      throw new UnsupportedFeatureError(
        `resources of type ${type} without a stand-in`,
        `register one in a test with registerStandIn("${type}", { create }), or use the Pulumi CLI`,
      );
    }
    return new PlainProvider(this.standInFor(standIn, provider, config));
  }

  private standInFor(standIn: StandIn, provider: string, config: PropertyMap): ResourceProvider {
    const plain = standInProvider(standIn);
    if (standIn.configured === undefined || isDefaultProvider(urnOfReference(provider))) return plain;
    const start = async () =>
      standInProvider((await standIn.configured?.(plainForProvider(config), this.host())) ?? standIn);
    const key = `${provider} ${standIn.type}`;
    const lazy = lazyProvider(() => {
      const started = this.configured.get(key) ?? start();
      this.configured.set(key, started);
      return started;
    });
    return plain.previewUpdate ? { ...lazy, previewUpdate: plain.previewUpdate } : lazy;
  }

  private assertPackageAvailable(name: string): void {
    if (name !== DYNAMIC_PACKAGE && !this.standIns.some(({ type }) => packageOf(type) === name)) {
      throw new UnsupportedFeatureError(`the provider plugin "${name}" (none of its types has a stand-in)`);
    }
  }
}

const notConfigured = async (): Promise<never> => {
  throw new EngineError("the provider's inputs are not known");
};

/** Stands for a provider with inputs that a preview does not know, as in Pulumi's engine. */
const unconfigured: ResourceProvider = {
  check: async (_, __, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({
    changes: true,
    replaces: [],
    deleteBeforeReplace: false,
    warning:
      "The provider for this resource has inputs that are not known during preview.\n" +
      "This preview may not correctly represent the changes that will be applied during an update.",
  }),
  read: async (_, id) => ({ id, outputs: {} }),
  create: notConfigured,
  update: notConfigured,
  delete: notConfigured,
};

/** A provider that is started by its first call. */
function lazyProvider(start: () => Promise<ResourceProvider>): ResourceProvider {
  return {
    check: async (...args) => (await start()).check(...args),
    diff: async (...args) => (await start()).diff(...args),
    create: async (...args) => (await start()).create(...args),
    read: async (...args) => (await start()).read(...args),
    update: async (...args) => (await start()).update(...args),
    delete: async (...args) => (await start()).delete(...args),
  };
}
