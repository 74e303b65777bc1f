// What must hold after every operation of the random test, whatever has happened before: nothing is lost or duplicated,
// what another holds is left alone, no request is made again without a reason in the program, and no secret is shown.

import { iam } from "pulumi-aws-approvals";
import type { IdentitySource } from "../../src/emulator";
import { OWNER_TAG, parseOwner } from "../../src/resources/mpa/ownership";
import type { StackFault, Step, TestResource, TestResult, TestStack } from "../../src/testing";
import { type AwsFixture, CUSTOMER, SECRET_KEY } from "./awsFixture";
import { BACKENDS, type Backend, type Operation, type RequestDeclaration } from "./events";
import { integrityErrors } from "./integrity";
import { type RandomProgram, SECRET_PREFIX } from "./randomProgram";

/** The outcome of an operation. */
export interface Run {
  result: Pick<TestResult<unknown>, "steps" | "changes"> | undefined;
  error: Error | undefined;
  /** The faults that were injected into it. */
  injected: StackFault[];
  /** Whether AWS has shown no requests meanwhile. */
  hidesRequests: boolean;
}

interface Before {
  inSync: boolean;
  /** Whether an up finds an identity source that it may not take over. */
  conflict: boolean;
  resources: Map<string, TestResource>;
  calls: number;
  /** The one in AWS. */
  source:
    | (Pick<IdentitySource, "status" | "tags"> & { is: IdentitySource; held: boolean; mayTakeOver: boolean })
    | undefined;
}

export class RandomInvariants {
  /** All text that somebody could read: Pulumi's output, errors, and the log of the embedded AWS. */
  readonly output: string[] = [];
  private readonly exchangeTokens: string[] = [];
  private readonly createdIds = new Set<string>();
  private readonly recordedIds = new Set<string>();
  private earlierIds = new Set<string>();
  /** The highest possible number of creates whose answers were lost. */
  private lostAnswers = 0;
  /** Whether AWS may have an identity source of the stack that is in no state. */
  private sourceMayBeLost = false;

  constructor(
    private readonly fixture: AwsFixture,
    private readonly stacks: Record<Backend, TestStack>,
    private readonly program: RandomProgram,
  ) {}

  /** Starts a new life with empty stacks. */
  reset(): void {
    this.output.length = 0;
    this.lostAnswers = 0;
    this.sourceMayBeLost = false;
    this.createdIds.clear();
    this.recordedIds.clear();
    this.earlierIds = new Set(this.fixture.requests().map(({ id }) => id));
  }

  beforeRun(backend: Backend): Before {
    const remote = this.remoteSource();
    return {
      inSync: this.isSourceInSync(backend),
      conflict: this.hasConflict(backend),
      resources: new Map(this.resources(backend).map((resource) => [resource.name, resource])),
      calls: this.fixture.emulator.calls.length,
      source: remote && {
        ...{ is: remote, status: remote.status, tags: new Map(remote.tags) },
        mayTakeOver: this.mayTakeOver(remote),
        held: this.sourcesOf(backend).some((resource) => isHeldBy(remote, resource)),
      },
    };
  }

  /** `previewed`: the changes that a preview has just shown. */
  afterRun(
    backend: Backend,
    operation: Operation,
    before: Before,
    run: Run,
    previewed: string[] | undefined,
  ): void {
    const { error, result, injected } = run;
    this.countLostAnswers(injected);
    this.expectNothingLost();
    this.expectOthersLeftAlone(operation, before);
    this.expectNothingShared();
    this.expectStatesTrue(backend);
    if (operation === "preview") expect(this.fixture.emulator.calls.length).toBe(before.calls);
    if (injected.length === 0 && (before.inSync || operation !== "up")) {
      const conflict = operation === "up" && before.conflict;
      expect(error?.message ?? "").toMatch(conflict ? /already has an identity source/ : /^$/);
      if (operation === "refresh") this.expectRefreshed(backend, run.hidesRequests);
      if (operation === "up" && previewed && !conflict) expect(result?.changes).toEqual(previewed);
    }
    if (operation === "up" && error === undefined && before.inSync) this.expectSourceMarked(backend);
    this.expectResourcesKept(backend, operation, [...before.resources.keys()]);
    this.expectReasons(result?.steps ?? [], before.resources);
  }

  /** The requests in AWS that were made in this life. */
  requests() {
    return this.fixture.requests().filter(({ id }) => !this.earlierIds.has(id));
  }

  /** The identity source in a state, as the program names it now. */
  recordedSource(backend: Backend): TestResource | undefined {
    const names = this.program.namesOf("source");
    return this.resources(backend).find(({ name }) => names.includes(name));
  }

  /** Whether AWS has an identity source that an up with a state that has none may not take over. */
  hasConflict(backend: Backend): boolean {
    const remote = this.remoteSource();
    if (this.program.source === undefined || remote === undefined || remote.status === "DELETING")
      return false;
    return this.recordedSource(backend) === undefined && !this.mayTakeOver(remote);
  }

