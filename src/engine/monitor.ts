import { type AddressInfo, createServer } from "node:net";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engproto from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import { channelOptions, Empty, grpc } from "../sdk";
import type { Deployment, RegisterResult, Severity } from "./deployment";
import { EngineError, messageOf, UnsupportedFeatureError } from "./errors";
import { goalOf, readGoalOf } from "./goals";
import { checkPulumiVersion } from "./pulumiVersion";
import type { ResourceState } from "./state";
import { fromStruct, reduceOutputValues, toStruct } from "./values";

/** The operation that currently receives the program's calls. */
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
  /** The program has ended successfully. Resolves when the deletions are done. */
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
  // The following are announced but rejected when used. If they were not announced, the SDK would tell the user to
  // upgrade the CLI, and a component would wait forever for a registration that the SDK does not send.
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

  /** The address of the server; the first call starts it. */
  address(): Promise<string> {
    this.listening ??= this.listen();
    return this.listening;
  }

  private async listen(): Promise<string> {
    this.server.addService(ResourceMonitorService, this.resourceMonitor());
    this.server.addService(EngineService, this.engine());
    // Use our own listener: gRPC's cannot be unref'ed and would keep this process alive.
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
    return { ...this.deploymentHandlers(), ...this.resourceHandlers(), ...this.unsupportedHandlers() };
  }

  private unsupportedHandlers() {
    const unsupported = (feature: string) => this.handler(() => this.refuse(feature));
    // The program waits for these calls, so they succeed; the deployment is stopped, and later registrations fail.
    const acceptThenFail = <Response>(feature: string, response: Response) =>
      this.handler(async (_, { deployment }) => {
        deployment.fail(new UnsupportedFeatureError(feature).message);
        return response;
      });
    return {
      call: unsupported("calls of resource methods"),
      existsResource: unsupported("existence checks of resources"),
      registerStackTransform: acceptThenFail("stack transforms", new Empty()),
      registerStackInvokeTransform: acceptThenFail("invoke transforms", new Empty()),
      registerResourceHook: acceptThenFail("resource hooks", new Empty()),
      registerErrorHook: acceptThenFail("error hooks", new Empty()),
      registerPackage: acceptThenFail("parameterized providers", new resproto.RegisterPackageResponse()),
    };
  }

  private deploymentHandlers() {
    return {
      getDeploymentInfo: this.handler(async (_, run) => {
        const info = new resproto.DeploymentInfo();
        info.setProject(run.project);
        info.setStack(run.stack);
        info.setOrganization(run.organization);
        info.setDryrun(run.dryRun);
        info.setParallel(run.parallel);
        info.setConfigsecretkeysList(run.secretKeys);
        // An older SDK does not define all of them.
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
      signalAndWaitForShutdown: this.handler(async (_, run) => {
        await run.programDone();
        return new Empty();
      }),
    };
  }

  private resourceHandlers() {
    return {
      registerResource: this.handler(
        async (request: resproto.RegisterResourceRequest, { deployment, inline }) => {
          const goal = goalOf(request);
          const result = await deployment.register(goal, request.getVersion());
          if (result.result !== "success" && !inline) {
            // Makes the SDK end a program process at once and silently. An inline program would wait forever.
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
    };
  }

  private engine() {
    return {
      log: this.handler(async (request: engproto.LogRequest, { deployment }) => {
        const urn = request.getUrn() || this.rootUrn;
        const severity = SEVERITIES[request.getSeverity()];
        if (severity === "error" && deployment.stopped) {
          // After a failed step the program logs errors about that failure, which has already been reported.
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
      requirePulumiVersion: this.handler(async (request: engproto.RequirePulumiVersionRequest) => {
        checkPulumiVersion(request.getPulumiVersionRange());
        return new engproto.RequirePulumiVersionResponse();
      }),
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
        const details = messageOf(error);
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

/** Components return no outputs: the program sets them itself with registerResourceOutputs. */
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
    // The SDK checks the result field only for registrations, so a failed read must be a gRPC error.
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
  // Create the response by deserializing nothing, because the name of its class differs between SDK versions.
  const response = ResourceMonitorService.invoke.responseDeserialize(Buffer.alloc(0));
  response.setReturn(toStruct({ urn, id: state.id, state: state.outputs }));
  return response;
}
