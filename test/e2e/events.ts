// Generates the events of the random test: edits of the program, actions in AWS, the passing of time, and operations of
// Pulumi with faults injected into them.

import fc from "fast-check";
import type { StackFault } from "../../src/testing";

/** How the program declares a delegation request. */
export interface RequestDeclaration {
  sessionDuration: number;
  renewWhen: ("EXPIRED" | "REJECTED" | "VANISHED")[];
  generation: number;
  /** Whether it gives the customer's account as the owner. */
  hasOwner: boolean;
  /** Whether it depends on the identity source, if the program declares one. */
  dependsOnSource: boolean;
}

/** How the program declares the identity source. */
export interface SourceDeclaration {
  instance: "a" | "b";
  tags: Record<string, string>;
}

export const REQUESTS = ["acme", "globex"] as const;
export type RequestName = (typeof REQUESTS)[number];

export type Operation = "preview" | "up" | "refresh" | "destroy";
export type CustomerAction = "claim" | "approve" | "reject" | "letVendorRead";
/** What somebody does to the identity source outside of Pulumi. */
export type OutsideAction = "delete source" | "tag source" | "replace source";

export type Event =
  | { kind: "declare request"; name: RequestName; request: RequestDeclaration }
  | { kind: "remove request"; name: RequestName }
  | { kind: "declare source"; source: SourceDeclaration }
  | { kind: "remove source" }
  | { kind: "customer"; action: CustomerAction; nth: number }
  | { kind: "time"; passes: string }
  | { kind: "outside"; action: OutsideAction }
  | { kind: "run"; operation: Operation; faults: StackFault[] };

const PLAIN = { noNullPrototype: true };
// Programs pass plain objects, but by default the records of fast-check have no prototype.
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(model, PLAIN);

const request: fc.Arbitrary<RequestDeclaration> = record({
  sessionDuration: fc.constantFrom(3600, 7200),
  renewWhen: fc.subarray(["EXPIRED", "REJECTED", "VANISHED"]),
  generation: fc.constantFrom(1, 2),
  hasOwner: fc.boolean(),
  dependsOnSource: fc.boolean(),
});

const source: fc.Arbitrary<SourceDeclaration> = record({
  instance: fc.constantFrom("a", "a", "b"),
  tags: fc.dictionary(fc.constantFrom("team", "cost"), fc.constantFrom("1", "2"), PLAIN),
});

const when = fc.constantFrom("before", "after");
const call = fc.integer({ min: 1, max: 3 });
const operation = fc.constantFrom(
  ...["iam:CreateDelegationRequest", "iam:GetDelegationRequest", "iam:*"],
  ...[
    "mpa:CreateIdentitySource",
    "mpa:GetIdentitySource",
    "mpa:DeleteIdentitySource",
    "mpa:TagResource",
    "mpa:*",
  ],
);
const fault: fc.Arbitrary<StackFault> = fc.oneof(
  record({ operation, call, when, drop: fc.constant(true) }),
  record({ operation, call, when, answer: fc.constantFrom(402, 403, 429, 500, 503) }),
  record({ kill: fc.constant("provider"), operation, call, when }),
  record({
    ...{ kill: fc.constant("engine"), step: call },
    when: fc.constantFrom("before", "after", "recorded"),
  }),
);

const declareRequest = record({
  kind: fc.constant("declare request"),
  name: fc.constantFrom(...REQUESTS),
  request,
});
const removeRequest = record({ kind: fc.constant("remove request"), name: fc.constantFrom(...REQUESTS) });
const declareSource = record({ kind: fc.constant("declare source"), source });
const removeSource = record({ kind: fc.constant("remove source") });
const customer = record({
  kind: fc.constant("customer"),
  action: fc.constantFrom("claim", "approve", "reject", "letVendorRead"),
  nth: fc.nat({ max: 3 }),
});
const time = record({ kind: fc.constant("time"), passes: fc.constantFrom("1h", "25h", "25h", "8d") });
const outside = record({
  kind: fc.constant("outside"),
  action: fc.constantFrom("delete source", "tag source", "replace source"),
});
const run = record({
  kind: fc.constant("run"),
  operation: fc.constantFrom("up", "up", "up", "up", "preview", "refresh", "refresh", "destroy"),
  faults: fc.array(fault, { maxLength: 2, size: "max" }),
});

/** A sequence begins with a program that is not empty; after that, half of the events are operations of Pulumi. */
export const events: fc.Arbitrary<Event[]> = fc
  .tuple(
    fc.array(fc.oneof(declareRequest, declareSource), { minLength: 1, maxLength: 3, size: "max" }),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: declareRequest },
        { weight: 3, arbitrary: declareSource },
        { weight: 1, arbitrary: removeRequest },
        { weight: 1, arbitrary: removeSource },
        { weight: 3, arbitrary: customer },
        { weight: 2, arbitrary: time },
        { weight: 3, arbitrary: outside },
        { weight: 16, arbitrary: run },
      ),
      { minLength: 4, maxLength: 14, size: "max" },
    ),
  )
  .map(([program, rest]) => [...program, ...rest]);
