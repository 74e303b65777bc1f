import * as pulumi from "@pulumi/pulumi";
import type { StackConfiguration } from "../aws/configuration";
import { systemClock } from "../clock";
import { serviceOf, type ValuesOf } from "../declaration/properties";
import { configurationOf, type Provider, refuseOtherProvider } from "../program/provider";
import type { ArgsOf } from "../program/types";
import { functions } from ".";

type Functions = typeof functions;

/** Options of a function. */
export interface InvokeOptions {
  /** The account to ask, when it is not the one of the stack's configuration. */
  provider?: Provider;
}

/** Runs a function in the program's process once its arguments are known. */
export function invoke<Name extends keyof Functions>(
  name: Name,
  args: ArgsOf<Functions[Name]["inputs"]>,
  { provider }: InvokeOptions,
): pulumi.Output<ValuesOf<Functions[Name]["outputs"]>> {
  refuseOtherProvider(`${serviceOf(functions[name])}.${name}`, provider);
  // What AWS answers is no secret only because the credentials are one.
  const configuration = pulumi.unsecret(pulumi.output(provider && configurationOf(provider)));
  const run = async (known: ValuesOf<Functions[Name]["inputs"]>, stack: StackConfiguration) => {
    const [{ AwsClients }, { readConfiguration }, { implementations }] = await Promise.all([
      import("../aws/clients"),
      import("../aws/configuration"),
      import("./implementations"),
    ]);
    const log = (line: string) => void pulumi.log.info(line);
    try {
      const clients = new AwsClients(readConfiguration(stack), { clock: systemClock, log });
      return await implementations[name](known, clients);
    } catch (error) {
      // For any other class of error, Pulumi prints all its properties, AWS's response and stack traces included.
      throw new pulumi.RunError((error as Error).message);
    }
  };
  const given = pulumi.output(args as object) as pulumi.Output<ValuesOf<Functions[Name]["inputs"]>>;
  return configuration.apply((settings) =>
    given.apply((known) => run(known, settings ?? pulumi.runtime.allConfig())),
  ) as pulumi.Output<ValuesOf<Functions[Name]["outputs"]>>;
}
