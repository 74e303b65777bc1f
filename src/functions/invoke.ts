import * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../aws/clients";
import type { StackConfiguration } from "../aws/configuration";
import { systemClock } from "../clock";
import { configurationOf, type Provider, refuseOtherProvider } from "../program/provider";

/** Options of a function. */
export interface InvokeOptions {
  /** The account to ask, when it is not the one of the stack's configuration. */
  provider?: Provider;
}

/**
 * Runs a function of a program once its arguments are known, with clients for the account that it is to ask.
 * @param name as the program calls it, for messages
 */
export function invoke<Args, Result>(
  name: string,
  args: Args,
  { provider }: InvokeOptions,
  act: (args: pulumi.Unwrap<Args>, clients: AwsClients) => Promise<Result>,
): pulumi.Output<Result> {
  refuseOtherProvider(name, provider);
  // What AWS answers is no secret only because the credentials are one.
  const configuration = pulumi.unsecret(pulumi.output(provider && configurationOf(provider)));
  const run = async (known: pulumi.Unwrap<Args>, stack: StackConfiguration): Promise<Result> => {
    const [{ AwsClients }, { readConfiguration }] = await Promise.all([
      import("../aws/clients"),
      import("../aws/configuration"),
    ]);
    const log = (line: string) => void pulumi.log.info(line);
    try {
      return await act(known, new AwsClients(readConfiguration(stack), { clock: systemClock, log }));
    } catch (error) {
      // For any other class of error, Pulumi prints all its properties, AWS's response and stack traces included.
      throw new pulumi.RunError((error as Error).message);
    }
  };
  const given: pulumi.Output<pulumi.Unwrap<Args>> = pulumi.output(args);
  return configuration.apply((settings) =>
    given.apply((known) => run(known, settings ?? pulumi.runtime.allConfig())),
  ) as pulumi.Output<Result>;
}
