import * as pulumi from "@pulumi/pulumi";
import { iam, mpa } from "pulumi-aws-approvals";
import {
  EngineKilledError,
  OperationFailedError,
  type StackFault,
  type Step,
  type TestResource,
  type TestResult,
  type TestStack,
  testStack,
} from "../../src/testing";
import type { Happening, Operation, RequestName, WantedRequest, WantedSource } from "./happenings";
import { flawsOf } from "./integrity";
import { openInbox } from "./people";
import { CUSTOMER, PARTNER, SECRET_KEY, World } from "./world";

const INSTANCES = {
  a: "arn:aws:sso:::instance/ssoins-aaaaaaaaaaaaaaaa",
  b: "arn:aws:sso:::instance/ssoins-bbbbbbbbbbbbbbbb",
};
const STRANGERS_INSTANCE = "arn:aws:sso:::instance/ssoins-9999999999999999";
/** A parameter's value that the program keeps secret. AWS is told it, and nobody else. */
const SECRET_PREFIX = "s3cr3t-pr3fix";

/** What an operation did. */
interface Run {
  result: Pick<TestResult<unknown>, "steps" | "changes"> | undefined;
  /** The faults that have struck meanwhile. */
  struck: StackFault[];
  error: Error | undefined;
}

/**
 * A stack to which anything may happen, in any order. After each happening it is checked that nothing is lost, nothing
 * there twice, nobody asked without a reason, and nothing secret told.
 */
export class RandomLife {
  private requests = new Map<RequestName, WantedRequest>();
  private source: WantedSource | undefined;
  /** AWS remembers idempotency tokens, so every life has names of its own. */
  private life = 0;
  private tokens: string[] = [];
  /** The requests that AWS has ever made, and those of them that a state has ever known. */
  private readonly made = new Set<string>();
  private readonly known = new Set<string>();
  /** The requests of earlier lives. */
  private earlier = new Set<string>();
  /** How many answers to a create may have been lost. */
  private lostAnswers = 0;
  /** Whether AWS may have an identity source of ours that no state knows. */
  private sourceMayBeLost = false;
  private strangersSource = false;
  private previewed: string[] | undefined;

  private constructor(
    private readonly world: World,
    private readonly inbox: Awaited<ReturnType<typeof openInbox>>,
    private readonly stack: TestStack,
    /** All that anybody could read: what Pulumi prints, errors, and the log of the embedded AWS. */
    private readonly heard: string[],
  ) {}

  static async open(): Promise<RandomLife> {
    const heard: string[] = [];
    const hear = (text: string) => void heard.push(text);
    const world = await World.open({ log: hear });
    const inbox = await openInbox(world.emulator.endpoint, PARTNER);
    const stack = await testStack<unknown>({
      emulator: world.emulator,
      // Else the SDK's own retries would make most of what goes wrong good.
      env: { AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_MAX_ATTEMPTS: "1" },
      program: () => life.declare(),
      onOutput: hear,
    });
    const life: RandomLife = new RandomLife(world, inbox, stack, heard);
    return life;
  }

  async close(): Promise<void> {
    await this.inbox.close();
    await this.stack.close();
    await this.world.close();
  }

  /** An empty program, on an empty account. */
  begin(): void {
    this.life++;
    this.requests = new Map();
    this.source = undefined;
    this.heard.length = 0;
    this.lostAnswers = 0;
    this.sourceMayBeLost = this.strangersSource = false;
    this.previewed = undefined;
    this.made.clear();
    this.known.clear();
    this.earlier = new Set(this.world.requests().map(({ id }) => id));
  }

