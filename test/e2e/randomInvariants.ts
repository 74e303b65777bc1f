// What must hold after every operation of the random test, whatever has happened before: nothing is lost or duplicated,
// no request is made again without a reason in the program, and no secret is shown.

import { iam } from "pulumi-aws-approvals";
import type { StackFault, Step, TestResource, TestResult, TestStack } from "../../src/testing";
import { type AwsFixture, CUSTOMER, SECRET_KEY } from "./awsFixture";
import type { Operation, RequestDeclaration } from "./events";
import { integrityErrors } from "./integrity";
import { type RandomProgram, SECRET_PREFIX } from "./randomProgram";

/** The IAM Identity Center instance of a source that the stack did not create. */
export const FOREIGN_INSTANCE = "arn:aws:sso:::instance/ssoins-9999999999999999";

/** The outcome of an operation. */
export interface Run {
  result: Pick<TestResult<unknown>, "steps" | "changes"> | undefined;
  error: Error | undefined;
  /** The faults that were injected into it. */
  injected: StackFault[];
}

interface Before {
  inSync: boolean;
  resources: Map<string, TestResource>;
  calls: number;
}

export class RandomInvariants {
  /** All text that somebody could read: Pulumi's output, errors, and the log of the embedded AWS. */
  readonly output: string[] = [];
  /** Whether somebody else has replaced the identity source. */
  hasForeignSource = false;
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
    private readonly stack: TestStack,
    private readonly program: RandomProgram,
  ) {}

  /** Starts a new sequence of events with an empty stack. */
  reset(): void {
    this.output.length = 0;
    this.lostAnswers = 0;
    this.sourceMayBeLost = this.hasForeignSource = false;
    this.createdIds.clear();
    this.recordedIds.clear();
    this.earlierIds = new Set(this.fixture.requests().map(({ id }) => id));
  }

  beforeRun(): Before {
    return {
      inSync: this.isSourceInSync(),
      resources: new Map(this.resources().map((resource) => [resource.name, resource])),
      calls: this.fixture.emulator.calls.length,
    };
  }

  /** `previewed`: the changes that a preview has just shown. */
  afterRun(operation: Operation, before: Before, run: Run, previewed: string[] | undefined): void {
    const { error, result, injected } = run;
    this.countLostAnswers(injected);
    this.expectNothingLost();
    if (operation === "preview") expect(this.fixture.emulator.calls.length).toBe(before.calls);
    if (injected.length === 0 && (before.inSync || operation === "refresh" || operation === "preview")) {
      expect(error).toBeUndefined();
      if (operation === "refresh") this.expectRefreshed();
      if (operation === "up" && previewed) expect(result?.changes).toEqual(previewed);
    }
    this.expectResourcesKept(operation, [...before.resources.keys()]);
    this.expectReasons(result?.steps ?? [], before.resources);
  }

  /** The requests in AWS that were made in this sequence. */
  requests() {
    return this.fixture.requests().filter(({ id }) => !this.earlierIds.has(id));
  }

  recordedSource(): TestResource | undefined {
    return this.resources().find(({ name }) => name === this.program.sourceName);
  }

  private resources(): TestResource[] {
    return this.stack.resources().filter(({ pending }) => pending === undefined);
  }

  private countLostAnswers(injected: StackFault[]): void {
    for (const fault of injected) {
      if ("kill" in fault || fault.meanwhile) {
        this.lostAnswers += this.program.requests.size;
        this.sourceMayBeLost = true;
      } else if (fault.when === "after") {
        this.lostAnswers++;
        this.sourceMayBeLost ||= /^mpa:(Create|\*)/.test(fault.operation);
      }
    }
  }

  /** Whatever AWS has created was recorded in a state, unless the answer was lost. */
  private expectNothingLost(): void {
    for (const { id } of this.requests()) this.createdIds.add(id);
    for (const { id } of this.stack.exportState().deployment.resources ?? []) this.recordedIds.add(id ?? "");
    const lost = [...this.createdIds].filter((id) => !this.recordedIds.has(id));
    expect(lost.length).toBeLessThanOrEqual(this.lostAnswers);
    if (this.hasForeignSource)
      expect(this.fixture.sources()).toMatchObject([{ instanceArn: FOREIGN_INSTANCE }]);
    if (!this.sourceMayBeLost && !this.hasForeignSource && this.fixture.sources().length > 0) {
      expect(this.recordedSource()).toBeDefined();
    }
  }

  /**
   * What the program still declares stays in the stack. A refresh keeps all requests, because it cannot see that one is
   * gone; an identity source it may remove.
   */
  private expectResourcesKept(operation: Operation, namesBefore: string[]): void {
    if (operation === "destroy") return;
    const names = this.resources().map(({ name }) => name);
    for (const name of namesBefore) {
      const mustStay = operation === "refresh" ? !name.startsWith("source") : this.program.requestNamed(name);
      if (mustStay) expect(names).toContain(name);
    }
  }

  /** A request is made again only for a reason that the program gives. */
  private expectReasons(steps: Step[], before: Map<string, TestResource>): void {
    for (const { op, urn } of steps) {
      const name = urn.split("::").at(-1) ?? "";
      const declared = this.program.requestNamed(name);
      const old = before.get(name);
      if (old === undefined || declared === undefined || !["create", "create-replacement"].includes(op))
        continue;
      expect({ name, reason: hasReasonToReplace(old, declared) }).toEqual({ name, reason: true });
    }
  }

  /** Whether the state and AWS have the same identity source. Otherwise an up may fail until a refresh. */
  private isSourceInSync(): boolean {
    const [remote] = this.fixture.emulator.store.identitySources.values();
    const recorded = this.recordedSource();
    if (remote === undefined || recorded === undefined) return remote === recorded;
    return remote.creationTime.toISOString() === recorded.outputs["creationTime"];
  }

  /** After a refresh, what is in the stack is in AWS as well, except for requests that have ended. */
  private expectRefreshed(): void {
    const { delegationRequests } = this.fixture.emulator.store;
    for (const { id, type, outputs } of this.stack.resources()) {
      if (!type.endsWith(":DelegationRequest") || delegationRequests.has(id)) continue;
      expect(["ACCEPTED", "FINALIZED", "REJECTED", "EXPIRED", "VANISHED"]).toContain(outputs["state"]);
    }
    if (this.recordedSource() !== undefined) expect(this.isSourceInSync()).toBe(true);
  }

  /** The stack and AWS have what the program declares, and nothing else. */
  expectConverged(): void {
    const { source, instanceArn, requests } = this.program;
    const expected = source && { instanceArn, status: "ACTIVE", tags: source.tags };
    expect(this.fixture.sources()).toEqual(expected ? [{ region: "us-east-1", ...expected }] : []);
    expect(this.stack.resources()).toHaveLength(requests.size + (source ? 1 : 0));
    for (const [name, { sessionDuration, hasOwner }] of requests) {
      const { id, outputs } = this.stack.resource(this.program.resourceName(name));
      expect(outputs).toMatchObject({ delegationRequestId: id, sessionDuration });
      const request = this.fixture.emulator.store.delegationRequests.get(id);
      if (request === undefined) continue;
      expect(request).toMatchObject({ sessionDuration, ...(hasOwner && { ownerAccountId: CUSTOMER }) });
    }
  }

  expectStateIntact(): void {
    const { deployment } = this.stack.exportState();
    expect(integrityErrors(deployment, [SECRET_KEY, SECRET_PREFIX])).toEqual([]);
  }

  /** Neither the output nor the state shows a secret; the exchange tokens are those that arrived on the queue. */
  async expectNoSecretShown(queueUrl: string): Promise<void> {
    for (const body of await this.fixture.emulator.takeMessages(queueUrl)) {
      const message = iam.parseNotification(body);
      if (message.kind === "notification" && message.notification.type === "ExchangeToken")
        this.exchangeTokens.push(message.notification.exchangeToken.reveal());
    }
    const shown = this.output.join("\n") + JSON.stringify(this.stack.exportState());
    for (const secret of [SECRET_KEY, SECRET_PREFIX, ...this.exchangeTokens])
      expect(shown).not.toContain(secret);
  }
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