  /** Whether AWS has an identity source that is in no entry of a state. */
  hasUnheldSource(backend: Backend): boolean {
    const remote = this.remoteSource();
    return remote !== undefined && !this.sourcesOf(backend).some((resource) => isHeldBy(remote, resource));
  }

  /** Whether the program adopts the source, or it looks like a try of its own that a crash has interrupted. */
  private mayTakeOver({ instanceArn, tags }: IdentitySource): boolean {
    const { source } = this.program;
    const isOwnTry = tags.get(OWNER_TAG) === `project/dev::${this.program.resourceName("source")}`;
    return source !== undefined && instanceArn === this.program.instanceArn && (source.adopt || isOwnTry);
  }

  private remoteSource(): IdentitySource | undefined {
    return this.fixture.emulator.store.identitySources.values().next().value;
  }

  private resources(backend: Backend): TestResource[] {
    return this.stacks[backend].resources().filter(({ pending }) => pending === undefined);
  }

  /** All entries of a state, under former names too, and with those that are still to be deleted. */
  private sourcesOf(backend: Backend): TestResource[] {
    return this.stacks[backend].resources().filter(({ type }) => type.endsWith(":IdentitySource"));
  }

  private countLostAnswers(injected: StackFault[]): void {
    for (const fault of injected) {
      if ("kill" in fault || fault.meanwhile) {
        this.lostAnswers += this.program.requests.size;
        this.sourceMayBeLost = true;
      } else if (fault.when === "after") {
        this.lostAnswers++;
        this.sourceMayBeLost ||= /^mpa:(Create|Tag|\*)/.test(fault.operation);
      }
    }
  }

  /** Whatever AWS has created was recorded in a state, unless the answer was lost. */
  private expectNothingLost(): void {
    for (const { id } of this.requests()) this.createdIds.add(id);
    for (const stack of Object.values(this.stacks)) {
      for (const { id } of stack.exportState().deployment.resources ?? []) this.recordedIds.add(id ?? "");
    }
    const lost = [...this.createdIds].filter((id) => !this.recordedIds.has(id));
    expect(lost.length).toBeLessThanOrEqual(this.lostAnswers);
    const remote = this.remoteSource();
    // What others have made has no owner.
    if (remote?.tags.has(OWNER_TAG) && remote.status !== "DELETING" && !this.sourceMayBeLost) {
      const entries = BACKENDS.flatMap((backend) => this.sourcesOf(backend));
      expect(entries.some((resource) => isHeldBy(remote, resource))).toBe(true);
    }
  }

  /** A source that is not of the state stays as it is, unless the program takes it over: then it stays, with other tags. */
  private expectOthersLeftAlone(operation: Operation, { source }: Before): void {
    if (source === undefined || source.held || source.status === "DELETING") return;
    const remote = this.remoteSource();
    expect(remote).toBe(source.is);
    if (source.status === "ACTIVE") expect(remote?.status).toBe("ACTIVE");
    if (operation !== "up" || !source.mayTakeOver) expect(remote?.tags).toEqual(source.tags);
  }

  private expectNothingShared(): void {
    const ids = BACKENDS.flatMap((backend) => this.sourcesOf(backend)).flatMap(
      ({ outputs }) => outputs["ownershipId"] ?? [],
    );
    expect(ids).toEqual([...new Set(ids)]);
  }

  /** After an up, AWS names the state as the owner, and nobody else can take the source for theirs. */
  private expectSourceMarked(backend: Backend): void {
    if (this.program.source === undefined) return;
    const recorded = this.recordedSource(backend);
    const remote = this.remoteSource();
    expect(recorded?.outputs["ownershipId"]).toEqual(expect.any(String));
    expect(remote).toMatchObject({ status: "ACTIVE", instanceArn: this.program.instanceArn });
    expect(parseOwner(remote?.tags.get(OWNER_TAG))?.id).toBe(recorded?.outputs["ownershipId"]);
  }

  /** A request that is said to have vanished has expired, whatever AWS or a clock has said meanwhile. */
  private expectStatesTrue(backend: Backend): void {
    const { delegationRequests } = this.fixture.emulator.store;
    for (const { id, type, outputs } of this.resources(backend)) {
      if (!type.endsWith(":DelegationRequest") || outputs["state"] !== "VANISHED") continue;
      expect(delegationRequests.get(id)?.state ?? "EXPIRED").toBe("EXPIRED");
    }
  }

  /**
   * What the program still declares stays in the stack. A refresh keeps all requests, because it cannot see that one is
   * gone; an identity source it may remove.
   */
  private expectResourcesKept(backend: Backend, operation: Operation, namesBefore: string[]): void {
    if (operation === "destroy") return;
    const names = this.resources(backend).map(({ name }) => name);
    for (const name of namesBefore) {
      if (name.startsWith("source")) continue;
      const declared = this.program.requestNamed(name);
      if (operation === "refresh") expect(names).toContain(name);
      else if (declared) expect(this.program.namesOf(declared).some((one) => names.includes(one))).toBe(true);
    }
  }

