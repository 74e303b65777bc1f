import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { toAnnotations } from "../../src/review/annotations";
import { MARKER, toMarkdown } from "../../src/review/markdown";
import { NotAPreviewError, parsePreview } from "../../src/review/preview";
import { isEmpty, review } from "../../src/review/review";
import { parseRuleFile } from "../../src/review/ruleFile";
import { parseRules } from "../../src/review/rules";
import { toText } from "../../src/review/text";

/** Lines are of a terminal's width. */
const unwrapped = (text: string): string => text.replace(/\n +/g, " ");

import {
  ACCOUNT,
  ASKED,
  approvers,
  NOW,
  needing,
  replacement,
  reviewOf,
  step,
  TEAM,
  TEAM_ARN,
  UNKNOWN,
} from "./steps";

const fixture = (name: string) => readFileSync(resolve(__dirname, "../fixtures/previews", name), "utf8");
const asksOf = (steps: object[]) => {
  const { access, votes, quiet } = reviewOf(steps);
  return [...access, ...votes, ...quiet].flatMap(({ asks }) => asks);
};
const WORKING = { arn: TEAM_ARN, status: "ACTIVE" };

describe("what Pulumi 3.274.1 has printed", () => {
  const options = { now: new Date("2026-11-26T07:00:00Z") };
  const reviewed = (name: string) => review(parsePreview(fixture(name)), options);

  test("is the same review in both forms", () => {
    expect(reviewed("streaming.jsonl")).toEqual(reviewed("buffered.json"));
  });

  test("shows no link and no secret, and says what is unknown", () => {
    expect(fixture("buffered.json")).toContain("http://");
    expect(fixture("streaming.jsonl")).toContain("http://");
    for (const shown of [toMarkdown, toText, toAnnotations, JSON.stringify].map((to) =>
      to(reviewed("streaming.jsonl")),
    )) {
      expect(shown).not.toMatch(/https?:|account-access-requests|\[secret\]|04da6b54/);
      expect(shown).toContain("not known until");
    }
  });

  test.each([
    "",
    "{",
    "[]",
    "{}",
    '{"version":3,"deployment":{}}',
    "Previewing update (dev):",
    '{"sequence":0}\nnot JSON',
  ])("and not %j", (text) => {
    expect(() => parsePreview(text)).toThrow(NotAPreviewError);
  });

  const lines = fixture("streaming.jsonl").trim().split("\n");
  const withResult = (result: string) => [
    ...lines.filter((line) => !line.includes('"summaryEvent"')),
    JSON.stringify({ sequence: 99, summaryEvent: { result } }),
  ];

  test.each([
    ["was killed", lines.slice(0, -3), ["The preview was cut off."]],
    ["was of a YAML program with a fault", withResult("failed"), ["Pulumi does not say why."]],
    ["has ended well", withResult("succeeded"), []],
  ])("of a preview that %s, without an error of its own", (_, printed, errors) => {
    expect(parsePreview(printed.join("\n")).errors).toEqual(errors);
  });

  test("of two stacks are not the change of one", () => {
    expect(() => parsePreview([...lines, ...lines].join("\n"))).toThrow(/several previews/);
    const buffered = fixture("buffered.json");
    expect(() => parsePreview(`${buffered}${buffered}`)).toThrow(NotAPreviewError);
  });

  test("with --refresh lists everything twice, of which the review makes one", () => {
    const old = { ...ASKED, expirationTime: "2027-02-01T12:00:00Z" };
    const steps = ["refresh", "same"].map((op) => step({ op, old, next: ASKED }));
    expect(reviewOf(steps).expiring).toHaveLength(1);
  });

  test("of a preview that failed is said to be a part", () => {
    const text = JSON.stringify({ diagnostics: [{ severity: "error", message: "error: No.\n" }] });
    const result = review(parsePreview(text), options);
    expect(result.errors).toEqual(["No."]);
    expect(toMarkdown(result)).toContain("The preview failed");
  });
});

