// A plugin that does nothing: what the engine and gRPC take when a resource costs nothing.

import type { handleUnaryCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import { channelOptions, Empty, grpc, Struct } from "../src/sdk";
import outputs from "./outputs.json";

const answer =
  <Request, Response>(handle: (request: Request) => Response): handleUnaryCall<Request, Response> =>
  ({ request }, respond) =>
    respond(null, handle(request));

const server = new grpc.Server(channelOptions);
server.addService(ResourceProviderService, {
  getPluginInfo: answer(() => new PluginInfo().setVersion("1.0.0")),
  configure: answer(() => new provproto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
  check: answer((request: provproto.CheckRequest) =>
    new provproto.CheckResponse().setInputs(request.getNews()),
  ),
  diff: answer(() => new provproto.DiffResponse().setChanges(provproto.DiffResponse.DiffChanges.DIFF_NONE)),
  create: answer((request: provproto.CreateRequest) =>
    new provproto.CreateResponse()
      .setId("id")
      .setProperties(Struct.fromJavaScript({ ...request.getProperties()?.toJavaScript(), ...outputs })),
  ),
  read: answer((request: provproto.ReadRequest) =>
    new provproto.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs()),
  ),
  delete: answer(() => new Empty()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdin.on("end", () => process.exit()).resume();
  process.stdout.write(`${port}\n`);
});
