import { devNull } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Unwrap } from "@pulumi/pulumi";
import type { Clock } from "../emulator";
import {
  createStack,
  type ExportedDeployment,
  type OfflineStack,
  type OperationOptions,
  type OperationResult,
  type PreviewOptions,
  type ProjectFolder,
  type RefreshOperationOptions,
  type StackOptions,
  type StandIn,
} from "../engine";
import { checkAccount } from "./customer";
import { EngineKills, type PlannedFault, type ProviderKill, type StackFault } from "./faults";
import { awsStandIns } from "./standIns";
import { startEmulator, type TestEmulator, type TestEmulatorOptions } from "./startEmulator";
import {
  formatChanges,
  isProgramResource,
  type TestResource,
  toTestResources,
  withoutUnknowns,
} from "./testResource";

/** The default account of the vendor. */
export const VENDOR_ACCOUNT = "000000000000";

/** How long `close` waits for a running operation. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Options of {@link testStack}. `R` is the type that the program returns. */
export interface TestStackOptions<R>
  extends Pick<
    StackOptions,
    | "config"
    | "cwd"
    | "env"
    | "inlineProvider"
    | "onOutput"
    | "organization"
    | "parallel"
    | "project"
    | "stack"
    | "standIns"
  > {
  /**
   * The program: a function that returns the stack's outputs and is called by every operation, or the folder of a Pulumi
   * project, which runs as a separate process. Modules are loaded only once, so a function must declare its resources when
   * it is called, not at import.
   */
  program: (() => R) | ProjectFolder;
  /** The embedded AWS to use, which `close` leaves open. Default: a new one, which `close` closes. */
  emulator?: TestEmulator;
  /** The clock of a new embedded AWS. Default: the system's. */
  clock?: Clock;
  /** Accounts of a new embedded AWS: see {@link TestEmulatorOptions}. */
  accounts?: TestEmulatorOptions["accounts"];
  /** Faults to inject into calls to the embedded AWS, and kills of the stack's own processes. */
  faults?: readonly StackFault[];
  /** The account that the stack is deployed to: the vendor. Default: 000000000000. */
  account?: string;
  /** Default: us-east-1. */
  region?: string;
}

/** The type of a stack's outputs, from what its program returns; those of a project folder are unknown. */
export type OutputsOf<R> = unknown extends R
  ? Record<string, unknown>
  : Awaited<R> extends object
    ? Unwrap<Awaited<R>>
    : Record<string, never>;

/** The result of an operation. */
export interface TestResult<Outputs> extends Omit<OperationResult, "outputs"> {
  /**
   * The changes of resources as `operation Type name`, sorted: `create DelegationRequest acme`. The two halves of a
   * replacement are in `steps` only, and providers and the stack itself are left out.
   */
  changes: string[];
  /** The stack's outputs, decrypted. Values that a preview does not know yet are undefined. */
  outputs: Outputs;
  /** The names of the outputs that are secret. */
  secretOutputs: string[];
  /** What the Pulumi CLI would print. */
  text: string;
}

/** A stack under test. `await using` closes it at the end of the test, also of one that fails. */
export class TestStack<Outputs = Record<string, unknown>> implements AsyncDisposable {
  private readonly standIns: StandIn[];
  private readonly config: NonNullable<StackOptions["config"]>;
  private readonly engine: OfflineStack;
  private readonly kills = new EngineKills();
  /** By the faults that the embedded AWS has for them. */
  private readonly providerKills = new WeakMap<PlannedFault, ProviderKill>();
  private text = "";
  private readonly account: string;
  private readonly inlineProvider: boolean;
  private readonly ownsEmulator: boolean;
  private running: Promise<unknown> | undefined;
  private closed: Promise<void> | undefined;

  /** @internal use {@link testStack} */
  constructor(
    options: TestStackOptions<unknown>,
    /** The embedded AWS that the stack is deployed to. */
    readonly emulator: TestEmulator,
  ) {
    const { account = VENDOR_ACCOUNT, region = "us-east-1", standIns = [], onOutput } = options;
    const {
      config = {},
      cwd,
      inlineProvider = false,
      organization,
      parallel,
      program,
      project,
      stack,
    } = options;
    this.account = checkAccount(account);
    this.inlineProvider = inlineProvider;
    this.ownsEmulator = options.emulator === undefined;
    this.standIns = [...standIns, ...awsStandIns({ endpoint: emulator.endpoint, account, region })];
    this.config = { ...config };
    this.engine = createStack({
      ...{ program, inlineProvider, config: this.config, standIns: this.standIns, colour: false },
      env: { ...environment(emulator, account, region), ...options.env },
      ...(cwd !== undefined && { cwd }),
      ...(organization !== undefined && { organization }),
      ...(parallel !== undefined && { parallel }),
      ...(project !== undefined && { project }),
      ...(stack !== undefined && { stack }),
      intercept: (step) => (isProgramResource(step) ? this.kills.takeDue(step) : undefined),
      onOutput: (text) => {
        this.text += text;
        onOutput?.(text);
      },
    });
  }

