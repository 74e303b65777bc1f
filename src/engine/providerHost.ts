import { setImmediate as nextRound } from "node:timers/promises";
import { DynamicProvider, type ProviderProcessOptions } from "./dynamicProvider";
import { InlineProvider } from "./inlineProvider";
import type { ResourceProvider } from "./provider";
import { type PropertyMap, plainForProvider } from "./values";

interface HostedProvider extends ResourceProvider {
  readonly alive: boolean;
  close(): Promise<void>;
}

interface HostOptions extends Omit<ProviderProcessOptions, "engineAddress"> {
  project: string;
  /** In this process instead of one of its own, with this added to the environment. */
  inline?: { addedEnv: Record<string, string> };
}

/**
 * Keeps the dynamic-provider processes of a stack from one operation to the next: starting one takes a second. There is
 * one for each configuration, and one that has died is started anew.
 */
export class ProviderHost {
  private readonly providers = new Map<string, Promise<HostedProvider>>();

  constructor(
    private readonly options: HostOptions,
    private readonly address: () => Promise<string>,
  ) {}

  async start(config: PropertyMap): Promise<HostedProvider> {
    const key = JSON.stringify(plainForProvider(config));
    const running = this.providers.get(key);
    if (running !== undefined && (await running).alive) {
      return running;
    }
    // Whoever comes while it starts waits for the same one; a start that failed is tried again by the next.
    const fresh = this.providers.get(key) === running ? this.launch(key, config) : this.providers.get(key);
    return fresh ?? this.launch(key, config);
  }

  private launch(key: string, config: PropertyMap): Promise<HostedProvider> {
    const launched = this.open(config);
    this.providers.set(key, launched);
    launched.catch(() => this.providers.delete(key));
    return launched;
  }

  private async open(config: PropertyMap): Promise<HostedProvider> {
    const { inline, ...options } = this.options;
    if (inline !== undefined) return new InlineProvider({ ...options, ...inline }, config);
    return DynamicProvider.start({ ...options, engineAddress: await this.address() }, config);
  }

  /** Waits until what the providers have printed so far has been read. */
  async drain(): Promise<void> {
    // It was in our pipe before the answer to the last call was in our socket, so the event loop's next two rounds get it.
    await nextRound();
    await nextRound();
  }

  async close(): Promise<void> {
    const started = await Promise.allSettled(this.providers.values());
    this.providers.clear();
    await Promise.all(started.map((result) => result.status === "fulfilled" && result.value.close()));
  }
}
