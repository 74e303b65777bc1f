// Generates the lives of the random test: how AWS is in it, and the events: edits of the program, actions in AWS, the
// passing of time, and operations of Pulumi on one of two backends, with faults injected into them.

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
  adopt: boolean;
}

const REQUESTS = ["acme", "globex"] as const;
export type RequestName = (typeof REQUESTS)[number];
export type ResourceName = RequestName | "source";

/** Two backends that know nothing of each other have a stack of the same project, with the same name and program. */
export const BACKENDS = ["first", "second"] as const;
export type Backend = (typeof BACKENDS)[number];

export type Operation = "preview" | "up" | "refresh" | "destroy";
export type CustomerAction = "claim" | "approve" | "reject" | "letVendorRead";
/** What somebody does to the identity source outside of Pulumi: the last two make another one, of another or the same instance. */
export type OutsideAction = "delete source" | "tag source" | "replace source" | "recreate source";

export type Event =
  | { kind: "declare request"; name: RequestName; request: RequestDeclaration }
  | { kind: "remove request"; name: RequestName }
  | { kind: "declare source"; source: SourceDeclaration }
  | { kind: "remove source" }
  | { kind: "rename"; name: ResourceName; alias: boolean }
  | { kind: "customer"; action: CustomerAction; nth: number }
  | { kind: "time"; passes: string }
  | { kind: "outside"; action: OutsideAction }
  | { kind: "run"; backend: Backend; operation: Operation; faults: StackFault[]; hidesRequests: boolean };

export interface Life {
  /** How far AWS's clock is ahead of the provider's when the life begins. */
  aheadMs: number;
  /** Whether AWS takes time to make and delete an identity source. */
  slow: boolean;
  events: Event[];
}

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
  adopt: fc.constantFrom(false, false, true),
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
const aws: fc.Arbitrary<StackFault>[] = [
  record({ operation, call, when, drop: fc.constant(true) }),
  record({ operation, call, when, answer: fc.constantFrom(402, 403, 429, 500, 503) }),
];
const engineKill: fc.Arbitrary<StackFault> = record({
  ...{ kill: fc.constant("engine"), step: call },
  when: fc.constantFrom("before", "after", "recorded"),
});
const providerKill: fc.Arbitrary<StackFault> = record({
  ...{ kill: fc.constant("provider"), operation, call, when },
});

const declareRequest = record({
  kind: fc.constant("declare request"),
  name: fc.constantFrom(...REQUESTS),
  request,
});
const removeRequest = record({ kind: fc.constant("remove request"), name: fc.constantFrom(...REQUESTS) });
const declareSource = record({ kind: fc.constant("declare source"), source });
const removeSource = record({ kind: fc.constant("remove source") });
const rename = record({
  kind: fc.constant("rename"),
  name: fc.constantFrom("source", ...REQUESTS),
  alias: fc.boolean(),
});
const customer = record({
  kind: fc.constant("customer"),
  action: fc.constantFrom("claim", "approve", "reject", "letVendorRead"),
  nth: fc.nat({ max: 3 }),
});
const time = record({ kind: fc.constant("time"), passes: fc.constantFrom("1h", "25h", "25h", "8d") });
const outside = record({
  kind: fc.constant("outside"),
  action: fc.constantFrom("delete source", "tag source", "replace source", "recreate source"),
});
const runWith = (fault: fc.Arbitrary<StackFault>) =>
  record({
    kind: fc.constant("run"),
    backend: fc.constantFrom("first", "first", "first", "second"),
    operation: fc.constantFrom("up", "up", "up", "up", "preview", "refresh", "refresh", "destroy"),
    faults: fc.array(fault, { maxLength: 2, size: "max" }),
    // What AWS has made, some of its servers may not know for a while.
    hidesRequests: fc.constantFrom(false, false, true),
  });

/** Events begin with a program that is not empty; after that, half of them are operations of Pulumi. */
const eventsWith = (fault: fc.Arbitrary<StackFault>): fc.Arbitrary<Event[]> =>
  fc
    .tuple(
      fc.array(fc.oneof(declareRequest, declareSource), { minLength: 1, maxLength: 3, size: "max" }),
      fc.array(
        fc.oneof(
          { weight: 3, arbitrary: declareRequest },
          { weight: 3, arbitrary: declareSource },
          { weight: 1, arbitrary: removeRequest },
          { weight: 1, arbitrary: removeSource },
          { weight: 2, arbitrary: rename },
          { weight: 3, arbitrary: customer },
          { weight: 2, arbitrary: time },
          { weight: 3, arbitrary: outside },
          { weight: 18, arbitrary: runWith(fault) },
        ),
        { minLength: 4, maxLength: 14, size: "max" },
      ),
    )
    .map(([program, rest]) => [...program, ...rest]);

const MINUTE_MS = 60_000;

/** @param providerKills whether providers are killed too, which takes processes of their own */
export const lives = (providerKills: boolean): fc.Arbitrary<Life> =>
  record({
    // Never less than a minute for long: the provider waits for what AWS has just made to become visible.
    aheadMs: fc.constantFrom(-60 * MINUTE_MS, -7 * MINUTE_MS, 7 * MINUTE_MS),
    slow: fc.constantFrom(false, false, true),
    events: eventsWith(fc.oneof(...aws, engineKill, ...(providerKills ? [providerKill] : []))),
  });
