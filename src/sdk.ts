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
