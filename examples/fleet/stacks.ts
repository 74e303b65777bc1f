import { setTimeout as pause } from "node:timers/promises";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type PulumiFn,
  type UpResult,
} from "@pulumi/pulumi/automation";
import { type Customer, INBOX } from "./customers";
import { customerProgram, type Inbox, inboxProgram } from "./programs";

// gRPC shares the connections of a process by address, and an engine may have the port of one that has ended. Pulumi's SDK
// hides that the connection is broken: the program then declares nothing, and `up` deletes all there is. So none are shared.
const { grpcChannelOptions = {}, grpcClientOptions = {} }: Record<string, object> =
  require("@pulumi/pulumi/runtime/settings");
for (const options of [grpcChannelOptions, grpcClientOptions])
  Object.assign(options, { "grpc.use_local_subchannel_pool": 1 });

/** How long a lock of another run is waited for: an update takes seconds. */
const LOCKED_MS = 60_000;

export interface Settings {
  /** Where the settings of stacks are kept; `@pulumi/pulumi` must be found from there. */
  workDir: string;
  /** Whether the stacks are refreshed first, which learns what customers decided. */
  refresh: boolean;
}

async function up(stackName: string, program: PulumiFn, settings: Settings): Promise<UpResult> {
  const { workDir, refresh } = settings;
  const stack = await LocalWorkspace.createOrSelectStack(
    { projectName: "fleet", stackName, program },
    { workDir },
  );
  const giveUp = Date.now() + LOCKED_MS;
  for (;;) {
    const errors: string[] = [];
    const onEvent = ({ diagnosticEvent }: EngineEvent) => {
      if (diagnosticEvent?.severity === "error") errors.push(diagnosticEvent.message.trim());
    };
    try {
      return await stack.up({ refresh, onEvent, color: "never", suppressProgress: true });
    } catch (error) {
      if (!(error instanceof ConcurrentUpdateError)) throw new Error(errors[0] ?? String(error));
      if (Date.now() > giveUp) {
        const remedy = `if none is at it any more: pulumi cancel --stack ${stackName}`;
        throw new Error(`another run has locked the stack; ${remedy}`);
      }
      await pause(1_000);
    }
  }
}

const valuesOf = ({ outputs }: UpResult) =>
  Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));

export async function upInbox(settings: Settings): Promise<Inbox> {
  const { tableArn, queueUrl, topicArn } = valuesOf(await up(INBOX, inboxProgram, settings));
  return { tableArn, queueUrl, topicArn };
}

export interface Asked {
  link: string;
  requestId: string;
  state: string;
  /** Whether this run has made a request. */
  asked: boolean;
}

export async function upCustomer(customer: Customer, inbox: Inbox, settings: Settings): Promise<Asked> {
  const result = await up(customer.name, customerProgram(customer, inbox), settings);
  const { link, requestId, state } = valuesOf(result);
  const { create = 0, replace = 0 } = result.summary.resourceChanges ?? {};
  return { link, requestId, state, asked: create + replace > 0 };
}