  /**
   * Shows what `up` would do, and changes nothing.
   * @throws OperationFailedError like the other operations; its `result` is what was done until the failure
   */
  preview(options: PreviewOptions = {}): Promise<TestResult<Partial<Outputs>>> {
    return this.operate(() => this.engine.preview(options));
  }

  /** Deploys what the program declares. */
  up(options: OperationOptions = {}): Promise<TestResult<Outputs>> {
    return this.operate(() => this.engine.up(options));
  }

  /** Reads the resources' current state from AWS. */
  refresh(options: RefreshOperationOptions = {}): Promise<TestResult<Outputs>> {
    return this.operate(() => this.engine.refresh(options));
  }

  /** Deletes all resources of the stack. */
  destroy(options: OperationOptions = {}): Promise<TestResult<Partial<Outputs>>> {
    return this.operate(() => this.engine.destroy(options));
  }

  /** The outputs of the last `up`, decrypted. A refresh changes resources, but not the stack's outputs. */
  outputs(): Outputs {
    const entries = Object.entries(this.engine.outputs()).map(([name, { value }]) => [name, value]);
    return Object.fromEntries(entries) as Outputs;
  }

  /** The resources and components in the state, decrypted, without providers and the stack itself. */
  resources(): TestResource[] {
    return toTestResources(this.engine.resources());
  }

  /**
   * The resource with the name. The type, `DelegationRequest` or a whole token, is needed when several have the same name.
   * Resources that are `pending` do not count.
   * @throws RangeError when there is none, or more than one
   */
  resource(name: string, type?: string): TestResource {
    const named = this.resources().filter(
      (resource) => resource.name === name && resource.pending === undefined,
    );
    const found = named.filter(
      (resource) => type === undefined || resource.type === type || resource.type.endsWith(`:${type}`),
    );
    const [resource] = found;
    if (resource !== undefined && found.length === 1) return resource;
    const types = named.map((resource) => resource.type).join(", ");
    const label = type === undefined ? name : `${type} ${name}`;
    throw new RangeError(
      found.length > 1
        ? `${label}: there are ${found.length}, of types ${types}`
        : this.running
          ? `there is no ${label} in the stack yet. An operation is running: await it first`
          : `there is no ${label} in the stack${types && `; resources with the name are of types ${types}`}`,
    );
  }

  /**
   * Registers a stand-in for a resource type of a provider plugin; it replaces an earlier one. Without `create`, a resource
   * gets its name as id, and its inputs as outputs.
   *
   * @example
   * import { testStack } from "pulumi-aws-approvals/testing";
   *
   * test("a bucket is made", async () => {
   *   await using stack = await testStack({ program: { workDir: "infrastructure" } });
   *   stack.registerStandIn("aws:s3/bucket:Bucket", {
   *     create: (inputs, { name }) => ({ id: name, outs: { ...inputs, arn: `arn:aws:s3:::${name}` } }),
   *   });
   *   expect((await stack.up()).changes).toContain("create Bucket logs");
   * });
   */
  registerStandIn(type: string, standIn: Partial<Omit<StandIn, "type">> = {}): void {
    this.standIns.unshift({ create: (_, { name }) => ({ id: name }), ...standIn, type });
  }

  /**
   * Plans faults from now on: of calls to the embedded AWS, whoever makes them, and kills of this stack's own processes.
   * @throws RangeError when a fault is not valid
   */
  injectFaults(...faults: StackFault[]): void {
    for (const fault of faults) {
      if (fault.kill === undefined) this.emulator.injectFaults(fault);
      else if (fault.kill === "engine") this.kills.add(fault);
      else if (this.inlineProvider) throw new RangeError("kill: an inline provider has no process to kill");
      else {
        const { kill, ...call } = { account: this.account, ...fault };
        const drop = { ...call, meanwhile: () => this.engine.killProviders(), drop: true } as const;
        this.providerKills.set(drop, fault);
        this.emulator.injectFaults(drop);
      }
    }
  }

  /** The planned faults of the embedded AWS and of this stack that are not due yet. One for every call stays. */
  pendingFaults(): readonly StackFault[] {
    const ofCalls = this.emulator.pendingFaults().map((fault) => this.providerKills.get(fault) ?? fault);
    return [...ofCalls, ...this.kills.pending];
  }

  /**
   * Removes all planned faults of this stack and of the embedded AWS, also those that other stacks planned there.
   */
  clearFaults(): void {
    this.emulator.clearFaults();
    this.kills.clear();
  }

  /** Sets the stack's configuration from the next operation on; a key without a namespace belongs to the project. */
  setConfig(key: string, value: string | { value: string; secret: true }): void {
    this.config[key] = value;
    this.engine.setConfig(this.config);
  }

  /** The state as `pulumi stack export` prints it, secrets encrypted. */
  exportState(): ExportedDeployment {
    return this.engine.exportState();
  }