  async meet(happening: Happening): Promise<void> {
    if (happening.kind !== "run") this.previewed = undefined;
    switch (happening.kind) {
      case "ask":
        this.requests.set(happening.name, happening.request);
        break;
      case "drop":
        this.requests.delete(happening.name);
        break;
      case "connect":
        this.source = happening.source;
        break;
      case "disconnect":
        this.source = undefined;
        break;
      case "people":
        await this.letPeople(happening.act, happening.nth);
        break;
      case "time":
        this.world.clock.advance(happening.passes);
        break;
      case "stranger":
        await this.letStranger(happening.act);
        break;
      case "run":
        // Only the stack's own calls fail: strangers and customers are not what is tried here.
        for (const fault of happening.faults)
          this.stack.injectFaults("operation" in fault ? { ...fault, account: PARTNER } : fault);
        await this.run(happening.operation);
        this.stack.clearFaults();
        break;
    }
  }

  /** Nothing more goes wrong: the next refresh and up bring about what the program wants, and destroy ends it all. */
  async end(): Promise<void> {
    this.previewed = undefined;
    await this.mustRun("refresh");
    const [theirs] = this.world.sources();
    // A death between the owner's id and its record leaves a source that is nobody's for sure.
    const isMarked = this.world.ownershipIds().length > 0;
    if (theirs && this.recordedSource() === undefined && (isMarked || theirs.instanceArn !== this.instance)) {
      await this.expectToBeInTheWay();
    }
    await this.converge();
    expect(flawsOf(this.stack.exportState().deployment, [SECRET_KEY, SECRET_PREFIX])).toEqual([]);
    await this.expectNothingTold();

    // What nobody has claimed lapses.
    this.world.clock.advance("25h");
    await this.letStranger("replace source");
    await this.mustRun("refresh");
    if (this.source) await this.expectToBeInTheWay();
    await this.converge();

    await this.letStranger("replace source");
    await this.mustRun("destroy");
    expect(this.stack.resources()).toEqual([]);
    expect(this.world.sources()).toHaveLength(this.source ? 1 : 0);
    if (this.source) await this.removeSource();
  }

  private async converge(): Promise<void> {
    await this.mustRun("up");
    expect((await this.mustRun("preview")).changes).toEqual([]);
    this.expectWhatIsWanted();
  }

  /** An account can have one identity source, and it is not ours: an up says so and leaves it, until somebody removes it. */
  private async expectToBeInTheWay(): Promise<void> {
    const { error } = await this.run("up");
    expect(error?.message ?? "").toMatch(this.source ? /has an identity source already/ : /^$/);
    expect(this.world.sources()).toHaveLength(1);
    await this.removeSource();
  }

  private declare(): void {
    const { source } = this;
    const it =
      source &&
      new mpa.IdentitySource(this.named("source"), {
        iamIdentityCenter: { instanceArn: INSTANCES[source.instance], region: "us-east-1" },
        tags: source.tags,
      });
    for (const [name, request] of this.requests) {
      const { sessionDuration, renewWhen, generation, named, after } = request;
      new iam.DelegationRequest(
        this.named(name),
        {
          ...{ sessionDuration, renewWhen, generation },
          ...(named && { ownerAccountId: CUSTOMER }),
          description: "Read the list of buckets",
          permissions: {
            policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
            parameters: [{ name: "prefix", type: "string", values: [pulumi.secret(SECRET_PREFIX)] }],
          },
          notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
        },
        { dependsOn: after && it ? [it] : [] },
      );
    }
  }

  private get instance(): string | undefined {
    return this.source && INSTANCES[this.source.instance];
  }

  private named(name: string): string {
    return `${name}-${this.life}`;
  }

  private wants(name: string): WantedRequest | undefined {
    return this.requests.get(name.replace(/-\d+$/, "") as RequestName);
  }

  /** What somebody at the customer's does with one of the requests; AWS may refuse it. */
  private async letPeople(act: "claim" | "approve" | "reject" | "letVendorRead", nth: number): Promise<void> {
    const requests = this.ofThisLife();
    const { id } = requests[nth % requests.length] ?? {};
    if (id === undefined) return;
    const customer = this.world.emulator.customer(CUSTOMER);
    await Promise.resolve(customer[act](id)).catch((error: unknown) => {
      expect(error).toMatchObject({ status: expect.any(Number) });
    });
  }

