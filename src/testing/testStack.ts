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
  type ProjectFolder,
  type RefreshOperationOptions,
  type StackOptions,
  type StandIn,
} from "../engine";
import { checkAccount } from "./customer";
import { EngineKills, type PlannedFault, type ProviderKill, type StackFault } from "./faults";
import { changesOf, isOfTheProgram, type TestResource, testResourcesOf, withoutUnknowns } from "./resources";
import { awsStandIns } from "./standIns";
import { startEmulator, type TestEmulator, type TestEmulatorOptions } from "./startEmulator";

/** The account of the vendor when nothing names another. */
export const VENDOR_ACCOUNT = "000000000000";

/** How long an operation that is under way may take to end when its stack is closed. */
const GRACE_MS = 5_000;

/** Options of {@link testStack}. `R` is what the program returns. */
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
   * The program: a function whose result are the stack's outputs, called anew by every operation, or the folder of a
   * Pulumi project, which runs as a process of its own. Modules are loaded once, so a program must declare its resources
   * when it is called, not when it is imported.
   */
  program: (() => R) | ProjectFolder;
  /** The embedded AWS to use; it stays open. Default: one of its own, which `close` closes. */
  emulator?: TestEmulator;
  /** The clock of an embedded AWS of its own. Default: the system's. */
  clock?: Clock;
  /** Of an embedded AWS of its own: see {@link TestEmulatorOptions}. */
  accounts?: TestEmulatorOptions["accounts"];
  /** What is to go wrong, in the calls to the embedded AWS and with the stack's own processes. */
  faults?: readonly StackFault[];
  /** The account that the stack is deployed to: the vendor. Default: 000000000000. */
  account?: string;
  /** Default: us-east-1. */
  region?: string;
}

/** A stack's outputs as values, by what its program returns; of a project folder they are unknown. */
export type OutputsOf<R> = unknown extends R
  ? Record<string, unknown>
  : Awaited<R> extends object
    ? Unwrap<Awaited<R>>
    : Record<string, never>;

/** What an operation did, or in a preview would do. */
export interface TestResult<Outputs> extends Omit<OperationResult, "outputs"> {
  /**
   * Each resource that does not stay as it is, as `operation Type name`, sorted: `create DelegationRequest acme`. The
   * halves of a replacement are told in `steps` only, and providers and the stack itself are left out.
   */
  changes: string[];
  /** The stack's outputs, decrypted. What a preview does not know yet is undefined. */
  outputs: Outputs;
  /** The names of the outputs that are secret. */
  secretOutputs: string[];
  /** What the Pulumi CLI would print. */
  text: string;
}

/** A stack under test. `await using` closes it however the test ends. */
export class TestStack<Outputs = Record<string, unknown>> implements AsyncDisposable {
  private readonly standIns: StandIn[];
  private readonly config: NonNullable<StackOptions["config"]>;
  private readonly engine: OfflineStack;
  private readonly kills = new EngineKills();
  /** By the faults that they are to the embedded AWS. */
  private readonly providerKills = new WeakMap<PlannedFault, ProviderKill>();
  private text = "";
  private readonly account: string;
  private readonly inlineProvider: boolean;
  private readonly ownsEmulator: boolean;
  private underWay: Promise<unknown> | undefined;
  private closed: Promise<void> | undefined;

