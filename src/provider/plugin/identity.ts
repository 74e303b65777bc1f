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

export const parameterize = (): never =>
  unsupported("aws-approvals takes no parameters: it is one package, with one schema.");

export const construct = (): never =>
  unsupported(
    "aws-approvals has no components in its plugin, since ApprovalInbox and CustomerAccess are made of resources of @pulumi/aws: use them in TypeScript or JavaScript, from the npm package pulumi-aws-approvals.",
  );

export const call = (): never => unsupported("aws-approvals has no methods.");
