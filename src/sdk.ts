import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type * as AnyProto from "google-protobuf/google/protobuf/any_pb";
import type * as EmptyProto from "google-protobuf/google/protobuf/empty_pb";
import type * as StructProto from "google-protobuf/google/protobuf/struct_pb";

// gRPC and protobuf objects cross between our code and the SDK's generated stubs, and both libraries check
// `instanceof`, so these must be the same copies that the SDK loads.
export const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc: typeof Grpc = sdkRequire("@grpc/grpc-js");
export const { Struct }: typeof StructProto = sdkRequire("google-protobuf/google/protobuf/struct_pb");
export const { Any }: typeof AnyProto = sdkRequire("google-protobuf/google/protobuf/any_pb");
export const { Empty }: typeof EmptyProto = sdkRequire("google-protobuf/google/protobuf/empty_pb");

/** Pulumi's own limit on the size of one message: 400 MiB. */
export const channelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

interface SdkSettings {
  grpcChannelOptions?: Grpc.ChannelOptions;
  grpcClientOptions?: Grpc.ChannelOptions;
}

/**
 * Has the SDK connect to every engine anew. gRPC shares the connections of a process by address, and an engine may have the
 * port of one that has ended: its connection may count as broken. The SDK then ends the program without an error and without
 * a resource, so that an `up` deletes all there is.
 */
export function connectAnew(): void {
  const { grpcChannelOptions, grpcClientOptions } = sdkRequire("./runtime/settings") as SdkSettings;
  for (const options of [grpcChannelOptions, grpcClientOptions])
    if (options !== undefined) options["grpc.use_local_subchannel_pool"] = 1;
}