  /** A request is made again only for a reason that the program gives; a new name is one, unless the old one is an alias. */
  private expectReasons(steps: Step[], before: Map<string, TestResource>): void {
    for (const { op, urn } of steps) {
      const name = urn.split("::").at(-1) ?? "";
      const declared = this.program.requestNamed(name);
      if (declared === undefined || !["create", "create-replacement"].includes(op)) continue;
      const old = this.program.namesOf(declared).flatMap((one) => before.get(one) ?? [])[0];
      const request = this.program.requests.get(declared);
      if (old === undefined || request === undefined) continue;
      expect({ name, reason: hasReasonToReplace(old, request) }).toEqual({ name, reason: true });
    }
  }

  /** Whether AWS has what the state has, if it has any. Otherwise an up may fail until a refresh. */
  private isSourceInSync(backend: Backend): boolean {
    const recorded = this.recordedSource(backend);
    const remote = this.remoteSource();
    return recorded === undefined || (remote !== undefined && isHeldBy(remote, recorded));
  }

  /** After a refresh, what is in the stack is in AWS as well, except for requests that have ended. */
  private expectRefreshed(backend: Backend, hidesRequests: boolean): void {
    expect(this.isSourceInSync(backend)).toBe(true);
    if (hidesRequests) return;
    const { delegationRequests } = this.fixture.emulator.store;
    for (const { id, type, outputs } of this.stacks[backend].resources()) {
      if (!type.endsWith(":DelegationRequest") || delegationRequests.has(id)) continue;
      expect(["ACCEPTED", "FINALIZED", "REJECTED", "EXPIRED", "LAPSED", "VANISHED"]).toContain(
        outputs["state"],
      );
    }
  }

  /** The stack and AWS have what the program declares, and nothing else. */
  expectConverged(backend: Backend): void {
    const { source, requests } = this.program;
    const stack = this.stacks[backend];
    const remote = this.remoteSource();
    if (source === undefined) expect(remote?.tags.has(OWNER_TAG) ?? false).toBe(false);
    else {
      this.expectSourceMarked(backend);
      const { unmanagedTags = [] } = this.recordedSource(backend)?.outputs ?? {};
      const managed = [...(remote?.tags ?? [])].filter(
        ([key]) => key !== OWNER_TAG && (key in source.tags || !(unmanagedTags as string[]).includes(key)),
      );
      expect(Object.fromEntries(managed)).toEqual(source.tags);
    }
    expect(stack.resources()).toHaveLength(requests.size + (source ? 1 : 0));
    for (const [name, { sessionDuration, hasOwner }] of requests) {
      const { id, outputs } = stack.resource(this.program.resourceName(name));
      expect(outputs).toMatchObject({ delegationRequestId: id, sessionDuration });
      const request = this.fixture.emulator.store.delegationRequests.get(id);
      if (request === undefined) continue;
      expect(request).toMatchObject({ sessionDuration, ...(hasOwner && { ownerAccountId: CUSTOMER }) });
    }
  }

  expectStatesIntact(): void {
    for (const stack of Object.values(this.stacks)) {
      const { deployment } = stack.exportState();
      expect(integrityErrors(deployment, [SECRET_KEY, SECRET_PREFIX])).toEqual([]);
    }
  }

  /** Neither the output nor a state shows a secret; the exchange tokens are those that arrived on the queue. */
  async expectNoSecretShown(queueUrl: string): Promise<void> {
    for (const body of await this.fixture.emulator.takeMessages(queueUrl)) {
      const message = iam.parseNotification(body);
      if (message.kind === "notification" && message.notification.type === "ExchangeToken")
        this.exchangeTokens.push(message.notification.exchangeToken.reveal());
    }
    const states = Object.values(this.stacks).map((stack) => JSON.stringify(stack.exportState()));
    const shown = [...this.output, ...states].join("\n");
    for (const secret of [SECRET_KEY, SECRET_PREFIX, ...this.exchangeTokens])
      expect(shown).not.toContain(secret);
  }
}

/** Whether the source in AWS is that of a state: the owner's id says so, and without one the time of its creation. */
function isHeldBy({ creationTime, tags }: IdentitySource, { outputs }: TestResource): boolean {
  const id = parseOwner(tags.get(OWNER_TAG))?.id;
  return id === undefined
    ? creationTime.toISOString() === (outputs["creationTime"] ?? creationTime.toISOString())
    : id === outputs["ownershipId"];
}

function hasReasonToReplace(
  { inputs, outputs }: TestResource,
  { sessionDuration, generation, hasOwner, renewWhen }: RequestDeclaration,
): boolean {
  return (
    inputs["sessionDuration"] !== sessionDuration ||
    inputs["generation"] !== generation ||
    (inputs["ownerAccountId"] === CUSTOMER) !== hasOwner ||
    (renewWhen as unknown[]).includes(outputs["state"])
  );
}
