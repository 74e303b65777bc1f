import type { ChildProcess } from "node:child_process";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { PROVIDER_MODULE } from "../providerModule";
import { channelOptions, grpc } from "../sdk";
import { onLine, startNode, stop, unref } from "./children";
import { EngineError, ProviderLostError, ResourceInitError } from "./errors";
import type { ResourceIdentity, ResourceProvider } from "./provider";
import { resolveFrom } from "./resolve";
import { fromStruct, type PropertyMap, plainForProvider, toStruct } from "./values";

export interface ProviderProcessOptions {
  /** `require` in a serialized provider resolves from here. */
  cwd: string;
  /** Use this package's own copy of the provider where it does not resolve from `cwd`. */
  fallback: boolean;
  env: NodeJS.ProcessEnv;
  engineAddress: string;
  onText(text: string, stream: "stdout" | "stderr"): void;
  onStart?(child: ChildProcess): void;
}

// Ends the child when its parent has died, even by SIGKILL: the child's standard input then closes.
const ORPHAN_GUARD =
  "process.stdin.on('end',()=>process.exit()).on('error',()=>process.exit()).resume().unref()";

/** Lets Node.js find our own copy of the provider. Not by NODE_PATH, which needs a folder that has the package's name. */
const providerFallback = () =>
  encodeURIComponent(`
    import Module from "node:module";
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (request, ...rest) {
      try {
        return resolve.call(this, request, ...rest);
      } catch (error) {
        if (request !== ${JSON.stringify(PROVIDER_MODULE)}) throw error;
        return ${JSON.stringify(require.resolve(PROVIDER_MODULE))};
      }
    };
  `);

/** A `@pulumi/pulumi/cmd/dynamic-provider` process: it serves all dynamic resources of one provider resource. */
export class DynamicProvider implements ResourceProvider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly ended: Promise<string>,
  ) {}

  static async start(options: ProviderProcessOptions, config: PropertyMap): Promise<DynamicProvider> {
    const script = resolveFrom(options.cwd, "@pulumi/pulumi/cmd/dynamic-provider");
    const hooks = options.fallback ? [ORPHAN_GUARD, providerFallback()] : [ORPHAN_GUARD];
    const preloaded = hooks.flatMap((hook) => ["--import", `data:text/javascript,${hook}`]);
    const child = startNode([...preloaded, script, options.engineAddress], {
      cwd: options.cwd,
      env: options.env,
    });
    options.onStart?.(child);
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    const port = await new Promise<string>((resolve, reject) => {
      let first = true;
      onLine(child.stdout, (line) => {
        if (first) {
          first = false;
          resolve(line.trim());
        } else {
          options.onText(line, "stdout");
        }
      });
      onLine(child.stderr, (line) => options.onText(line, "stderr"));
      ended.then((how) => reject(new EngineError(`the dynamic provider process did not start (${how})`)));
    });
    const client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      channelOptions,
    );
    const provider = new DynamicProvider(child, client, ended);
    await provider.configure(config);
    unref(child);
    return provider;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async close(): Promise<void> {
    this.client.close();
    await stop(this.child);
  }

  private async configure(config: PropertyMap): Promise<void> {
    const request = new provproto.ConfigureRequest();
    request.setArgs(toStruct(plainForProvider(config)));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    await this.call<provproto.ConfigureResponse>((done) => this.client.configure(request, done));
  }

  async check(resource: ResourceIdentity, olds: PropertyMap, news: PropertyMap) {
    const request = new provproto.CheckRequest();
    setIdentity(request, resource);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.call<provproto.CheckResponse>((done) => this.client.check(request, done));
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response.getFailuresList().map((failure) => ({
        property: failure.getProperty(),
        reason: failure.getReason(),
      })),
    };
  }

  async diff(
    resource: ResourceIdentity,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ) {
    const request = new provproto.DiffRequest();
    setIdentity(request, resource);
    request.setId(id);
    request.setOlds(toStruct(olds.outputs));
    request.setOldInputs(toStruct(olds.inputs));
    request.setNews(toStruct(news));
    const response = await this.call<provproto.DiffResponse>((done) => this.client.diff(request, done));
    const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      ...((changes === DIFF_NONE || changes === DIFF_SOME) && { changes: changes === DIFF_SOME }),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(resource: ResourceIdentity, inputs: PropertyMap) {
    const request = new provproto.CreateRequest();
    setIdentity(request, resource);
    request.setProperties(toStruct(inputs));
    const response = await this.call<provproto.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async read(resource: ResourceIdentity, id: string, values: { inputs: PropertyMap; outputs: PropertyMap }) {
    const request = new provproto.ReadRequest();
    setIdentity(request, resource);
    request.setId(id);
    request.setInputs(toStruct(values.inputs));
    request.setProperties(toStruct(values.outputs));
    const response = await this.call<provproto.ReadResponse>((done) => this.client.read(request, done));
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      outputs: fromStruct(response.getProperties()),
      ...(inputs && { inputs: fromStruct(inputs) }),
    };
  }

  async update(
    resource: ResourceIdentity,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ) {
    const request = new provproto.UpdateRequest();
    setIdentity(request, resource);
    request.setId(id);
    request.setOlds(toStruct(olds.outputs));
    request.setOldInputs(toStruct(olds.inputs));
    request.setNews(toStruct(news));
    const response = await this.call<provproto.UpdateResponse>((done) => this.client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async delete(resource: ResourceIdentity, id: string, olds: { inputs: PropertyMap; outputs: PropertyMap }) {
    const request = new provproto.DeleteRequest();
    setIdentity(request, resource);
    request.setId(id);
    request.setProperties(toStruct(olds.outputs));
    request.setOldInputs(toStruct(olds.inputs));
    await this.call((done) => this.client.delete(request, done));
  }

  private async call<T>(
    start: (done: (error: ServiceError | null, response: T) => void) => unknown,
  ): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        start((error, response) => (error === null ? resolve(response) : reject(error)));
      });
    } catch (error) {
      const { UNAVAILABLE, CANCELLED } = grpc.status;
      const { code } = error as ServiceError;
      if (code === UNAVAILABLE || code === CANCELLED) {
        throw new ProviderLostError(
          `the provider process went away during the call (${await this.ended}); what it was doing may or may not have happened`,
        );
      }
      throw toEngineError(error as ServiceError);
    }
  }
}

function setIdentity(
  request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
  { urn, name, type }: ResourceIdentity,
): void {
  request.setUrn(urn);
  request.setName(name);
  request.setType(type);
}

/** An initialization failure is in the trailing metadata, encoded as gRPC's Go implementation does it. */
function toEngineError(error: ServiceError): Error {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = bytes instanceof Buffer ? Status.deserializeBinary(bytes).getDetailsList() : [];
  for (const detail of details) {
    if (detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed") {
      const failed = provproto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      return new ResourceInitError(
        failed.getId(),
        fromStruct(failed.getProperties()),
        failed.getReasonsList(),
      );
    }
  }
  return new EngineError(error.details, { cause: error });
}
