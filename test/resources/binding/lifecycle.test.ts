// The two resources that bind a team to what it protects have one lifecycle: all of it, with each service of AWS.

import { type BackupClient, DisassociateBackupVaultMpaApprovalTeamCommand } from "@aws-sdk/client-backup";
import type { Call, Fault, Session } from "../../../src/emulator";
import { vaultApprovalTeamLifecycle } from "../../../src/resources/backup/vaultApprovalTeam/lifecycle";
import { teamAssociationLifecycle } from "../../../src/resources/paymentcryptography/teamAssociation/lifecycle";
import { airGappedVault, asAccount, associate, type Vault } from "../../emulator/backup/vaults";
import { useHarness } from "../../emulator/harness";
import { activeTeam, type Team, vote } from "../../emulator/mpa/approvalTeams";
import { ACTION, call as callPaymentCryptography } from "../../emulator/paymentcryptography/associations";
import { served } from "../../provider/served";

let onCall: ((call: Call) => Fault | undefined) | undefined;
const harness = useHarness({ intercept: (call) => onCall?.(call) });

let log: jest.SpyInstance;
/** Of one account. */
let team: Team;
let other: Team;
let vault: Vault;
beforeEach(async () => {
  log = jest.spyOn(console, "log").mockImplementation();
  team = await activeTeam(harness());
  other = await activeTeam(harness());
});
afterEach(() => {
  onCall = undefined;
  log.mockRestore();
});

/** What AWS has of the thing that a team protects. */
interface Bound {
  team?: { arn: string };
  session?: Session | undefined;
}

const backup = {
  title: "VaultApprovalTeam",
  lifecycle: vaultApprovalTeamLifecycle,
  noun: "vault",
  names: {
    target: "backupVaultName",
    team: "mpaApprovalTeamArn",
    pending: "pendingMpaApprovalTeamArn",
    refused: "refusedMpaApprovalTeamArn",
    vote: "latestMpaApprovalTeamUpdate",
  },
  operations: {
    find: "DescribeBackupVault",
    associate: "AssociateBackupVaultMpaApprovalTeam",
    disassociate: "DisassociateBackupVaultMpaApprovalTeam",
  },
  begin: async () => {
    vault = await airGappedVault(harness(), team.account);
  },
  id: () => vault.arn,
  target: () => vault.name,
  found(): Bound | undefined {
    const it = harness().emulator.store.backupVaults.get(vault.arn);
    return it && { ...(it.team && { team: it.team }), session: it.teamUpdate };
  },
  showSession: (session: Session | undefined) => {
    Object.assign(harness().emulator.store.backupVaults.get(vault.arn) ?? {}, { teamUpdate: session });
  },
  associate: (arn: string): Promise<unknown> => associate(harness(), vault, arn),
  disassociate: (): Promise<unknown> =>
    asAccount(harness(), vault.account, (client: BackupClient) =>
      client.send(new DisassociateBackupVaultMpaApprovalTeamCommand({ BackupVaultName: vault.name })),
    ),
  vanish: () => (harness().emulator.store.backupVaults as Map<string, unknown>).delete(vault.arn),
};
const paymentCryptography: typeof backup = {
  title: "TeamAssociation",
  lifecycle: teamAssociationLifecycle,
  noun: "operation",
  names: {
    target: "action",
    team: "mpaTeamArn",
    pending: "pendingMpaTeamArn",
    refused: "refusedMpaTeamArn",
    vote: "mpaStatus",
  },
  operations: {
    find: "GetMpaTeamAssociation",
    associate: "AssociateMpaTeam",
    disassociate: "DisassociateMpaTeam",
  },
  begin: async () => {},
  id: () => `us-east-1/${ACTION}`,
  target: () => ACTION,
  found: () => harness().emulator.store.teamAssociations.get(`${team.account} us-east-1 ${ACTION}`),
  showSession: (session) => {
    const { teamAssociations } = harness().emulator.store;
    Object.assign(teamAssociations.get(`${team.account} us-east-1 ${ACTION}`) ?? {}, { session });
  },
  associate: (MpaTeamArn) =>
    callPaymentCryptography(harness(), team.account, "AssociateMpaTeam", { Action: ACTION, MpaTeamArn }),
  disassociate: () =>
    callPaymentCryptography(harness(), team.account, "DisassociateMpaTeam", { Action: ACTION }),
  vanish: () =>
    (harness().emulator.store.teamAssociations as Map<string, unknown>).delete(
      `${team.account} us-east-1 ${ACTION}`,
    ),
};

