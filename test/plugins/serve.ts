import type { handleUnaryCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import { type ResourceProvider, resourceIdentity } from "../../src/engine/provider";
import { type StandIn, standInProvider } from "../../src/engine/standIn";
import { fromStruct, toStruct } from "../../src/engine/values";
import { channelOptions, Empty, grpc } from "../../src/sdk";

/** A provider's configuration by the names of its properties; what is no text is JSON. */
export type Config = Readonly<Record<string, string>>;

/**
 * Serves stand-ins as a provider plugin, which the real engine runs as a process of its own. CheckConfig, DiffConfig and
 * the like are left out: the engine takes a configuration as it is then.
 */
export async function serve(
  version: string,
  standInsOf: (config: Config) => Promise<StandIn[]>,
): Promise<void> {
  const server = new grpc.Server(channelOptions);
  server.addService(ResourceProviderService, handlers(version, standInsOf));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  // It closes with the engine, however that ends.
  process.stdin.on("end", () => process.exit()).resume();
  process.stdout.write(`${port}\n`);
}

function handlers(version: string, standInsOf: (config: Config) => Promise<StandIn[]>) {
  let standIns: StandIn[] = [];
  const providerOf = (urn: string): [ResourceProvider, ReturnType<typeof resourceIdentity>] => {
    const subject = resourceIdentity(urn);
    const standIn = standIns.find(({ type }) => type === subject.type);
    if (standIn === undefined) throw new Error(`there is no stand-in for resources of type ${subject.type}`);
    return [standInProvider(standIn), subject];
  };
  return {
    getPluginInfo: answer(() => new PluginInfo().setVersion(version)),
    configure: answer(async (request: provproto.ConfigureRequest) => {
      const variables = request.getVariablesMap().toArray() as [string, string][];
      standIns = await standInsOf(
        Object.fromEntries(variables.map(([key, value]) => [key.replace(/^.*:/, ""), value])),
      );
      return new provproto.ConfigureResponse().setSupportspreview(true);
    }),
    check: answer(async (request: provproto.CheckRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      const { inputs, failures } = await provider.check(
        subject,
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
      );
      const response = new provproto.CheckResponse().setInputs(toStruct(inputs));
      for (const { property, reason } of failures)
        response.addFailures(new provproto.CheckFailure().setProperty(property).setReason(reason));
      return response;
    }),
    diff: answer(async (request: provproto.DiffRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      const olds = { inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
      const { changes, replaces, deleteBeforeReplace } = await provider.diff(
        subject,
        request.getId(),
        olds,
        fromStruct(request.getNews()),
      );
      const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
      return new provproto.DiffResponse()
        .setChanges(changes ? DIFF_SOME : DIFF_NONE)
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace);
    }),
    create: answer(async (request: provproto.CreateRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      if (request.getPreview()) return new provproto.CreateResponse().setProperties(request.getProperties());
      const { id, outputs } = await provider.create(subject, fromStruct(request.getProperties()));
      return new provproto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    read: answer(async (request: provproto.ReadRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      const values = {
        inputs: fromStruct(request.getInputs()),
        outputs: fromStruct(request.getProperties()),
      };
      const { id, outputs, inputs = values.inputs } = await provider.read(subject, request.getId(), values);
      return new provproto.ReadResponse()
        .setId(id)
        .setProperties(toStruct(outputs))
        .setInputs(toStruct(inputs));
    }),
    update: answer(async (request: provproto.UpdateRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      const olds = { inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
      const news = fromStruct(request.getNews());
      const outputs = request.getPreview()
        ? (provider.previewUpdate?.(olds, news) ?? news)
        : await provider.update(subject, request.getId(), olds, news);
      return new provproto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: answer(async (request: provproto.DeleteRequest) => {
      const [provider, subject] = providerOf(request.getUrn());
      const olds = {
        inputs: fromStruct(request.getOldInputs()),
        outputs: fromStruct(request.getProperties()),
      };
      await provider.delete(subject, request.getId(), olds);
      return new Empty();
    }),
    cancel: answer(() => new Empty()),
  };
}

const answer =
  <Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  async (call, done) => {
    try {
      done(null, await handle(call.request));
    } catch (error) {
      done({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