  private ofThisLife() {
    return this.world.requests().filter(({ id }) => !this.earlier.has(id));
  }

  private async letStranger(act: "delete source" | "tag source" | "replace source"): Promise<void> {
    if (this.world.sources().length === 0) return;
    if (act === "tag source") {
      await this.world.tagSource({ team: "stranger" });
      return;
    }
    await this.removeSource();
    if (act === "replace source") {
      // The time of its creation is what tells it from ours.
      this.world.clock.advance("1m");
      await this.world.createSource(STRANGERS_INSTANCE);
      this.strangersSource = true;
    }
  }

  private async removeSource(): Promise<void> {
    await this.world.deleteSource();
    this.strangersSource = false;
  }

  private async mustRun(operation: Operation) {
    const { error, result } = await this.run(operation);
    if (error !== undefined || result === undefined) throw error ?? new Error(`${operation}: no result`);
    return result;
  }

  private async run(operation: Operation): Promise<Run> {
    this.world.clock.advance("2s");
    const agreed = this.agrees();
    const before = new Map(this.living().map((resource) => [resource.name, resource]));
    const calls = this.world.emulator.calls.length;
    const run = await this.operate(operation);
    const { error, result, struck } = run;
    this.takeStock(struck);
    if (operation === "preview") expect(this.world.emulator.calls.length).toBe(calls);
    if (struck.length === 0 && (agreed || operation === "refresh" || operation === "preview")) {
      expect(error).toBeUndefined();
      if (operation === "refresh") this.expectSeen();
      if (operation === "up" && this.previewed) expect(result?.changes).toEqual(this.previewed);
    }
    this.previewed = operation === "preview" && error === undefined ? result?.changes : undefined;
    this.expectNoneForgotten(operation, [...before.keys()]);
    this.expectReasons(result?.steps ?? [], before);
    return run;
  }

  private async operate(operation: Operation): Promise<Run> {
    const planned = this.stack.pendingFaults();
    const options = operation === "refresh" ? { clearPendingCreates: true } : {};
    const run = await this.stack[operation](options).then(
      (result) => ({ result, error: undefined }),
      (error: Error) => ({
        result: error instanceof OperationFailedError ? { ...error.result, changes: [] } : undefined,
        error,
      }),
    );
    this.heard.push(String(run.error ?? ""));
    const pending = this.stack.pendingFaults();
    const struck = planned.filter((fault) => !pending.includes(fault));
    const killed = struck.some((fault) => "kill" in fault && fault.kill === "engine");
    expect(run.error instanceof EngineKilledError).toBe(killed);
    return { ...run, struck };
  }

  /** What the program goes on wanting stays, and so does what a refresh cannot see of a request. A source may have gone. */
  private expectNoneForgotten(operation: Operation, before: string[]): void {
    if (operation === "destroy") return;
    const now = this.living().map(({ name }) => name);
    for (const name of before) {
      if (operation === "refresh" ? !name.startsWith("source") : this.wants(name))
        expect(now).toContain(name);
    }
  }

  /** Nobody is asked once more without a reason that the program gives. */
  private expectReasons(steps: Step[], before: Map<string, TestResource>): void {
    for (const { op, urn } of steps) {
      const name = urn.split("::").at(-1) ?? "";
      const wanted = this.wants(name);
      const old = before.get(name);
      if (old === undefined || wanted === undefined || !["create", "create-replacement"].includes(op))
        continue;
      expect({ name, reason: reasonToAskAgain(old, wanted) }).toEqual({ name, reason: true });
    }
  }

