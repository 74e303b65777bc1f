import { setTimeout as sleep } from "node:timers/promises";
import type { handleServerStreamingCall, handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ReadableError } from "../../aws/errors";
import type { Clock } from "../../clock";
import { channelOptions, Empty, grpc } from "../../sdk";
import { DiffOccasions } from "../diffOccasions";
import { check } from "./check";
import { checkConfig, configure, diffConfig } from "./configuration";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { EngineLog } from "./engineLog";
import { failureOf } from "./errors";
import { call, construct, getPluginInfo, getSchema, handshake, parameterize } from "./identity";
import { invoke } from "./invoke";
import { list } from "./list";
import { read } from "./read";
import type { Plugin } from "./session";
import { update } from "./update";

export interface PluginServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves the resources as a provider plugin: `ResourceProvider` of
 * https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto.
 * @param engineAddress where lines are shown; without it, Attach says where
 */
export async function serve(engineAddress?: string, clock?: Clock): Promise<PluginServer> {
  const cancellation = new AbortController();
  const plugin: Plugin = {
    clock: clock ?? cancellableClock(cancellation.signal),
    diffs: new DiffOccasions(),
    ...(engineAddress && { engine: new EngineLog(engineAddress) }),
  };
  const server = new grpc.Server(channelOptions);
  server.addService(ResourceProviderService, handlers(plugin, cancellation));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    port,
    async close() {
      plugin.engine?.close();
      server.forceShutdown();
    },
  };
}

function handlers(plugin: Plugin, cancellation: AbortController): UntypedServiceImplementation {
  const attach = (address: string) => {
    plugin.engine?.close();
    plugin.engine = new EngineLog(address);
  };
  return {
    handshake: answer((request: ProviderHandshakeRequest) => {
      if (request.getEngineAddress()) attach(request.getEngineAddress());
      return handshake(request);
    }),
    attach: answer((request: PluginAttach) => {
      attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: answer(getPluginInfo),
    getSchema: answer(getSchema),
    parameterize: answer(parameterize),
    checkConfig: answer(checkConfig),
    diffConfig: answer(diffConfig),
    configure: answer((request) => configure(plugin, request)),
    check: answer((request) => check(plugin, request)),
    diff: answer((request) => diff(plugin, request)),
    create: answer((request) => create(plugin, request)),
    read: answer((request) => read(plugin, request)),
    list: answerAll((request) => list(plugin, request)),
    update: answer((request) => update(plugin, request)),
    delete: answer((request) => remove(plugin, request)),
    invoke: answer((request) => invoke(plugin, request)),
    construct: answer(construct),
    call: answer(call),
    cancel: answer(() => {
      cancellation.abort();
      return new Empty();
    }),
  };
}

const answer =
  <Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  async ({ request }, respond) => {
    try {
      respond(null, await handle(request));
    } catch (error) {
      respond(failureOf(error));
    }
  };

const answerAll =
  <Request, Response>(
    handle: (request: Request) => Promise<Response[]>,
  ): handleServerStreamingCall<Request, Response> =>
  async (call) => {
    try {
      for (const response of await handle(call.request)) call.write(response);
      call.end();
    } catch (error) {
      call.emit("error", failureOf(error));
    }
  };

/** A cancelled wait fails, so that what was created so far is kept in the state. */
const cancellableClock = (signal: AbortSignal): Clock => ({
  now: () => new Date(),
  sleep: (milliseconds) =>
    sleep(milliseconds, undefined, { signal }).catch((cause: unknown) => {
      throw new ReadableError("aws-approvals", "the operation was cancelled.", { cause });
    }),
});
