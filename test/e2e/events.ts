import fc from "fast-check";
import type { StackFault } from "../../src/testing";

/** What a program may ask of a delegation request. */
export interface WantedRequest {
  sessionDuration: number;
  renewWhen: ("EXPIRED" | "REJECTED" | "VANISHED")[];
  generation: number;
  /** Whether it is for a customer that is known by its account. */
  named: boolean;
  /** Whether it comes after the identity source, where there is one. */
  after: boolean;
}

/** What a program may ask of the identity source. */
export interface WantedSource {
  instance: "a" | "b";
  tags: Record<string, string>;
}

export const REQUESTS = ["acme", "globex"] as const;
export type RequestName = (typeof REQUESTS)[number];

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** One thing that happens to a stack: somebody edits the program, people act in AWS, something breaks, Pulumi runs. */
export type Happening =
  | { kind: "ask"; name: RequestName; request: WantedRequest }
  | { kind: "drop"; name: RequestName }
  | { kind: "connect"; source: WantedSource }
  | { kind: "disconnect" }
  | { kind: "people"; act: "claim" | "approve" | "reject" | "letVendorRead"; nth: number }
  | { kind: "time"; passes: string }
  | { kind: "stranger"; act: "delete source" | "tag source" | "replace source" }
  | { kind: "run"; operation: Operation; faults: StackFault[] };

const PLAIN = { noNullPrototype: true };
// Programs are written with plain objects.
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(model, PLAIN);

const request: fc.Arbitrary<WantedRequest> = record({
  sessionDuration: fc.constantFrom(3600, 7200),
  renewWhen: fc.subarray(["EXPIRED", "REJECTED", "VANISHED"]),
  generation: fc.constantFrom(1, 2),
  named: fc.boolean(),
  after: fc.boolean(),
});

const source: fc.Arbitrary<WantedSource> = record({
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

const ask = record({ kind: fc.constant("ask"), name: fc.constantFrom(...REQUESTS), request });
const connect = record({ kind: fc.constant("connect"), source });
const run = record({
  kind: fc.constant("run"),
  operation: fc.constantFrom("up", "up", "up", "up", "preview", "refresh", "refresh", "destroy"),
  faults: fc.array(fault, { maxLength: 2, size: "max" }),
});

/** A life begins with something in the program, and half of all that happens then is that Pulumi runs. */
export const happenings: fc.Arbitrary<Happening[]> = fc
  .tuple(
    fc.array(fc.oneof(ask, connect), { minLength: 1, maxLength: 3, size: "max" }),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: ask },
        { weight: 3, arbitrary: connect },
        { weight: 1, arbitrary: record({ kind: fc.constant("drop"), name: fc.constantFrom(...REQUESTS) }) },
        { weight: 1, arbitrary: record({ kind: fc.constant("disconnect") }) },
        {
          weight: 3,
          arbitrary: record({
            kind: fc.constant("people"),
            act: fc.constantFrom("claim", "approve", "reject", "letVendorRead"),
            nth: fc.nat({ max: 3 }),
          }),
        },
        {
          weight: 2,
          arbitrary: record({ kind: fc.constant("time"), passes: fc.constantFrom("1h", "25h", "25h", "8d") }),
        },
        {
          weight: 3,
          arbitrary: record({
            kind: fc.constant("stranger"),
            act: fc.constantFrom("delete source", "tag source", "replace source"),
          }),
        },
        { weight: 16, arbitrary: run },
      ),
      { minLength: 4, maxLength: 14, size: "max" },
    ),
  )
  .map(([program, then]) => [...program, ...then]);