describe("a customer", () => {
  test("is asked by a new request, for this long and by this template", () => {
    const [entry] = reviewOf([step({ next: { ...ASKED, sessionDuration: 5400 } })]).access;
    expect(entry?.text).toBe(`Account \`${ACCOUNT}\` is asked for access for 1 h 30 min.`);
    expect(entry?.details.map(({ text }) => text)).toEqual([
      "For: `Read the list of buckets`",
      "Template `arn:aws:iam:::delegation-template/example/backup`, without parameters",
    ]);
  });

  test("is asked again when the request before has ended as the program says", () => {
    const old = { ...ASKED, renewWhen: ["EXPIRED"], state: "EXPIRED" };
    const next = { ...old, state: "UNASSIGNED" };
    const [entry] = reviewOf([replacement({ old, next, reasons: ["state"] })]).access;
    expect(entry?.text).toContain(
      "asked again for access for 1 h: the previous request is `EXPIRED`, which `renewWhen` contains",
    );
    expect(entry?.asks).toEqual([{ who: "customer", account: ACCOUNT, isCertain: true }]);
  });

  test.each([
    [
      "not known",
      UNKNOWN,
      "Account (not known until `pulumi up`) is asked for access for a time that is not known until `pulumi up`.",
    ],
    ["a secret", "[secret]", "Account (a secret) is asked for access for a time that is a secret."],
  ])("whose account and time are %s is not anyone", (_, hidden, text) => {
    const steps = [step({ next: { ...ASKED, ownerAccountId: hidden, sessionDuration: hidden } })];
    expect(reviewOf(steps).access[0]).toMatchObject({ text, asks: [{ who: "customer", isCertain: true }] });
    expect(toMarkdown(reviewOf(steps))).toContain("**Asks an account that the preview does not show.**");
  });

  test("is anyone who has the link, when the program names none", () => {
    const { ownerAccountId: _, ...toAnyone } = ASKED;
    const asked = reviewOf([step({ next: toAnyone })]);
    expect(asked.access[0]?.asks).toEqual([{ who: "anyone", isCertain: true }]);
    expect(toMarkdown(asked)).toContain("**Asks anyone who has the link.**");
  });

  test("is told from the one before", () => {
    const next = { ...ASKED, ownerAccountId: "333333333333" };
    const [entry] = reviewOf([replacement({ old: ASKED, next, reasons: ["ownerAccountId"] })]).access;
    expect(entry?.text).toContain(`Account \`333333333333\` (before: \`${ACCOUNT}\`) is asked again`);
  });

  test("may be asked, when what changes is not known yet", () => {
    const next = { ...ASKED, description: UNKNOWN };
    const [entry] = reviewOf([replacement({ old: ASKED, next, reasons: ["description"] })]).access;
    expect(entry?.text).toContain("may be asked again");
    expect(entry?.asks).toMatchObject([{ isCertain: false }]);
  });

  test.each([
    ["EXPIRED", UNKNOWN, [{ who: "customer", account: ACCOUNT, isCertain: false }]],
    ["REJECTED", ["EXPIRED", UNKNOWN], [{ who: "customer", account: ACCOUNT, isCertain: false }]],
    ["REJECTED", ["EXPIRED"], []],
    ["ACCEPTED", UNKNOWN, []],
  ])("of a request that is %s may be asked again when renewWhen is %j", (state, renewWhen, asks) => {
    const old = { ...ASKED, state };
    const steps = [step({ old, next: { ...old, renewWhen } })];
    expect(asksOf(steps)).toEqual(asks);
    const { findings } = reviewOf(steps, { rules: parseRules("renewal") });
    expect(findings.map(({ message }) => message)).toEqual(
      asks.map(() => `The customer may be asked again, because the previous request is \`${state}\`.`),
    );
  });

  test.each([
    ["UNASSIGNED", "It expires"],
    ["ACCEPTED", "can still send the token"],
    ["FINALIZED", "remains valid until it ends"],
  ])("who was asked before, %s, keeps what there is", (state, consequence) => {
    const old = { ...ASKED, state };
    const steps = [replacement({ old, next: { ...ASKED, generation: 2 }, reasons: ["generation"] })];
    expect(unwrapped(toText(reviewOf(steps)))).toMatch(
      new RegExp(`Previous request: ${state} when last read.*${consequence}`),
    );
    expect(reviewOf([step({ old })]).destroyed[0]?.text).toContain(consequence);
  });

  test("who has until tomorrow is named as one whose request expires soon", () => {
    const outputs = { expirationTime: "2027-02-01T12:00:00Z" };
    const renewing = step({ old: ASKED, next: { ...ASKED, renewWhen: ["EXPIRED"] }, outputs });
    expect(reviewOf([renewing]).expiring[0]?.text).toContain("until 2027-02-01 12:00 UTC");
    expect(reviewOf([renewing], { soonMs: 3_600_000 }).expiring).toEqual([]);
  });
});

