// What the lives share in which members of approval teams vote while Pulumi runs with faults.

import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import type { Session } from "../../src/emulator";
import { type StackFault, type TestStack, testStack } from "../../src/testing";
import { AwsFixture, PARTNER, SECRET_KEY } from "./awsFixture";

/** Of the built package, which the program and its provider load. */
const { systemClock } = require("../../dist/clock") as typeof import("../../src/clock");

export type Operation = "preview" | "up" | "refresh" | "destroy";

export const PLAIN = { noNullPrototype: true };

const position = fc.integer({ min: 1, max: 3 });
const when = fc.constantFrom("before", "after");

/** Of calls of these operations, and of the engine. */
export const faultsOf = (operation: fc.Arbitrary<string>): fc.Arbitrary<StackFault> =>
  fc.oneof(
    fc.record({ operation, call: position, when, drop: fc.constant(true) }, PLAIN),
    fc.record({ operation, call: position, when, answer: fc.constantFrom(403, 429, 500) }, PLAIN),
    fc.record(
      { kill: fc.constant("engine"), step: position, when: fc.constantFrom("before", "after", "recorded") },
      PLAIN,
    ),
  ) as fc.Arbitrary<StackFault>;

export const runsOf = (operation: fc.Arbitrary<Operation>, fault: fc.Arbitrary<StackFault>) =>
  fc.record(
    { kind: fc.constant("run" as const), operation, faults: fc.array(fault, { maxLength: 1 }) },
    PLAIN,
  );

interface Opened {
  fixture: AwsFixture;
  stack: TestStack;
  program: { declare(): void };
}

export abstract class VotingLife {
  protected sequence = 0;
  protected readonly fixture: AwsFixture;
  protected readonly stack: TestStack;

  constructor({ fixture, stack, program }: Opened) {
    this.fixture = fixture;
    this.stack = stack;
    program.declare = () => this.declare();
  }

  static async open<Life extends VotingLife>(this: new (opened: Opened) => Life): Promise<Life> {
    // What is new and not shown is waited for; AWS's clock does not go on meanwhile.
    jest.spyOn(systemClock, "sleep").mockImplementation(() => setImmediate());
    const fixture = await AwsFixture.open();
    const program = { declare: () => {} };
    const stack = await testStack<unknown>({
      ...{ emulator: fixture.emulator, inlineProvider: true, parallel: 1 },
      env: { AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_MAX_ATTEMPTS: "1" },
      program: () => program.declare(),
    });
    return new this({ fixture, stack, program });
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.fixture.close();
    jest.restoreAllMocks();
  }

  /** The program. */
  protected abstract declare(): void;

  protected sessions = (): Session[] => [...this.fixture.emulator.store.sessions.values()];

  /** Everybody who has not voted in the session says no, until it has ended. */
  protected reject(session: Session): void {
    const hasVoted = (identityId: string) =>
      session.votes.every((vote) => vote.identityId !== identityId || vote.response !== "NO_RESPONSE");
    for (const { identityId } of session.votes)
      if (session.status === "PENDING" && !hasVoted(identityId))
        this.fixture.emulator.approver(identityId).vote(session.arn, "REJECT");
  }

  protected inject(faults: readonly StackFault[]): void {
    for (const one of faults)
      this.stack.injectFaults("operation" in one ? { ...one, account: PARTNER } : one);
  }

  /** Runs Pulumi. @returns what it failed with */
  protected operate(operation: Operation): Promise<Error | undefined> {
    const options = operation === "refresh" ? { clearPendingCreates: true } : {};
    return this.stack[operation](options).then(
      () => undefined,
      (failure: Error) => failure,
    );
  }
}
