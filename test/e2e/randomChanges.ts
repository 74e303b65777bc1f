// Random programs of all resources that ask people for something, and random changes of them, as plain data.

import { runtime } from "@pulumi/pulumi";
import fc from "fast-check";
import { makeSecret, type PropertyMap, type PropertyValue } from "../../src/engine/values";
import { dynamicType, providerHandle } from "../../src/program/handle";
import { resources } from "../../src/resources";
import { PARTNER, SOURCE_ARN } from "./awsFixture";
import type { Declaration } from "./directStack";

const CUSTOMERS = ["222222222222", "333333333333"] as const;
export const teamArn = (name: string) => `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/${name}`;
export const vaultArn = (name: string) => `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:${name}`;
const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";

type ResourceName = keyof typeof resources;

/** How the program declares a resource. */
export interface Declared {
  resource: ResourceName;
  inputs: Record<string, unknown>;
  isProtected: boolean;
  retainOnDelete: boolean;
  /** Undefined where the provider decides. */
  deleteBeforeReplace: boolean | undefined;
  /** Arguments that are secrets, and those whose values a preview does not know yet. */
  secret: string[];
  unknown: string[];
}

/** A change of the program: a resource is declared so from now on, or not any more. */
export interface Edit {
  name: string;
  declared: Declared | undefined;
}

/** What happens in AWS while nobody deploys. */
export type Event =
  | { kind: "customer"; does: "claim" | "approve" | "reject"; nth: number }
  | { kind: "members"; do: "agree" | "reject" }
  | { kind: "time"; passes: "1h" | "25h" }
  | { kind: "outside"; does: "change team" | "other team of vault" | "no team of vault" }
  | { kind: "refresh" };

export interface Round {
  events: Event[];
  edits: Edit[];
  /** What happens after the preview, before it is deployed. Nobody refreshes. */
  meanwhile: Event[];
}

const PLAIN = { noNullPrototype: true };
const people = fc.uniqueArray(fc.constantFrom("alice", "bob", "carol", "dave"), {
  minLength: 2,
  maxLength: 4,
});
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const INPUTS: Readonly<
  Record<string, { resource: ResourceName; inputs: fc.Arbitrary<Record<string, unknown>> }>
> = {
  request: {
    resource: "delegationRequest",
    inputs: fc.record(
      {
        ownerAccountId: fc.option(fc.constantFrom(...CUSTOMERS), { nil: undefined, freq: 4 }),
        description: fc.constantFrom("Read the list of buckets", "Read all buckets"),
        permissions: fc.record(
          {
            policyTemplateArn: fc.constant("arn:aws:iam:::delegation-template/example/backup"),
            parameters: fc.constantFrom([], [{ name: "prefix", type: "string", values: ["a"] }]),
          },
          PLAIN,
        ),
        notificationChannel: fc.constant(`arn:aws:sns:us-east-1:${PARTNER}:approvals`),
        sessionDuration: fc.constantFrom(3600, 7200),
        requestMessage: optional(fc.constant("Please")),
        onlySendByOwner: optional(fc.boolean()),
        generation: optional(fc.constantFrom(1, 2, "2")),
        renewWhen: optional(fc.subarray(["EXPIRED", "REJECTED", "LAPSED", "VANISHED"])),
      },
      PLAIN,
    ),
  },
  team: {
    resource: "approvalTeam",
    inputs: fc.record(
      {
        name: optional(fc.constantFrom("restores", "others")),
        description: fc.constantFrom("Decides about restores", "Decides about all of it"),
        approvalStrategy: fc
          .constantFrom(1, 2)
          .map((minApprovalsRequired) => ({ mOfN: { minApprovalsRequired } })),
        approvers: people.map((ids) =>
          ids.map((primaryIdentityId) => ({ primaryIdentityId, primaryIdentitySourceArn: SOURCE_ARN })),
        ),
        policies: fc
          .constantFrom("$DEFAULT", "$DEFAULT", "1")
          .map((version) => [{ policyArn: `${POLICY}/${version}` }]),
        tags: optional(fc.constantFrom({ team: "a" }, { team: "b" })),
        adopt: optional(fc.boolean()),
      },
      PLAIN,
    ),
  },
  source: {
    resource: "identitySource",
    inputs: fc.record(
      {
        iamIdentityCenter: fc.constant({
          instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
          region: "us-east-1",
        }),
        tags: optional(fc.constantFrom({ team: "a" }, { team: "b" })),
        adopt: fc.constant(true),
      },
      PLAIN,
    ),
  },
  protection: {
    resource: "vaultApprovalTeam",
    inputs: fc.record(
      {
        backupVaultName: fc.constantFrom("first", "first", "second"),
        mpaApprovalTeamArn: fc.constantFrom(teamArn("ops"), teamArn("board")),
        requesterComment: optional(fc.constantFrom("Please", "At last")),
        adopt: optional(fc.boolean()),
        generation: optional(fc.constantFrom(1, 2)),
      },
      PLAIN,
    ),
  },
  operation: {
    resource: "teamAssociation",
    inputs: fc.record(
      {
        action: fc.constant("IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE"),
        mpaTeamArn: fc.constantFrom(teamArn("ops"), teamArn("board")),
        requesterComment: optional(fc.constant("Please")),
        adopt: optional(fc.boolean()),
        generation: optional(fc.constantFrom(1, 2)),
      },
      PLAIN,
    ),
  },
  access: {
    resource: "restoreAccessVault",
    inputs: fc.record(
      {
        sourceBackupVaultArn: fc.constantFrom(vaultArn("first"), vaultArn("second")),
        backupVaultName: optional(fc.constantFrom("mine", "ours")),
        requesterComment: optional(fc.constantFrom("After the fire", "After the flood")),
        generation: optional(fc.constantFrom(1, 2)),
      },
      PLAIN,
    ),
  },
};

