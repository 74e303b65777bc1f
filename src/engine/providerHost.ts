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
  /** Run providers in this process, with these environment variables added, instead of in separate ones. */
  inline?: { addedEnv: Record<string, string> };
}

/**
 * Keeps the dynamic providers of a stack running between operations, because starting one takes about a second. There is
 * one for each configuration; one that has died is restarted.
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
    // Concurrent calls share one start. A failed start is removed from the map, so that the next call tries again.
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
    // The output was in the pipe before the last response was in the socket, so two turns of the event loop read it.
    await nextRound();
    await nextRound();
  }

  async close(): Promise<void> {
    const started = await Promise.allSettled(this.providers.values());
    this.providers.clear();
    await Promise.all(started.map((result) => result.status === "fulfilled" && result.value.close()));
  }
}