  /** @internal use {@link testStack} */
  constructor(
    options: TestStackOptions<unknown>,
    /** The embedded AWS that it is deployed to. */
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
      intercept: (step) => (isOfTheProgram(step) ? this.kills.strike(step) : undefined),
      onOutput: (text) => {
        this.text += text;
        onOutput?.(text);
      },
    });
  }

  /**
   * What `up` would do. Nothing is changed.
   * @throws OperationFailedError as the other operations do; its `result` is what happened until then
   */
  preview(options: OperationOptions = {}): Promise<TestResult<Partial<Outputs>>> {
    return this.operate(() => this.engine.preview(options));
  }

  /** Brings AWS to what the program declares. */
  up(options: OperationOptions = {}): Promise<TestResult<Outputs>> {
    return this.operate(() => this.engine.up(options));
  }

  /** Looks at what has become of the resources. */
  refresh(options: RefreshOperationOptions = {}): Promise<TestResult<Outputs>> {
    return this.operate(() => this.engine.refresh(options));
  }

  /** Deletes all that the stack has made. */
  destroy(options: OperationOptions = {}): Promise<TestResult<Partial<Outputs>>> {
    return this.operate(() => this.engine.destroy(options));
  }

  /** The outputs of the last `up`, decrypted: a refresh changes resources, not what the program made of them. */
  outputs(): Outputs {
    const entries = Object.entries(this.engine.outputs()).map(([name, { value }]) => [name, value]);
    return Object.fromEntries(entries) as Outputs;
  }

  /** What the stack holds, decrypted: components and resources, without providers and the stack itself. */
  resources(): TestResource[] {
    return testResourcesOf(this.engine.resources());
  }

  /**
   * The one resource of that name, and of that type when several have the name: `DelegationRequest`, or the whole type
   * token. What a replacement has left over does not count.
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
    const there = named.map((one) => one.type).join(", ");
    const label = type === undefined ? name : `${type} ${name}`;
    throw new RangeError(
      found.length > 1
        ? `${label}: there are ${found.length}, of types ${there}`
        : this.underWay
          ? `there is no ${label} in the stack yet: an operation is under way, await it`
          : `there is no ${label} in the stack${there && `; of that name there are ${there}`}`,
    );
  }

  /**
   * Plays a resource type whose plugin is not there, in place of one that was registered before. Without `create` a
   * resource gets its name as id, and its inputs as outputs.
   *
   * @example
   * stack.registerStandIn("aws:s3/bucket:Bucket", {
   *   create: (inputs, { name }) => ({ id: name, outs: { ...inputs, arn: `arn:aws:s3:::${name}` } }),
   * });
   */
  registerStandIn(type: string, standIn: Partial<Omit<StandIn, "type">> = {}): void {
    this.standIns.unshift({ create: (_, { name }) => ({ id: name }), ...standIn, type });
  }

  /**
   * Plans what is to go wrong from now on: faults of calls, by whomever they are made, and the end of this stack's own
   * processes.
   * @throws RangeError when a fault says what cannot be
   */
  fail(...faults: StackFault[]): void {
    for (const fault of faults) {
      if (fault.kill === undefined) this.emulator.fail(fault);
      else if (fault.kill === "engine") this.kills.add(fault);
      else if (this.inlineProvider) throw new RangeError("kill: an inline provider has no process to kill");
      else {
        const { kill, ...call } = { account: this.account, ...fault };
        const death = { ...call, meanwhile: () => this.engine.killProviders(), drop: true } as const;
        this.providerKills.set(death, fault);
        this.emulator.fail(death);
      }
    }
  }

  /** What is planned and has not struck yet, of the embedded AWS and of this stack. What strikes every time stays for ever. */
  pendingFaults(): readonly StackFault[] {
    const ofCalls = this.emulator.pendingFaults().map((fault) => this.providerKills.get(fault) ?? fault);
    return [...ofCalls, ...this.kills.pending];
  }

  /**
   * Forgets what is planned, of this stack and of the embedded AWS, whoever of its stacks planned it: from now on nothing
   * goes wrong.
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
   * Ends the provider, removes the state, and closes an embedded AWS of its own. What was made in another one stays. An
   * operation that nobody has awaited ends first, if it does so within 5 seconds.
   */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async end(): Promise<void> {
    if (this.underWay) await Promise.race([this.underWay, delay(GRACE_MS, undefined, { ref: false })]);
    await this.engine.close();
    if (this.ownsEmulator) await this.emulator.close();
  }

  /** The operations of a stack never overlap: what begins while another is under way has failed already. */
  private async during(operation: Promise<OperationResult>): Promise<OperationResult> {
    if (this.underWay) return operation;
    this.underWay = operation.catch(() => undefined);
    try {
      return await operation;
    } finally {
      this.underWay = undefined;
    }
  }

  private async operate<O>(act: () => Promise<OperationResult>): Promise<TestResult<O>> {
    if (this.closed !== undefined) throw new Error("the stack is closed");
    this.text = "";
    const { outputs, ...result } = await this.during(act());
    const entries = Object.entries(outputs);
    return {
      ...result,
      changes: changesOf(result.steps),
      outputs: Object.fromEntries(entries.map(([name, { value }]) => [name, withoutUnknowns(value)])) as O,
      secretOutputs: entries.filter(([, { secret }]) => secret).map(([name]) => name),
      text: this.text,
    };
  }
}

/**
 * Opens a stack on an embedded AWS, with the program's resources served by the real provider process, and the topics,
 * queues and keys of `@pulumi/aws` by {@link awsStandIns}. No account, no Pulumi CLI and no plugin is needed, and no
 * credentials or settings of this machine are used: while an inline program runs, this process's environment names the
 * embedded AWS.
 *
 * A test double, of the engine and of AWS: docs/offline-engine.md and docs/emulator.md say what they leave out.
 *
 * @throws RangeError when a fault or an account says what cannot be, or when options of an embedded AWS of its own come with `emulator`
 *
 * @example
 * await using stack = await testStack({
 *   program: () => {
 *     const request = new iam.DelegationRequest("acme", { ... });
 *     return { link: request.consoleDeepLink };
 *   },
 * });
 * const { outputs } = await stack.up();
 */
export async function testStack<R>(options: TestStackOptions<R>): Promise<TestStack<OutputsOf<R>>> {
  const { clock, accounts } = options;
  const notIts = Object.entries({ clock, accounts }).flatMap(([name, value]) => (value ? [name] : []));
  if (options.emulator !== undefined && notIts.length > 0)
    throw new RangeError(`${notIts.join(", ")}: give it to startEmulator, since emulator is given`);
  const emulator = options.emulator ?? (await ownEmulator(options));
  let stack: TestStack<OutputsOf<R>> | undefined;
  try {
    stack = new TestStack<OutputsOf<R>>(options, emulator);
    stack.fail(...(options.faults ?? []));
    return stack;
  } catch (error) {
    if (stack !== undefined) await stack.close();
    else if (options.emulator === undefined) await emulator.close();
    throw error;
  }
}

async function ownEmulator({
  clock,
  accounts,
}: Pick<TestEmulatorOptions, "clock" | "accounts">): Promise<TestEmulator> {
  const emulator = await startEmulator({ ...(clock && { clock }), ...(accounts && { accounts }) });
  // A test that forgets to close the stack must not keep the test runner waiting.
  emulator.unref();
  return emulator;
}

/** `AWS_ENDPOINT_URL_IAM` and the like, which come before `AWS_ENDPOINT_URL`. */
const endpointsOfServices = () =>
  Object.keys(process.env).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));

/** The environment of a user who works on the embedded AWS, and has no other. */
function environment({ endpoint }: TestEmulator, account: string, region: string): Record<string, string> {
  return {
    ...Object.fromEntries(endpointsOfServices().map((name) => [name, ""])),
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
    AWS_USE_FIPS_ENDPOINT: "false",
    AWS_USE_DUALSTACK_ENDPOINT: "false",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    // A project folder's types are for tsc to check, not for every operation of a test.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}