const NAMES = [
  "request-a",
  "request-a",
  "request-b",
  "team-a",
  "team-a",
  "team-b",
  "protection-a",
  "operation-a",
  "access-a",
  "source-a",
];

const rarely = fc.constantFrom(false, false, false, false, true);

const edit: fc.Arbitrary<Edit> = fc.constantFrom(...NAMES).chain((name) => {
  const { resource, inputs } = INPUTS[name.split("-")[0] ?? ""] as (typeof INPUTS)[string];
  const names = Object.keys(resources[resource].inputs);
  const some = fc.oneof(
    { weight: 4, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(names, { maxLength: 2 }) },
  );
  const declared = fc.record(
    {
      resource: fc.constant(resource),
      inputs,
      isProtected: rarely,
      retainOnDelete: rarely,
      deleteBeforeReplace: optional(fc.boolean()),
      secret: some,
      unknown: some,
    },
    PLAIN,
  );
  return fc.record(
    { name: fc.constant(name), declared: fc.option(declared, { nil: undefined, freq: 6 }) },
    PLAIN,
  );
});

const events: fc.Arbitrary<Event>[] = [
  fc.record(
    {
      kind: fc.constant("customer" as const),
      does: fc.constantFrom("claim", "approve", "reject"),
      nth: fc.nat({ max: 3 }),
    },
    PLAIN,
  ),
  fc.record(
    { kind: fc.constant("members" as const), do: fc.constantFrom("agree", "agree", "reject") },
    PLAIN,
  ),
  fc.record({ kind: fc.constant("time" as const), passes: fc.constantFrom("1h", "25h") }, PLAIN),
  fc.record(
    {
      kind: fc.constant("outside" as const),
      does: fc.constantFrom("change team", "other team of vault", "no team of vault"),
    },
    PLAIN,
  ),
];
const refresh = fc.constant<Event>({ kind: "refresh" });

/** The changes of a program, each of which is previewed and deployed, and what happens before each. */
export const rounds = (length: number): fc.Arbitrary<Round[]> =>
  fc.array(
    fc.record(
      {
        events: fc.array(fc.oneof(...events, refresh, refresh), { maxLength: 3 }),
        edits: fc.array(edit, { minLength: 1, maxLength: 3, size: "max" }),
        meanwhile: fc.array(fc.oneof(...events), { maxLength: 2 }),
      },
      PLAIN,
    ),
    { minLength: length, maxLength: length, size: "max" },
  );

/** The program's resources. In a preview, what it does not know yet is unknown. */
export const declarations = (
  program: ReadonlyMap<string, Declared>,
  life: string,
  dryRun: boolean,
): Declaration[] =>
  [...program].map(([key, declared]) => {
    const name = `${key}-${life}`;
    const declaration = resources[declared.resource];
    const inputs = Object.entries(declared.inputs).flatMap(([property, value]) => {
      if (value === undefined) return [];
      const known =
        dryRun && declared.unknown.includes(property) ? runtime.unknownValue : (value as PropertyValue);
      return [[property, declared.secret.includes(property) ? makeSecret(known) : known]];
    });
    return {
      type: dynamicType(declaration),
      name,
      inputs: {
        ...(Object.fromEntries(inputs) as PropertyMap),
        origin: `proj/dev::${name}`,
        __provider: providerHandle(declaration),
      },
      options: {
        protect: declared.isProtected,
        retainOnDelete: declared.retainOnDelete,
        deleteBeforeReplace: declared.deleteBeforeReplace,
      },
    };
  });
