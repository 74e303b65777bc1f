import type { dynamic } from "@pulumi/pulumi";
import { SERVICES } from "../../src/aws/environment";
import type { Emulator, ManualClock } from "../../src/emulator";
import { DynamicProvider } from "../../src/provider/dynamic/dynamicProvider";
import type { Lifecycle } from "../../src/provider/lifecycle";

/**
 * A lifecycle as Pulumi's provider process calls it, configured by the stack for an account of the emulator. Its waits
 * turn the emulator's clock.
 */
export async function served<I extends object, S extends I>(
  lifecycle: Lifecycle<I, S>,
  { endpoint }: Pick<Emulator, "endpoint">,
  clock: ManualClock,
  { account = "000000000000", ...more }: { account?: string } & Record<string, string> = {},
): Promise<Required<dynamic.ResourceProvider>> {
  const config: Record<string, string | undefined> = {
    "aws:region": "us-east-1",
    "aws:accessKey": account,
    "aws:secretKey": "secret",
    "aws:endpoints": JSON.stringify([Object.fromEntries(SERVICES.map((service) => [service, endpoint]))]),
    ...more,
  };
  const provider = new DynamicProvider(lifecycle, {
    now: () => clock.now(),
    sleep: async (ms) => clock.advance(ms),
  }) as Required<dynamic.ResourceProvider>;
  const get = (key: string) => config[key];
  await provider.configure({ config: { get, require: (key) => get(key) ?? fail(key) } });
  return provider;
}

const fail = (key: string): never => {
  throw new Error(`no ${key}`);
};
