import { type AddressInfo, createServer } from "node:net";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engproto from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import type { Deployment, RegisterResult, Severity } from "./deployment";
import { EngineError, UnsupportedFeatureError } from "./errors";
import { goalOf, readGoalOf } from "./goals";
import { channelOptions, Empty, grpc } from "./sdk";
import type { ResourceState } from "./state";
import { fromStruct, reduceOutputValues, toStruct } from "./values";

/** The operation that the program's calls belong to at the moment. */
export interface MonitoredRun {
  deployment: Deployment;
  project: string;
  stack: string;
  organization: string;
  dryRun: boolean;
  parallel: number;
  secretKeys: string[];
  /** Whether the program runs in this process. */
  inline: boolean;
  /** The program has ended well; resolves once the deletions are done. */
  programDone(): Promise<void>;
}

/** A name of `ResourceMonitorFeature`, or one that the installed SDK does not know yet. */
type FeatureName = keyof typeof resproto.ResourceMonitorFeature | "RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS";
const FEATURES: Record<string, FeatureName> = {
  secrets: "RESOURCE_MONITOR_FEATURE_SECRETS",
  resourceReferences: "RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES",
  outputValues: "RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES",
  aliasSpecs: "RESOURCE_MONITOR_FEATURE_ALIAS_SPECS",
  deletedWith: "RESOURCE_MONITOR_FEATURE_DELETED_WITH",
  // These are refused when a program comes with them. Told that we lack them, the SDK would blame the CLI, and leave a
  // component waiting for ever for the registration that it did not send.
  replaceWith: "RESOURCE_MONITOR_FEATURE_REPLACE_WITH",
  transforms: "RESOURCE_MONITOR_FEATURE_TRANSFORMS",
  invokeTransforms: "RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS",
  parameterization: "RESOURCE_MONITOR_FEATURE_PARAMETERIZATION",
  resourceHooks: "RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS",
  errorHooks: "RESOURCE_MONITOR_FEATURE_ERROR_HOOKS",
  stateMigrations: "RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS",
};

const SEVERITIES: Record<engproto.LogSeverity, Severity> = {
  [engproto.LogSeverity.DEBUG]: "debug",
  [engproto.LogSeverity.INFO]: "info",
  [engproto.LogSeverity.WARNING]: "warning",
  [engproto.LogSeverity.ERROR]: "error",
};

/** The two services a Pulumi program talks to, ResourceMonitor and Engine, on one loopback port. */
export class Monitor {
  private readonly server = new grpc.Server(channelOptions);
  private readonly listener = createServer();
  private listening: Promise<string> | undefined;
  private run: MonitoredRun | undefined;
  private rootUrn = "";

  /** Where it listens; the first call starts it. */
  address(): Promise<string> {
    this.listening ??= this.listen();
    return this.listening;
  }