describe("the members of a team", () => {
  const change = (next: object, outputs: object = WORKING) =>
    step({ resource: "approvalTeam", old: TEAM, next, outputs });

  test("vote about who joins and leaves, and how many must approve", () => {
    const next = { ...TEAM, approvers: approvers("alice", "bob", "dave"), approvalStrategy: needing(1) };
    const [entry] = reviewOf([change(next)]).votes;
    expect(entry?.text).toBe(
      "The members of team `ops` vote on a change of it: `dave` joins; `carol` leaves; approvals needed from `2` to `1`.",
    );
    expect(entry?.asks).toEqual([
      { who: "members", team: TEAM_ARN, teamName: "ops", isCertain: true },
      { who: "invited", people: ["dave"], isCertain: false },
    ]);
  });

  test.each([
    [UNKNOWN, "not known until `pulumi up`"],
    ["[secret]", "a secret"],
  ])("are said to be hidden where the preview has %s", (hidden, said) => {
    const next = {
      ...TEAM,
      approvalStrategy: hidden,
      approvers: [...approvers("alice"), hidden],
      policies: [hidden],
    };
    const [entry] = reviewOf([step({ resource: "approvalTeam", next })]).votes;
    expect(entry?.text).toBe(
      `\`alice\` and ${said} are invited to team \`ops\`. ${said} of \`2\` must approve.`,
    );
    expect(entry?.details).toEqual([{ text: `Decides about: ${said}` }]);
    expect(entry?.asks).toEqual([{ who: "invited", people: undefined, isCertain: true }]);
  });

  test("are not asked about their order, nor certainly about tags", () => {
    expect(asksOf([change({ ...TEAM, approvers: approvers("carol", "bob", "alice") })])).toMatchObject([
      { isCertain: false },
    ]);
    expect(asksOf([change({ ...TEAM, tags: { a: "b" } })])).toEqual([
      { who: "members", team: TEAM_ARN, teamName: "ops", isCertain: false },
    ]);
  });

  test("are not asked again about what they have refused, but in another generation", () => {
    const next = { ...TEAM, approvalStrategy: needing(1) };
    const { description, approvers: people } = TEAM;
    const refusedUpdate = { description, approvers: people, approvalStrategy: needing(1) };
    const refused = { ...WORKING, refusedUpdate };
    expect(asksOf([change(next, refused)])).toEqual([]);
    expect(reviewOf([change(next, refused)]).quiet[0]?.text).toMatch(/Nobody is asked about team `ops`/);
    expect(asksOf([change({ ...next, generation: 2 }, refused)])).toMatchObject([{ isCertain: true }]);
    const hidden = { ...refused, refusedUpdate: { ...refusedUpdate, description: "[secret]" } };
    expect(asksOf([change({ ...next, description: "[secret]" }, hidden)])).not.toEqual([]);
  });

  test.each(["vaultApprovalTeam", "teamAssociation"] as const)(
    "are not asked again about another team of a %s, but in another generation",
    (resource) => {
      const isVault = resource === "vaultApprovalTeam";
      const of = (team: string, more: object = {}) =>
        isVault
          ? { backupVaultName: "vault", mpaApprovalTeamArn: team, ...more }
          : { action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE", mpaTeamArn: team, ...more };
      const other = `${TEAM_ARN}-other`;
      const outputs = { [isVault ? "refusedMpaApprovalTeamArn" : "refusedMpaTeamArn"]: other };
      const to = (next: object) => step({ resource, old: of(TEAM_ARN), next, outputs });
      expect(asksOf([to(of(other))])).toEqual([]);
      expect(asksOf([to(of(other, { generation: 2 }))])).toMatchObject([{ isCertain: true }]);
    },
  );

  test("may be asked about a description that is a secret", () => {
    const old = { ...TEAM, description: "[secret]" };
    const steps = [step({ resource: "approvalTeam", old, next: old, outputs: WORKING })];
    expect(asksOf(steps)).toEqual([{ who: "members", team: TEAM_ARN, teamName: "ops", isCertain: false }]);
  });

  test.each([
    ["ACTIVE", [true]],
    ["PENDING", [false]],
    ["INACTIVE", []],
  ])("vote about the deletion of a team that is %s", (status, certainties) => {
    const asks = asksOf([step({ resource: "approvalTeam", old: TEAM, outputs: { arn: TEAM_ARN, status } })]);
    expect(asks.map(({ isCertain }) => isCertain)).toEqual(certainties);
  });

  test("vote about the deletion that an interrupted replacement has left", () => {
    const left = step({
      op: "delete-replaced",
      resource: "approvalTeam",
      old: TEAM,
      outputs: WORKING,
      id: "other",
    });
    const next = { ...TEAM, tags: { a: "b" } };
    const now = step({
      op: "replace",
      resource: "approvalTeam",
      old: TEAM,
      next,
      outputs: { ...WORKING, arn: "b" },
    });
    expect(asksOf([now, left])).toContainEqual({
      who: "members",
      team: TEAM_ARN,
      teamName: "ops",
      isCertain: true,
    });
  });

  test("vote about the deletion of a team in whose place another is imported, and nobody is invited", () => {
    const old = { resource: "approvalTeam", old: TEAM, outputs: WORKING } as const;
    const steps = [
      step({ op: "import-replacement", resource: "approvalTeam", next: TEAM }),
      step({ ...old, op: "replace", next: TEAM }),
      step({ ...old, op: "delete-replaced" }),
    ];
    expect(asksOf(steps)).toEqual([{ who: "members", team: TEAM_ARN, teamName: "ops", isCertain: true }]);
    expect(reviewOf(steps).quiet[0]?.text).toContain("imported");
  });

  test("are not asked when the team is kept in AWS, or taken in as it is", () => {
    const kept = step({
      resource: "approvalTeam",
      old: TEAM,
      outputs: WORKING,
      options: { retainOnDelete: true },
    });
    const taken = step({ op: "import", resource: "approvalTeam", name: "other", next: TEAM });
    expect(asksOf([kept, taken])).toEqual([]);
  });

  test.each([
    ["created", [step({ resource: "approvalTeam", next: { ...TEAM, adopt: true } })]],
    [
      "replaced",
      [
        replacement({
          ...{
            resource: "approvalTeam",
            old: { ...TEAM, name: "others" },
            outputs: { ...WORKING, arn: "another" },
          },
          ...{ next: { ...TEAM, adopt: true }, reasons: ["name"] },
        }),
      ],
    ],
  ])("of what an adopted team is now, may be asked: %s", (_, steps) => {
    expect(asksOf(steps)).toContainEqual({ who: "members", team: "ops", isCertain: false });
  });
});

test.each([
  ["delegationRequest", ASKED],
  ["approvalTeam", TEAM],
  ["vaultApprovalTeam", { backupVaultName: "first", mpaApprovalTeamArn: TEAM_ARN }],
  [
    "restoreAccessVault",
    { sourceBackupVaultArn: "arn:aws:backup:us-east-1:111111111111:backup-vault:first" },
  ],
  ["identitySource", {}],
] as const)("a %s that somebody has marked for replacement is said to be that", (resource, old) => {
  const steps = [replacement({ resource, old, next: old, outputs: WORKING, reasons: ["id"] })];
  expect(toMarkdown(reviewOf(steps))).toMatch(/[Ii]t is marked for replacement/);
});

describe.each([false, true])(
  "what a preview does not show may turn out to be the same: retained %s",
  (retainOnDelete) => {
    const more = { outputs: WORKING, options: { retainOnDelete } };

    test("of a team", () => {
      const next = { ...TEAM, policies: UNKNOWN, approvers: approvers("alice", "bob", "dave") };
      const reasons = ["policies"];
      const change = replacement({ resource: "approvalTeam", old: TEAM, next, reasons, ...more });
      const { votes, destroyed } = reviewOf([change]);
      expect(votes[0]?.text).toMatch(/^Another team may replace `ops` \(if `policies` changes\): then/);
      expect(votes[0]?.asks).toEqual([
        { who: "invited", people: ["alice", "bob", "dave"], isCertain: false },
        { who: "members", team: TEAM_ARN, teamName: "ops", isCertain: false },
      ]);
      expect(destroyed.map(({ text }) => text.startsWith("If it is replaced: "))).toEqual(
        retainOnDelete ? [] : [true],
      );
    });

    test("of a vault", () => {
      const old = { backupVaultName: "first", mpaApprovalTeamArn: TEAM_ARN };
      const next = { backupVaultName: UNKNOWN, mpaApprovalTeamArn: `${TEAM_ARN}-other` };
      const change = replacement({
        resource: "vaultApprovalTeam",
        old,
        next,
        reasons: ["backupVaultName"],
        ...more,
      });
      expect(asksOf([change])).toMatchObject([{ who: "members", team: TEAM_ARN, isCertain: false }]);
    });
  },
);

const otherVault = "arn:aws:backup:us-east-1:111111111111:backup-vault:second";
test.each([
  [
    "approvalTeam",
    TEAM,
    { name: "others" },
    [{ who: "invited", people: ["alice", "bob", "carol"], isCertain: true }],
  ],
  [
    "vaultApprovalTeam",
    { backupVaultName: "first", mpaApprovalTeamArn: TEAM_ARN },
    { backupVaultName: "second" },
    [],
  ],
  [
    "restoreAccessVault",
    { sourceBackupVaultArn: otherVault.replace("second", "first") },
    { sourceBackupVaultArn: otherVault },
    [{ who: "members", of: "the vault", subject: otherVault, isCertain: true }],
  ],
  ["identitySource", {}, { region: "eu-west-1" }, []],
] as const)(
  "a %s that a replacement retains is not destroyed, and nobody votes on that",
  (resource, old, change, asks) => {
    const replaced = { resource, old, next: { ...old, ...change }, reasons: Object.keys(change) };
    const retained = replacement({ ...replaced, outputs: WORKING, options: { retainOnDelete: true } });
    expect(asksOf([retained])).toEqual(asks);
    expect(reviewOf([retained]).destroyed).toEqual([]);
    expect(toMarkdown(reviewOf([retained]))).toContain(
      "is not deleted, because of the option `retainOnDelete`",
    );
    expect(reviewOf([replacement({ ...replaced, outputs: WORKING })]).destroyed).toHaveLength(1);
  },
);

test("a team that has been approved since the last refresh may be the one that votes", () => {
  const old = { backupVaultName: "first", mpaApprovalTeamArn: TEAM_ARN };
  const pendingMpaApprovalTeamArn = TEAM_ARN.replace("ops", "board");
  const steps = [step({ resource: "vaultApprovalTeam", old, outputs: { pendingMpaApprovalTeamArn } })];
  expect(asksOf(steps)).toMatchObject([
    { who: "members", team: TEAM_ARN, isCertain: false },
    { who: "members", team: pendingMpaApprovalTeamArn, isCertain: false },
  ]);
});

test("members who refused may be asked in a generation that is not shown", () => {
  const pair = { backupVaultName: "first", generation: "[secret]" };
  const other = TEAM_ARN.replace("ops", "board");
  const refused = step({
    ...{
      resource: "vaultApprovalTeam",
      outputs: { mpaApprovalTeamArn: TEAM_ARN, refusedMpaApprovalTeamArn: other },
    },
    ...{ old: { ...pair, mpaApprovalTeamArn: TEAM_ARN }, next: { ...pair, mpaApprovalTeamArn: other } },
  });
  expect(asksOf([refused])).toMatchObject([{ who: "members", team: TEAM_ARN }]);
});

describe("rules", () => {
  const threeApprove = { ...TEAM, approvalStrategy: needing(3) };
  const hiddenThreshold = { ...TEAM, approvalStrategy: "[secret]" };
  const renewal = { ...ASKED, state: "EXPIRED" };
  const { ownerAccountId: _, ...toAnyone } = ASKED;
  const unknownLength = { ...ASKED, sessionDuration: UNKNOWN };
  const team = { resource: "approvalTeam", outputs: WORKING } as const;
  const policies = [
    { policyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/RevokeRestoreAccessVault/1" },
  ];
  const source = { resource: "identitySource" } as const;
  test.each([
    ["renewal", replacement({ old: renewal, next: ASKED, reasons: ["state"] }), true],
    [
      "renewal",
      replacement({ old: ASKED, next: { ...ASKED, generation: 2 }, reasons: ["generation"] }),
      false,
    ],
    [
      "renewal",
      replacement({ old: renewal, next: { ...ASKED, generation: 2 }, reasons: ["generation", "state"] }),
      false,
    ],
    [
      "renewal",
      replacement({
        old: renewal,
        next: { ...ASKED, generation: UNKNOWN },
        reasons: ["generation", "state"],
      }),
      true,
    ],
    ["session-longer-than=1", step({ next: { ...ASKED, sessionDuration: 3601 } }), true],
    ["session-longer-than=1", step({ next: unknownLength }), true],
    ["session-longer-than=1", step({ next: ASKED }), false],
    ["missing-owner", step({ next: toAnyone }), true],
    ["missing-owner", step({ next: { ...ASKED, ownerAccountId: UNKNOWN } }), false],
    ["threshold-lowered", step({ ...team, old: threeApprove, next: TEAM }), true],
    ["threshold-lowered", step({ ...team, old: TEAM, next: { ...TEAM, approvalStrategy: UNKNOWN } }), true],
    ["threshold-lowered", step({ ...team, old: TEAM, next: threeApprove }), false],
    ["threshold-lowered", step({ ...team, old: hiddenThreshold, next: TEAM }), true],
    ["threshold-lowered", step({ ...team, old: hiddenThreshold, next: hiddenThreshold }), true],
    [
      "unprotected-replacement",
      replacement({ ...team, old: TEAM, next: { ...TEAM, policies }, reasons: ["policies"] }),
      true,
    ],
    ["unprotected-replacement", step({ ...team, old: TEAM, next: threeApprove }), false],
    ["adoption", step({ ...source, next: { adopt: true } }), true],
    ["adoption", step({ ...source, op: "import", next: {} }), true],
    ["adoption", step({ ...source, next: { adopt: "[secret]" } }), true],
    ["adoption", step({ ...source, next: { adopt: UNKNOWN } }), true],
    ["adoption", step({ ...source, next: {} }), false],
  ])("%s: %#", (rule, one, isViolated) => {
    const { findings } = reviewOf([one], { rules: parseRules(rule) });
    expect(findings.map((finding) => finding.rule)).toEqual(isViolated ? [rule.split("=")[0]] : []);
  });

  test("come from a file as well", () => {
    const rules = [{ name: "renewal" }, { name: "session-longer-than", hours: 4 }];
    expect(parseRuleFile('{ "failOn": ["renewal", "session-longer-than=4"] }')).toEqual(rules);
    expect(parseRules(" renewal, session-longer-than=4 ")).toEqual(rules);
  });

  test.each([
    ...[
      "renewals",
      "session-longer-than",
      "session-longer-than=long",
      "session-longer-than=4=8",
      "renewal=2",
    ],
    ...["toString", "", ","],
  ])("are not %s", (text) => {
    expect(() => parseRules(text)).toThrow(expect.objectContaining({ name: "RuleError" }));
  });

  test.each(["", "[]", '{"failon":[]}'])("are in no file that says %j", (text) => {
    expect(() => parseRuleFile(text)).toThrow(expect.objectContaining({ name: "RuleError" }));
  });
});

describe("a comment", () => {
  const { ownerAccountId: _, ...toAnyoneAsked } = ASKED;
  const team = (i: number, change: object) => {
    const name = `team-${i}${"name" in change ? change.name : ""}`;
    return step({
      name,
      resource: "approvalTeam",
      old: TEAM,
      next: { ...TEAM, ...change },
      outputs: WORKING,
    });
  };

  test("is empty when nothing concerns approvals", () => {
    const bucket = {
      op: "create",
      urn: "urn:pulumi:dev::proj::aws:s3/bucket:Bucket::it",
      newState: { inputs: {} },
    };
    expect(isEmpty(reviewOf([bucket]))).toBe(true);
    const withRequest = toMarkdown(reviewOf([bucket, step({ next: ASKED })]));
    expect(withRequest).toContain("1 resource of other kinds: 1 to create.");
    expect(withRequest.startsWith(`${MARKER} proj/dev -->\n`)).toBe(true);
  });

  test("is the same one for the same change, in whatever order Pulumi plans it", () => {
    const { ownerAccountId: _, ...toAnyone } = ASKED;
    const requests = ["acme", "globex", "initech"].map((name) => step({ name, next: toAnyone }));
    const teams = ["ops", "board"].map((name) => step({ name, resource: "approvalTeam", next: TEAM }));
    const options = { rules: parseRules("missing-owner") };
    const expected = toMarkdown(reviewOf([...requests, ...teams], options));
    expect(toMarkdown(reviewOf([...teams, ...requests].reverse(), options))).toBe(expected);
    expect(expected.indexOf("acme")).toBeLessThan(expected.indexOf("globex"));
  });

  test("cannot be changed by what a value says", () => {
    const hostile =
      "`x` </details><script>alert(1)</script> @everyone\n# Approved --> [go](https://evil.example)\u202e\u001b[1m";
    const parameters = ["one", "two"].map((name) => ({
      name: `${name}${hostile}`,
      type: "string",
      values: [hostile],
    }));
    const next = { ...ASKED, description: hostile, permissions: { ...ASKED.permissions, parameters } };
    const text = toMarkdown(reviewOf([step({ next, name: hostile })]));
    const outsideCode = text.replace(/`[^`\n]*`/g, "");
    expect(outsideCode).not.toMatch(/<script|@everyone|evil\.example|\n# /);
    expect(text).not.toMatch(/\p{Cf}|https:/u);
    expect(text).not.toContain("\u001b");
    expect(text.split("\n").filter((line) => line.startsWith("<!--"))).toHaveLength(1);
    const lines = toAnnotations(reviewOf([step({ next, name: hostile })]))
      .trim()
      .split("\n");
    expect(lines).toHaveLength(2);
  });

  test("mentions nobody", () => {
    const outputs = {
      ...{ status: "PENDING", statusCode: "PENDING_ACTIVATION", creationTime: NOW.toISOString() },
      approvers: [{ primaryIdentityId: "@everyone", primaryIdentityStatus: "PENDING" }],
    };
    const waiting = step({ op: "same", resource: "approvalTeam", old: TEAM, next: TEAM, outputs });
    const text = toMarkdown(reviewOf([waiting]));
    expect(text).toContain("everyone");
    expect(text).not.toMatch(/(@|&#64;)everyone/);
  });

  test("has no link and no control character of a failed preview, or of the name of what breaks a rule", () => {
    const { ownerAccountId: _, ...toAnyone } = ASKED;
    const diagnostics = [
      { severity: "error", message: "error: open https://example.com/claim\n\u001b[1mNo." },
    ];
    const steps = [step({ name: "https://example.com/claim\u001b[1m\n::stop-commands", next: toAnyone })];
    const text = JSON.stringify({ steps, diagnostics });
    const result = review(parsePreview(text), { now: NOW, rules: parseRules("missing-owner") });
    expect(result).toMatchObject({ findings: [{}], errors: ["open (link) \uFFFD[1mNo."] });
    for (const shown of [toMarkdown, toText, toAnnotations].map((to) => to(result))) {
      expect(shown).not.toMatch(/https:|\p{Cc}(?<!\n)/u);
      expect(shown).not.toMatch(/^::stop-commands/m);
    }
  });

  test("folds long values", () => {
    const described = (text: string) => ({ ...ASKED, description: text.repeat(300) });
    const change = { old: described("old "), next: described("new "), reasons: ["description"] };
    const text = toMarkdown(reviewOf([replacement(change)]));
    const outside = text.replace(/<details>.*<\/details>/g, "");
    expect(Math.max(...outside.split("\n").map(({ length }) => length))).toBeLessThan(600);
    expect(text).toContain(`<code>${"new ".repeat(300)}</code>`);
  });

  test.each(["dev", "prod--eu", "a-->b"])("begins with the marker of the stack %s", (stack) => {
    const urn = (one: object) =>
      JSON.parse(JSON.stringify(one).replaceAll("pulumi:dev::", `pulumi:${stack}::`));
    const [marker = ""] = toMarkdown(reviewOf([urn(step({ next: ASKED }))])).split("\n");
    expect(marker).toBe(`${MARKER} proj/${stack.replace(">", "-")} -->`);
  });

  const long = "value ".repeat(150);
  test.each([
    [
      "rules that are broken",
      (i: number) => step({ name: `customer-${i}`, next: toAnyoneAsked }),
      parseRules("missing-owner"),
    ],
    ["teams of which nothing certain is said", (i: number) => team(i, { tags: { a: "b" } }), []],
    ["long names and values", (i: number) => team(i, { name: `${long}${i}`, description: long }), []],
  ])("with a thousand %s is short enough for GitHub", (_, one, rules) => {
    const steps = Array.from({ length: 1000 }, (_, i) => one(i));
    const text = toMarkdown(reviewOf(steps, { rules }));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/[Aa]nd \d+ more/);
  });

  test("of a thousand customers is short enough for GitHub, and says what it leaves out", () => {
    const steps = Array.from({ length: 1000 }, (_, i) =>
      step({ name: `customer-${i}`, next: { ...ASKED, ownerAccountId: String(100_000_000_000 + i) } }),
    );
    const text = toMarkdown(reviewOf(steps));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("and 996 more.");
    expect(text).toMatch(/and \d+ more, which `aws-approvals review --format text` lists/);
    expect(unwrapped(toText(reviewOf(steps))).match(/is asked for access/g)).toHaveLength(1000);
  });

  test("of text has lines of at most 80 columns", () => {
    const description = "Read the list of buckets ".repeat(9);
    const text = toText(
      reviewOf([step({ name: "a-long-name-of-a-customer", next: { ...ASKED, description } })]),
    );
    expect(text).toContain("\n  a-long-name-of-a-customer: ");
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([toMarkdown, toText, toAnnotations])("names whom an update may ask: %p", (to) => {
    const tags = { ...TEAM, tags: { a: "b" } };
    const updated = step({ resource: "approvalTeam", old: TEAM, next: tags, outputs: WORKING });
    expect(to(reviewOf([updated]))).toMatch(/May ask the members of team `?ops/);
  });

  test("of annotations escapes what ends a property", () => {
    const lines = toAnnotations(reviewOf([step({ name: "a:b,c%", next: ASKED })])).split("\n");
    expect(lines).toEqual([
      `::notice title=Who is asked by this change to proj/dev::Asks account ${ACCOUNT}.`,
      `::notice title=Asked for access%3A a%3Ab%2Cc%25::Account ${ACCOUNT} is asked for access for 1 h.`,
      "",
    ]);
  });
});