describe.each([backup, paymentCryptography])("$title", (binding) => {
  const { lifecycle, names, operations } = binding;
  beforeEach(() => binding.begin());

  const inputsOf = (more: object = {}) => ({
    __provider: "text",
    origin: "org/proj/dev::protection",
    [names.target]: binding.target(),
    [names.team]: team.arn,
    ...more,
  });
  const to = (wanted: Team, more: object = {}) => ({ [names.team]: wanted.arn, ...more });
  const provider = (config: Record<string, string> = {}) =>
    served(lifecycle, harness().emulator, harness().clock, {
      account: team.account,
      "aws:maxRetries": "1",
      ...config,
    });
  const create = async (more: object = {}) => (await provider()).create(inputsOf(more));
  const update = async (outs: object, more: object = {}) =>
    (await provider()).update(binding.id(), outs, inputsOf(more));
  const diff = async (outs: object, more: object = {}) =>
    (await (await provider()).diff(binding.id(), outs, inputsOf(more))) as {
      changes?: boolean;
      replaces?: string[];
    };
  const read = async (outs: object) => (await provider()).read(binding.id(), outs);
  const remove = async (outs: object) => (await provider()).delete(binding.id(), outs);
  const session = () => binding.found()?.session?.arn ?? "";
  const calls = (operation: string) =>
    harness().emulator.calls.filter((call) => call.operation === operation && call.account === team.account);
  const lines = () => log.mock.calls.flat().join("\n");
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => Promise.reject(new Error("did not fail")),
      (error: Error & { id?: string; properties?: object }) => error,
    );
  /** Of the first call. */
  const loseAnswer = (operation: string) => {
    let isLost = false;
    onCall = (call) => {
      if (isLost || call.operation !== operation || call.phase !== "after-effect") return undefined;
      isLost = true;
      return { drop: true };
    };
  };
  /** The members of the present team vote as soon as somebody looks. */
  const voteAtOnce = (response: "APPROVED" | "REJECTED") => {
    onCall = ({ operation, phase }) => {
      const { session: latest } = binding.found() ?? {};
      if (operation === operations.find && phase === "before-effect" && latest?.status === "PENDING")
        vote(harness(), latest.arn, response, "alice", "bob");
      return undefined;
    };
  };

  describe("create", () => {
    test("associates the first team at once", async () => {
      const { id, outs } = await create();
      expect(id).toBe(binding.id());
      expect(outs).toMatchObject(to(team));
      expect(outs?.[names.vote]).toBeUndefined();
      expect(binding.found()?.team?.arn).toBe(team.arn);
    });

    test("leaves the team that is associated already, and asks nobody", async () => {
      await binding.associate(team.arn);
      const before = calls(operations.associate).length;
      await create();
      expect(calls(operations.associate)).toHaveLength(before);
    });

    test("does not ask another's team to leave, unless the program adopts the vault", async () => {
      await binding.associate(other.arn);
      expect((await failure(create())).message).toMatch(/already has another team: .*adopt: true/);
      expect(binding.found()?.session).toBeUndefined();
      const { outs } = await create({ adopt: true });
      expect(outs).toMatchObject({ ...to(other), [names.pending]: team.arn });
    });
  });

  describe("another team", () => {
    const change = async () => {
      const { outs } = await create();
      return (await update(outs ?? {}, to(other))).outs ?? {};
    };

    test("is pending until the present one has voted, and is not asked for again", async () => {
      const outs = await change();
      expect(outs).toMatchObject({
        ...to(team),
        [names.pending]: other.arn,
        [names.vote]: { mpaSessionArn: session(), status: "PENDING" },
      });
      expect((await diff(outs, to(other))).changes).toBe(false);
      expect(lines()).toContain(
        `the change is not requested again: the members of the current team can vote in session ${session()}`,
      );
      const again = await update(outs, to(other, { requesterComment: "please" }));
      expect(again.outs).toMatchObject({ [names.pending]: other.arn, requesterComment: "please" });
      expect(calls(operations.associate)).toHaveLength(2);
    });

    test("is there after a refresh when it is approved", async () => {
      const outs = await change();
      vote(harness(), session(), "APPROVED", "alice", "bob");
      const { props = {} } = await read(outs);
      expect(props).toMatchObject(to(other));
      expect(props[names.pending]).toBeUndefined();
      expect((await diff(props, to(other))).changes).toBe(false);
    });

    test.each<[string, () => void]>([
      ["is rejected", () => vote(harness(), session(), "REJECTED", "alice", "bob")],
      ["finds no answer for a day", () => harness().clock.advance("25h")],
    ])(
      "that %s: a refresh and a preview say that program and AWS disagree, and nobody is asked again",
      async (_, end) => {
        const outs = await change();
        end();
        const { props = {} } = await read(outs);
        expect(props).toMatchObject({
          ...to(team),
          [names.vote]: { status: "FAILED" },
        });
        expect(props[names.pending]).toBeUndefined();
        expect((await diff(props, to(other))).changes).toBe(true);
        expect(lines()).toMatch(/did not approve the change .* Until then, pulumi up fails and asks nobody/);
        const refused = await failure(update(props, to(other)));
        expect(refused.message).toMatch(/did not approve the change .* Change generation to ask them again/);
        expect(refused.message).toContain(session());
        await failure(update(refused.properties ?? {}, to(other)));
        expect(calls(operations.associate)).toHaveLength(2);
        expect((await diff(refused.properties ?? {}, to(other))).changes).toBe(true);
      },
    );

    const refusedChange = async () => {
      const outs = await change();
      vote(harness(), session(), "REJECTED", "alice", "bob");
      return (await read(outs)).props ?? {};
    };

    test("that was refused is asked for again in another generation, once", async () => {
      const props = await refusedChange();
      const again = await update(props, to(other, { generation: 2 }));
      expect(again.outs).toMatchObject({ [names.pending]: other.arn, generation: 2 });
      expect(again.outs).not.toHaveProperty(names.refused);
      expect(calls(operations.associate)).toHaveLength(3);
      vote(harness(), session(), "REJECTED", "alice", "bob");
      const refused = await failure(update(again.outs ?? {}, to(other, { generation: 2 })));
      expect(refused.message).toMatch(/did not approve the change/);
      expect(calls(operations.associate)).toHaveLength(3);
    });

    test("that was refused does not keep the program from asking for a third one, or from going back", async () => {
      const props = await refusedChange();
      const back = await diff(props);
      expect(back.changes).toBe(true);
      const { outs = {} } = await update(props);
      expect(outs).not.toHaveProperty(names.refused);
      expect((await diff(outs)).changes).toBe(false);
      const third = await activeTeam(harness());
      expect((await update(props, to(third))).outs).toMatchObject({ [names.pending]: third.arn });
      expect(calls(operations.associate)).toHaveLength(3);
    });

    test("whose request a crash has kept from the state, and which was refused, is not asked for again", async () => {
      const { outs = {} } = await create();
      await binding.associate(other.arn);
      vote(harness(), session(), "REJECTED", "alice", "bob");
      const refused = await failure(update(outs, to(other)));
      expect(refused.message).toMatch(/did not approve the change/);
      expect(refused.properties).toMatchObject({ [names.refused]: other.arn });
      expect(calls(operations.associate)).toHaveLength(2);
    });

    test("a change of the generation alone asks nobody", async () => {
      const { outs = {} } = await create();
      expect((await diff(outs, { generation: 2 })).changes).toBe(true);
      expect((await update(outs, { generation: 2 })).outs).toMatchObject(to(team, { generation: 2 }));
      expect(calls(operations.associate)).toHaveLength(1);
    });

    test("is refused while the members vote about none, also when the state does not know", async () => {
      const { outs = {} } = await create();
      await failure(remove(outs));
      for (const known of [outs, (await read(outs)).props ?? {}]) {
        const refused = await failure(update(known, to(other)));
        expect(refused.message).toMatch(/another change is in progress: .* in session arn:/);
        expect(refused.message).toContain(session());
      }
      await diff((await read(outs)).props ?? {}, to(other));
      expect(lines()).toMatch(/a change is in progress: .* Until then, pulumi up asks nobody/);
      expect(lines()).not.toMatch(/will vote on another team/);
      expect(calls(operations.associate)).toHaveLength(1);
    });

    test("is asked for when the members have kept their team, since that said nothing about the other", async () => {
      const { outs = {} } = await create();
      await failure(remove(outs));
      vote(harness(), session(), "REJECTED", "alice", "bob");
      expect((await update(outs, to(other))).outs).toMatchObject({ [names.pending]: other.arn });
      expect(calls(operations.associate)).toHaveLength(2);
    });

    test("is an error that names the session while a different one is pending", async () => {
      const outs = await change();
      for (const wanted of [await activeTeam(harness()), team]) {
        await diff(outs, to(wanted));
        expect(lines()).toMatch(/another change is in progress: .* Until then, pulumi up fails/);
        const refused = await failure(update(outs, to(wanted)));
        expect(refused.message).toMatch(
          /another change is in progress: .* in session arn:aws:mpa:.* until 20/,
        );
        expect(refused.message).toContain(session());
        log.mockClear();
      }
      expect(calls(operations.associate)).toHaveLength(2);
    });

    test("that is asked for and not recorded is not asked for again", async () => {
      const { outs } = await create();
      onCall = ({ operation, phase }) =>
        operation === operations.associate && phase === "after-effect" ? { drop: true } : undefined;
      await failure(update(outs ?? {}, to(other)));
      onCall = undefined;
      for (const known of [outs ?? {}, (await read(outs ?? {})).props ?? {}])
        expect((await update(known, to(other))).outs).toMatchObject({ [names.pending]: other.arn });
      expect(calls(operations.associate)).toHaveLength(2);
    });

    test("whose answer is lost is asked for once, although AWS refuses the repeat", async () => {
      const { outs = {} } = await create();
      loseAnswer(operations.associate);
      const repeating = await provider({ "aws:maxRetries": "3" });
      const next = await repeating.update(binding.id(), outs, inputsOf(to(other)));
      expect(next.outs).toMatchObject({ [names.pending]: other.arn });
      expect(calls(operations.associate)).toHaveLength(3);
    });

    test("that was asked for is in the state although AWS cannot be read then", async () => {
      const { outs } = await create();
      onCall = ({ operation }) =>
        operation === operations.find && calls(operations.associate).length === 2
          ? { error: { status: 500, code: "ServiceUnavailableException" } }
          : undefined;
      const failed = await failure(update(outs ?? {}, to(other)));
      expect(failed).toMatchObject({ id: binding.id(), properties: to(team) });
    });

    test("that was asked for again is not taken for refused although AWS cannot be read then", async () => {
      const props = await refusedChange();
      const again = to(other, { generation: 2 });
      onCall = ({ operation }) =>
        operation === operations.find && calls(operations.associate).length === 3
          ? { error: { status: 500, code: "ServiceUnavailableException" } }
          : undefined;
      const failed = await failure(update(props, again));
      expect(failed.properties).not.toHaveProperty(names.refused);
      onCall = undefined;
      for (const known of [failed.properties ?? {}, (await read(failed.properties ?? {})).props ?? {}])
        expect((await update(known, again)).outs).toMatchObject({ [names.pending]: other.arn });
      expect(calls(operations.associate)).toHaveLength(3);
    });

    test("waits for the votes although AWS still shows the refusal of an earlier one", async () => {
      const props = await refusedChange();
      const refusal = binding.found()?.session;
      let asked: Session | undefined;
      let oldAnswers = 0;
      onCall = ({ operation, phase }) => {
        if (phase === "before-effect") return undefined;
        if (operation === operations.associate) {
          asked = binding.found()?.session;
          binding.showSession(refusal);
        } else if (operation === operations.find && asked && ++oldAnswers === 2) {
          binding.showSession(asked);
          vote(harness(), asked.arn, "APPROVED", "alice", "bob");
        }
        return undefined;
      };
      const waiting = to(other, { generation: 2, waitFor: "APPROVED" });
      expect((await update(props, waiting)).outs).toMatchObject(to(other));
    });

    test("waits for the votes when the program says so", async () => {
      const { outs } = await create();
      voteAtOnce("APPROVED");
      const waiting = to(other, { waitFor: "APPROVED" });
      expect((await update(outs ?? {}, waiting)).outs).toMatchObject(to(other));
    });

    test("fails as soon as it is rejected", async () => {
      const { outs } = await create();
      voteAtOnce("REJECTED");
      const refused = await failure(update(outs ?? {}, to(other, { waitFor: "APPROVED" })));
      expect(refused.message).toMatch(/it is FAILED \(REJECTED, arn:.*\), not APPROVED/);
      expect(refused.properties).toMatchObject(to(team));
    });

    test("goes on waiting after a timeout, and asks nobody again who has said no waiting after a timeout", async () => {
      const { outs } = await create();
      const waiting = to(other, { waitFor: "APPROVED" });
      const late = await failure(update(outs ?? {}, waiting));
      expect(late.message).toMatch(/still PENDING .* timeouts\.create/);
      expect(late.properties).toMatchObject({ [names.pending]: other.arn });
      expect((await diff(late.properties ?? {}, waiting)).changes).toBe(true);
      voteAtOnce("REJECTED");
      const refused = await failure(update(late.properties ?? {}, waiting));
      expect(refused.message).toMatch(
        /did not approve the change \(REJECTED\) in session .*\. Change generation to ask them again/,
      );
      expect(refused.properties).toMatchObject(to(team));
      expect(refused.properties).not.toHaveProperty(names.pending);
      expect(calls(operations.associate)).toHaveLength(2);
    });
  });

  describe("delete", () => {
    test("asks the team, and fails until it has approved", async () => {
      const { outs = {} } = await create();
      const asked = await failure(remove(outs));
      expect(asked.message).toMatch(
        /until its members approve the removal: .* until 20.* Run pulumi destroy again after the vote/,
      );
      expect(asked.message).toContain(session());
      expect((await failure(remove(outs))).message).toContain(session());
      expect(calls(operations.disassociate)).toHaveLength(1);
      vote(harness(), session(), "APPROVED", "alice", "bob");
      await remove(outs);
      expect(binding.found()?.team).toBeUndefined();
      expect(calls(operations.disassociate)).toHaveLength(1);
    });

    test("whose answer is lost asks once, although AWS refuses the repeat", async () => {
      const { outs = {} } = await create();
      loseAnswer(operations.disassociate);
      const repeating = await provider({ "aws:maxRetries": "3" });
      const asked = await failure(repeating.delete(binding.id(), outs));
      expect(asked.message).toMatch(/until its members approve the removal/);
    });

    test("waits when the program says so, and fails when the team says no", async () => {
      const { outs = {} } = await create({ deletion: "wait" });
      voteAtOnce("REJECTED");
      expect((await failure(remove(outs))).message).toMatch(/it is FAILED \(REJECTED/);
      expect(binding.found()?.team?.arn).toBe(team.arn);
      expect((await failure(remove(outs))).message).toMatch(
        /did not approve the removal \(REJECTED\)\. To ask them again/,
      );
      expect(calls(operations.disassociate)).toHaveLength(1);
      const { props = {} } = await read(outs);
      voteAtOnce("APPROVED");
      await remove(props);
      expect(binding.found()?.team).toBeUndefined();
    });

    test("waits for a change that is under way", async () => {
      const { outs } = await create();
      const changed = await update(outs ?? {}, to(other));
      const refused = await failure(remove(changed.outs ?? {}));
      expect(refused.message).toMatch(/cannot be removed yet/);
      expect(calls(operations.disassociate)).toHaveLength(0);
    });

    test("waits for a change that a crash has kept from the state", async () => {
      const { outs = {} } = await create();
      await binding.associate(other.arn);
      for (const known of [outs, (await read(outs)).props ?? {}]) {
        const refused = await failure(remove(known));
        expect(refused.message).toMatch(/cannot be removed yet: .* in session arn:.* pulumi refresh/);
        expect(refused.message).toContain(session());
      }
      vote(harness(), session(), "REJECTED", "alice", "bob");
      expect((await failure(remove(outs))).message).toMatch(/until its members approve the removal/);
      expect(calls(operations.disassociate)).toHaveLength(1);
    });

    test("takes a vote for its own where nobody may see what it is about", async () => {
      const { outs = {} } = await create();
      await failure(remove(outs));
      onCall = ({ operation, phase }) =>
        operation === "GetSession" && phase === "before-effect"
          ? { error: { status: 403, code: "AccessDeniedException" } }
          : undefined;
      expect((await failure(remove(outs))).message).toMatch(/until its members approve the removal/);
      expect(calls(operations.disassociate)).toHaveLength(1);
    });

    test("leaves a team that somebody else has put there", async () => {
      const { outs = {} } = await create();
      await binding.associate(other.arn);
      vote(harness(), session(), "APPROVED", "alice", "bob");
      await remove(outs);
      expect(lines()).toMatch(/is removed from the stack without a vote/);
      expect(binding.found()?.team?.arn).toBe(other.arn);
    });

    test("is done when the team, or what it protects, is gone", async () => {
      const { outs = {} } = await create();
      await binding.disassociate();
      vote(harness(), session(), "APPROVED", "alice", "bob");
      await remove(outs);
      binding.vanish();
      await remove(outs);
      expect(calls(operations.disassociate)).toHaveLength(1);
    });
  });

  describe("read", () => {
    test("says that the resource is gone when the team, or what it protects, is gone", async () => {
      const { outs = {} } = await create();
      await binding.disassociate();
      vote(harness(), session(), "APPROVED", "alice", "bob");
      expect(await read(outs)).toEqual({ id: "", props: {} });
      binding.vanish();
      expect(await read(outs)).toEqual({ id: "", props: {} });
    });

    test("by the id alone", async () => {
      await binding.associate(team.arn);
      const { props } = await (await provider()).read(binding.id(), { __provider: "text" });
      expect(props).toMatchObject({ [names.target]: binding.target(), ...to(team) });
    });
  });
});