  /** What AWS has made, the stack knows, but for answers that were lost. */
  private takeStock(struck: StackFault[]): void {
    for (const { id } of this.ofThisLife()) this.made.add(id);
    for (const { id } of this.stack.exportState().deployment.resources ?? []) this.known.add(id ?? "");
    for (const fault of struck) {
      if ("kill" in fault || fault.meanwhile) {
        this.lostAnswers += this.requests.size;
        this.sourceMayBeLost = true;
      } else if (fault.when === "after") {
        this.lostAnswers++;
        this.sourceMayBeLost ||= /^mpa:(Create|\*)/.test(fault.operation);
      }
    }
    const lost = [...this.made].filter((id) => !this.known.has(id));
    expect(lost.length).toBeLessThanOrEqual(this.lostAnswers);
    if (this.strangersSource)
      expect(this.world.sources()).toMatchObject([{ instanceArn: STRANGERS_INSTANCE }]);
    if (!this.sourceMayBeLost && !this.strangersSource && this.world.sources().length > 0) {
      expect(this.recordedSource()).toBeDefined();
    }
  }

  private recordedSource() {
    return this.living().find(({ name }) => name === this.named("source"));
  }

  private living() {
    return this.stack.resources().filter(({ pending }) => pending === undefined);
  }

  /** Whether the stack and AWS are of one mind about the identity source: else an up may need a refresh before it. */
  private agrees(): boolean {
    const [theirs] = this.world.emulator.store.identitySources.values();
    const ours = this.recordedSource();
    if (theirs === undefined || ours === undefined) return theirs === ours;
    return theirs.creationTime.toISOString() === ours.outputs["creationTime"];
  }

  /** After a refresh the stack holds nothing that AWS does not have, but for requests that are over. */
  private expectSeen(): void {
    const { delegationRequests } = this.world.emulator.store;
    for (const { id, type, outputs } of this.stack.resources()) {
      if (!type.endsWith(":DelegationRequest") || delegationRequests.has(id)) continue;
      expect(["ACCEPTED", "FINALIZED", "REJECTED", "EXPIRED", "VANISHED"]).toContain(outputs["state"]);
    }
    if (this.recordedSource() !== undefined) expect(this.agrees()).toBe(true);
  }

  private expectWhatIsWanted(): void {
    const tags = this.source?.tags;
    const wanted = this.source && { instanceArn: this.instance, status: "ACTIVE", tags };
    expect(this.world.sources()).toEqual(wanted ? [{ region: "us-east-1", ...wanted }] : []);
    const there = this.stack.resources();
    expect(there).toHaveLength(this.requests.size + (this.source ? 1 : 0));
    for (const [name, { sessionDuration, named }] of this.requests) {
      const { id, outputs } = this.stack.resource(this.named(name));
      expect(outputs).toMatchObject({ delegationRequestId: id, sessionDuration });
      const request = this.world.emulator.store.delegationRequests.get(id);
      if (request === undefined) continue;
      expect(request).toMatchObject({ sessionDuration, ...(named && { ownerAccountId: CUSTOMER }) });
    }
  }

  private async expectNothingTold(): Promise<void> {
    const queue = this.inbox.queueUrl;
    for (const body of await this.world.emulator.takeMessages(queue)) {
      const message = iam.parseNotification(body);
      if (message.kind === "notification" && message.notification.type === "ExchangeToken")
        this.tokens.push(message.notification.exchangeToken.reveal());
    }
    const all = this.heard.join("\n") + JSON.stringify(this.stack.exportState());
    for (const secret of [SECRET_KEY, SECRET_PREFIX, ...this.tokens]) expect(all).not.toContain(secret);
  }
}

function reasonToAskAgain(
  { inputs, outputs }: TestResource,
  { sessionDuration, generation, named, renewWhen }: WantedRequest,
): boolean {
  return (
    inputs["sessionDuration"] !== sessionDuration ||
    inputs["generation"] !== generation ||
    (inputs["ownerAccountId"] === CUSTOMER) !== named ||
    (renewWhen as unknown[]).includes(outputs["state"])
  );
}