  private async listen(): Promise<string> {
    this.server.addService(ResourceMonitorService, this.resourceMonitor());
    this.server.addService(EngineService, this.engine());
    // With a listener of our own, since gRPC's would keep this process alive when nobody stops it.
    const connections = this.server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
    this.listener.on("connection", (socket) => connections.injectConnection(socket.unref()));
    await new Promise<void>((resolve, reject) => {
      this.listener.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    this.listener.unref();
    return `127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.listener.close();
    this.server.forceShutdown();
  }

  /** Directs all calls to `run` while `work` lasts. */
  async serve<T>(run: MonitoredRun, work: (address: string) => Promise<T>): Promise<T> {
    this.run = run;
    this.rootUrn = "";
    try {
      return await work(await this.address());
    } finally {
      this.run = undefined;
    }
  }

  private resourceMonitor() {
    const unsupported = (feature: string) => this.handler(() => this.refuse(feature));
    // A program waits for what it registers besides resources, so it is let go on, to registrations that fail.
    const acceptThenFail = <Response>(feature: string, response: Response) =>
      this.handler(async (_, { deployment }) => {
        deployment.fail(new UnsupportedFeatureError(feature).message);
        return response;
      });
    return {
      getDeploymentInfo: this.handler(async (_, run) => {
        const info = new resproto.DeploymentInfo();
        info.setProject(run.project);
        info.setStack(run.stack);
        info.setOrganization(run.organization);
        info.setDryrun(run.dryRun);
        info.setParallel(run.parallel);
        info.setConfigsecretkeysList(run.secretKeys);
        // An older SDK does not know them all.
        const known: Partial<Record<FeatureName, resproto.ResourceMonitorFeature>> =
          resproto.ResourceMonitorFeature;
        info.setSupportedfeaturesList(Object.values(FEATURES).flatMap((name) => known[name] ?? []));
        return info;
      }),
      supportsFeature: this.handler(async (request: resproto.SupportsFeatureRequest) => {
        const response = new resproto.SupportsFeatureResponse();
        response.setHassupport(Object.hasOwn(FEATURES, request.getId()));
        return response;
      }),
      registerResource: this.handler(
        async (request: resproto.RegisterResourceRequest, { deployment, inline }) => {
          const goal = goalOf(request);
          const result = await deployment.register(goal, request.getVersion());
          if (result.result !== "success" && !inline) {
            // Ends a program that is a process at once and silently. An inline one would wait for ever.
            throw new MonitorClosedError();
          }
          return toRegisterResponse(result, goal.custom);
        },
      ),
      readResource: this.handler(async (request: resproto.ReadResourceRequest, { deployment }) =>
        toReadResponse(await deployment.read(readGoalOf(request), request.getVersion())),
      ),
      registerResourceOutputs: this.handler(
        async (request: resproto.RegisterResourceOutputsRequest, { deployment }) => {
          await deployment.registerOutputs(
            request.getUrn(),
            reduceOutputValues(fromStruct(request.getOutputs())),
          );
          return new Empty();
        },
      ),
      invoke: this.handler(async (request: resproto.ResourceInvokeRequest, { deployment }) => {
        const urn = fromStruct(request.getArgs())["urn"];
        if (request.getTok() !== "pulumi:pulumi:getResource" || typeof urn !== "string") {
          return this.refuse(`the function ${request.getTok()}`);
        }
        return toGetResourceResponse(urn, deployment.stateOf(urn));
      }),
      signalAndWaitForShutdown: this.handler(async (_, run) => {
        await run.programDone();
        return new Empty();
      }),
      call: unsupported("calls of resource methods"),
      existsResource: unsupported("existence checks of resources"),
      registerStackTransform: acceptThenFail("stack transforms", new Empty()),
      registerStackInvokeTransform: acceptThenFail("invoke transforms", new Empty()),
      registerResourceHook: acceptThenFail("resource hooks", new Empty()),
      registerErrorHook: acceptThenFail("error hooks", new Empty()),
      registerPackage: acceptThenFail("parameterized providers", new resproto.RegisterPackageResponse()),
    };
  }

  private engine() {
    return {
      log: this.handler(async (request: engproto.LogRequest, { deployment }) => {
        const urn = request.getUrn() || this.rootUrn;
        const severity = SEVERITIES[request.getSeverity()];
        if (severity === "error" && deployment.stopped) {
          // What a program says after a failed step is about that failure, and the user has been told.
          return new Empty();
        }
        deployment.report({
          severity,
          message: request.getMessage(),
          ...(urn !== "" && { urn }),
        });
        return new Empty();
      }),
      getRootResource: this.handler(async () => {
        const response = new engproto.GetRootResourceResponse();
        response.setUrn(this.rootUrn);
        return response;
      }),
      setRootResource: this.handler(async (request: engproto.SetRootResourceRequest) => {
        this.rootUrn = request.getUrn();
        return new engproto.SetRootResourceResponse();
      }),
      startDebugging: this.handler(() => this.refuse("debugging")),
      requirePulumiVersion: this.handler(() => this.refuse("requirePulumiVersion")),
    };
  }

  private async refuse(feature: string): Promise<never> {
    throw new UnsupportedFeatureError(feature);
  }

  private handler<Request, Response>(
    handle: (request: Request, run: MonitoredRun) => Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return async (call, done) => {
      const { run } = this;
      if (run === undefined) {
        done({ code: grpc.status.UNAVAILABLE, details: new MonitorClosedError().message });
        return;
      }
      try {
        done(null, await handle(call.request, run));
      } catch (error) {
        const details = error instanceof Error ? error.message : String(error);
        if (error instanceof EngineError) {
          run.deployment.fail(details);
        }
        const closed = error instanceof MonitorClosedError || !run.inline;
        done({ code: closed ? grpc.status.UNAVAILABLE : grpc.status.UNKNOWN, details });
      }
    };
  }
}

class MonitorClosedError extends Error {
  override readonly name = "MonitorClosedError";
  override readonly message = "resource monitor shut down";
}

/** What the program gets back: a component's outputs are what the program itself gives it. */
function toRegisterResponse(result: RegisterResult, custom: boolean): resproto.RegisterResourceResponse {
  const response = new resproto.RegisterResourceResponse();
  if (result.result === "success") {
    response.setUrn(result.state.urn);
    response.setId(result.state.id);
    response.setObject(toStruct(custom ? result.state.outputs : {}));
  } else {
    response.setResult(resproto.Result.FAIL);
    response.setObject(toStruct({}));
  }
  return response;
}

function toReadResponse(result: RegisterResult): resproto.ReadResourceResponse {
  const response = new resproto.ReadResourceResponse();
  if (result.result !== "success") {
    // The SDK looks at the result of a registration only; a failed read must be an error to it.
    throw new Error("the resource could not be read");
  }
  response.setUrn(result.state.urn);
  response.setProperties(toStruct(result.state.outputs));
  return response;
}

function toGetResourceResponse(urn: string, state: ResourceState | undefined) {
  if (state === undefined) {
    throw new EngineError(`unknown resource ${urn}`);
  }
  // An empty message of the class that the installed SDK sends: its name differs between versions.
  const response = ResourceMonitorService.invoke.responseDeserialize(Buffer.alloc(0));
  response.setReturn(toStruct({ urn, id: state.id, state: state.outputs }));
  return response;
}
