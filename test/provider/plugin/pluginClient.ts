// Speaks gRPC to the plugin as Pulumi's engine does. Values are in the protocol's own encoding: see src/engine/values.ts.
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Clock } from "../../../src/clock";
import { fromStruct, type PropertyMap, toStruct } from "../../../src/engine/values";
import { type PluginServer, serve } from "../../../src/provider/plugin/server";
import { grpc } from "../../../src/sdk";

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** By path: `UPDATE_REPLACE`, and ` of an output` where the inputs do not differ. */
  details: Record<string, string>;
}

/** What a failed create or update has left. */
export interface Unfinished {
  id: string;
  properties: PropertyMap;
  reasons: string[];
}

export const urnOf = (type: string, name = "it") => `urn:pulumi:dev::proj::${type}::${name}`;

export class PluginClient {
  private constructor(
    private readonly server: PluginServer,
    readonly raw: ResourceProviderClient,
  ) {}

  static async open(clock?: Clock): Promise<PluginClient> {
    const server = await serve(undefined, clock);
    const address = `127.0.0.1:${server.port}`;
    return new PluginClient(server, new ResourceProviderClient(address, grpc.credentials.createInsecure()));
  }

  async close(): Promise<void> {
    this.raw.close();
    await this.server.close();
  }

  async checkConfig(news: PropertyMap) {
    const request = new provproto.CheckRequest().setNews(toStruct(news));
    return checked(await this.send((done) => this.raw.checkConfig(request, done)));
  }

  async diffConfig(olds: PropertyMap, news: PropertyMap): Promise<Difference> {
    const request = new provproto.DiffRequest().setOldInputs(toStruct(olds)).setNews(toStruct(news));
    return difference(await this.send((done) => this.raw.diffConfig(request, done)));
  }

  configure(args: PropertyMap): Promise<provproto.ConfigureResponse> {
    const request = new provproto.ConfigureRequest().setArgs(toStruct(args)).setAcceptsecrets(true);
    return this.send((done) => this.raw.configure(request, done));
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap) {
    const request = new provproto.CheckRequest().setUrn(urn).setOlds(toStruct(olds)).setNews(toStruct(news));
    return checked(await this.send((done) => this.raw.check(request, done)));
  }

  async diff(
    urn: string,
    id: string,
    { inputs, outputs }: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<Difference> {
    const request = new provproto.DiffRequest()
      .setUrn(urn)
      .setId(id)
      .setOlds(toStruct(outputs))
      .setOldInputs(toStruct(inputs))
      .setNews(toStruct(news));
    return difference(await this.send((done) => this.raw.diff(request, done)));
  }

  async create(urn: string, inputs: PropertyMap, { preview = false, timeout = 0 } = {}) {
    const request = new provproto.CreateRequest()
      .setUrn(urn)
      .setProperties(toStruct(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const response = await this.send<provproto.CreateResponse>((done) => this.raw.create(request, done));
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async update(
    urn: string,
    id: string,
    { inputs, outputs }: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    { preview = false } = {},
  ): Promise<PropertyMap> {
    const request = new provproto.UpdateRequest()
      .setUrn(urn)
      .setId(id)
      .setOlds(toStruct(outputs))
      .setOldInputs(toStruct(inputs))
      .setNews(toStruct(news))
      .setPreview(preview);
    const response = await this.send<provproto.UpdateResponse>((done) => this.raw.update(request, done));
    return fromStruct(response.getProperties());
  }

  async read(
    urn: string,
    id: string,
    { inputs, outputs }: { inputs?: PropertyMap; outputs?: PropertyMap } = {},
  ) {
    const request = new provproto.ReadRequest().setUrn(urn).setId(id);
    if (inputs) request.setInputs(toStruct(inputs));
    if (outputs) request.setProperties(toStruct(outputs));
    const response = await this.send<provproto.ReadResponse>((done) => this.raw.read(request, done));
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async delete(urn: string, id: string, outputs: PropertyMap): Promise<void> {
    const request = new provproto.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(outputs));
    await this.send((done) => this.raw.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap) {
    const request = new provproto.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const response = await this.send<provproto.InvokeResponse>((done) => this.raw.invoke(request, done));
    return { result: fromStruct(response.getReturn()), failures: reasons(response) };
  }

  /** The ids of the resources of a type with their names, or `unknown` where the query is. */
  async list(
    token: string,
    query: PropertyMap = {},
    limit = 0,
  ): Promise<[id: string, name: string][] | "unknown"> {
    const request = new provproto.ListRequest().setToken(token).setQuery(toStruct(query)).setLimit(limit);
    const listed: [string, string][] = [];
    let isUnknown = false;
    for await (const response of this.raw.list(request) as AsyncIterable<provproto.ListResponse>) {
      const result = response.getResult();
      if (result) listed.push([result.getId(), result.getName()]);
      isUnknown ||= response.hasComputed();
    }
    return isUnknown ? "unknown" : listed;
  }

  send<T>(start: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      start((error, response) => (error ? reject(error) : resolve(response)));
    });
  }
}

/** The secret of a value in the protocol's encoding. */
export const secret = (value: PropertyMap[string]): PropertyMap => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** What an error says of a resource that exists, but was not initialized. */
export function unfinishedOf(error: unknown): Unfinished | undefined {
  const [bytes] = (error as ServiceError).metadata?.get("grpc-status-details-bin") ?? [];
  if (!(bytes instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(bytes).getDetailsList();
  if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") return undefined;
  const failed = provproto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: failed.getId(),
    properties: fromStruct(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
}

const reasons = (response: { getFailuresList(): provproto.CheckFailure[] }) =>
  response.getFailuresList().map((failure) => failure.getReason());

const checked = (response: provproto.CheckResponse) => ({
  inputs: fromStruct(response.getInputs()),
  failures: reasons(response),
});

function difference(response: provproto.DiffResponse): Difference {
  const kinds = Object.entries(provproto.PropertyDiff.Kind);
  const details = response.getDetaileddiffMap().toArray() as unknown as [string, [number, boolean]][];
  return {
    changes: response.getChanges() === provproto.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    details: Object.fromEntries(
      details.map(([path]) => {
        const detail = response.getDetaileddiffMap().get(path);
        const kind = kinds.find(([, value]) => value === detail?.getKind())?.[0] ?? "";
        return [path, detail?.getInputdiff() ? kind : `${kind} of an output`];
      }),
    ),
  };
}
