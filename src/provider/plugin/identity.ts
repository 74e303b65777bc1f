import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  GetSchemaResponse,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { unsupported } from "./errors";

const { version } = require("../../../package.json") as { version: string };

export const handshake = (_: ProviderHandshakeRequest): ProviderHandshakeResponse =>
  new ProviderHandshakeResponse().setAcceptSecrets(true);

export const getPluginInfo = (): PluginInfo => new PluginInfo().setVersion(version);

export const getSchema = (): GetSchemaResponse =>
  new GetSchemaResponse().setSchema(JSON.stringify(require("../../../schema.json")));

export const parameterize = (): never => unsupported("aws-approvals does not support parameterization.");

export const construct = (): never =>
  unsupported(
    "The plugin aws-approvals has no components: ApprovalInbox and CustomerAccess use resources of @pulumi/aws. Use them in TypeScript or JavaScript, from the npm package pulumi-aws-approvals.",
  );

export const call = (): never => unsupported("aws-approvals has no methods.");