  /**
   * Stops the provider, removes the state, and closes the embedded AWS if the stack started it. Resources in an embedded
   * AWS that was given stay. A running operation is awaited first, for up to 5 seconds.
   */
  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  /** Closes the stack: see {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async closeAll(): Promise<void> {
    if (this.running) await Promise.race([this.running, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    await this.engine.close();
    if (this.ownsEmulator) await this.emulator.close();
  }

  /** Remembers the running operation. One that is started meanwhile fails by itself, since operations never overlap. */
  private async track(operation: Promise<OperationResult>): Promise<OperationResult> {
    if (this.running) return operation;
    this.running = operation.catch(() => undefined);
    try {
      return await operation;
    } finally {
      this.running = undefined;
    }
  }

  private async operate<O>(act: () => Promise<OperationResult>): Promise<TestResult<O>> {
    if (this.closed !== undefined) throw new Error("the stack is closed");
    this.text = "";
    const { outputs, ...result } = await this.track(act());
    const entries = Object.entries(outputs);
    return {
      ...result,
      changes: formatChanges(result.steps),
      outputs: Object.fromEntries(entries.map(([name, { value }]) => [name, withoutUnknowns(value)])) as O,
      secretOutputs: entries.filter(([, { secret }]) => secret).map(([name]) => name),
      text: this.text,
    };
  }
}

/**
 * Opens a stack on an embedded AWS. The program's resources are served by the real provider process, and topics, queues and
 * keys of `@pulumi/aws` by {@link awsStandIns}. It needs no account, no Pulumi CLI and no plugin, and uses no credentials
 * or settings of this machine: while an inline program runs, this process's environment is set to the embedded AWS. A call
 * that fails is made three times, so that tests of failures are fast (`env: { AWS_MAX_ATTEMPTS }`).
 *
 * Engine and AWS are test doubles: docs/offline-engine.md and docs/emulator.md list what they leave out.
 *
 * @throws RangeError when a fault or an account is not valid, or when `clock` or `accounts` are given together with
 * `emulator`
 *
 * @example
 * import { iam } from "pulumi-aws-approvals";
 * import { testStack } from "pulumi-aws-approvals/testing";
 *
 * test("the customer is asked", async () => {
 *   await using stack = await testStack({
 *     program: () => {
 *       const request = new iam.DelegationRequest("acme", {
 *         ownerAccountId: "222222222222",
 *         description: "Read the bucket list to set up backups",
 *         permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *         notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
 *         sessionDuration: 3600,
 *       });
 *       return { state: request.state };
 *     },
 *   });
 *   const { outputs } = await stack.up();
 *   expect(outputs.state).toBe("UNASSIGNED");
 * });
 */
export async function testStack<R>(options: TestStackOptions<R>): Promise<TestStack<OutputsOf<R>>> {
  const { clock, accounts } = options;
  const emulatorOptions = Object.entries({ clock, accounts }).flatMap(([name, value]) =>
    value ? [name] : [],
  );
  if (options.emulator !== undefined && emulatorOptions.length > 0)
    throw new RangeError(
      `${emulatorOptions.join(", ")}: pass it to startEmulator, because emulator is specified`,
    );
  const emulator = options.emulator ?? (await startOwnEmulator(options));
  let stack: TestStack<OutputsOf<R>> | undefined;
  try {
    stack = new TestStack<OutputsOf<R>>(options, emulator);
    stack.injectFaults(...(options.faults ?? []));
    return stack;
  } catch (error) {
    if (stack !== undefined) await stack.close();
    else if (options.emulator === undefined) await emulator.close();
    throw error;
  }
}

async function startOwnEmulator({
  clock,
  accounts,
}: Pick<TestEmulatorOptions, "clock" | "accounts">): Promise<TestEmulator> {
  const emulator = await startEmulator({ ...(clock && { clock }), ...(accounts && { accounts }) });
  // A test that forgets to close the stack must not keep the test runner waiting.
  emulator.unref();
  return emulator;
}

/** `AWS_ENDPOINT_URL_IAM` and the like, which take precedence over `AWS_ENDPOINT_URL`. */
const serviceEndpointVariables = () =>
  Object.keys(process.env).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));

/** Environment variables that lead every AWS client to the embedded AWS, and to nothing else. */
function environment({ endpoint }: TestEmulator, account: string, region: string): Record<string, string> {
  return {
    ...Object.fromEntries(serviceEndpointVariables().map((name) => [name, ""])),
    AWS_ENDPOINT_URL: endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "embedded",
    AWS_SESSION_TOKEN: "",
    AWS_REGION: region,
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    // A test of a call that fails every time would take minutes with the default.
    AWS_MAX_ATTEMPTS: "3",
    AWS_USE_FIPS_ENDPOINT: "false",
    AWS_USE_DUALSTACK_ENDPOINT: "false",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    // Type checking a project folder in every operation would make tests slow.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}
