// What the tests must know of a resource to run it through its lifecycle. `scenarios.ts` has one for each resource;
// lifecycle.test.ts, crash.test.ts and faults.test.ts run them.

import type { ResourceDeclaration } from "../../src/declaration/properties";
import type { AwsFixture } from "./awsFixture";

/** One set of arguments: how a program declares the resource with it, and how AWS shows the resource then. */
export interface Variant {
  inputs: object;
  declare(name: string, extraInputs?: object): object;
  expected: unknown;
}

/** Makes variants of one resource, so that nothing else needs to know the type of its arguments. */
export function variantsOf<Args extends object>(
  declare: (args: Args, name: string) => object,
  expected: (args: Args) => unknown,
): (inputs: Args) => Variant {
  return (inputs) => ({
    inputs,
    declare: (name, extraInputs = {}) => declare({ ...inputs, ...extraInputs }, name),
    expected: expected(inputs),
  });
}

/** A change made outside of Pulumi, what a refresh shows of it, and what the next up does about it. */
export interface OutsideChange {
  title: string;
  make(fixture: AwsFixture): Promise<unknown>;
  refresh: string[];
  up: string[];
  /** What preview and up say of whom the correction asks, once each. */
  asks?: string;
}

export interface Scenario {
  title: string;
  declaration: ResourceDeclaration;
  initial: Variant;
  /** Differs from `initial` in what can be updated in place. */
  updated: Variant;
  /** What preview and up say of whom the update asks, once each. */
  updateAsks?: string;
  /** Differs from `updated` in what requires a replacement. A resource of which there is one at most has none. */
  replacement?: {
    variant: Variant;
    steps: string[];
    /** The properties that require it. */
    keys: string[];
    /** What preview and up say of whom it asks, once each. */
    asks?: string;
  };
  /** Makes what the resource needs in an empty account, and what people do by themselves. */
  arrange?(fixture: AwsFixture): Promise<void>;
  /** Every resource of this kind in AWS, oldest first, as other clients of AWS see it. */
  findAll(fixture: AwsFixture): Promise<unknown[]>;
  /** Their ids, in the same order. */
  remoteIds(fixture: AwsFixture): string[];
  /** What deleting does: AWS has no operation to delete a request, so that is only forgotten. */
  deletion: "deletes" | "forgets";
  /** Members of a team vote on its creation, and not on its changes. */
  asksToCreate?: true;
  outsideChanges: OutsideChange[];
  /** Requires a replacement, or else an update, which fails between `begin` and `end`. */
  failure: {
    variant: Variant;
    begin(fixture: AwsFixture): void;
    end(fixture: AwsFixture): void;
    error: RegExp;
  };
}
