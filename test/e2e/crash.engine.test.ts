import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { className } from "../../src/declaration/properties";
import { waitForExit } from "../testing/waitForExit";
import { AwsFixture } from "./awsFixture";
import { pulumi, type RealStack, type Run } from "./engines";
import { integrityErrors } from "./integrity";
import type { Scenario } from "./scenario";
import { fronts, scenariosOf } from "./scenarios";

/** With the dynamic provider, `crash.test.ts` walks through all of them in this process. */
const SCENARIOS = Object.values(fronts).flatMap((front) => {
  const { identitySource, requestToAnyone, ...others } = scenariosOf(front);
  const { approvalTeam, vaultApprovalTeam, restoreAccessVault } = others;
  const more = front === fronts.plugin ? [approvalTeam, vaultApprovalTeam, restoreAccessVault] : [];
  return [identitySource, requestToAnyone, ...more].map((scenario) => ({ front: front.title, scenario }));
});
/** The call that makes the resource. */
const CREATES: Readonly<Record<string, string>> = {
  IdentitySource: "CreateIdentitySource",
  DelegationRequest: "CreateDelegationRequest",
  ApprovalTeam: "CreateApprovalTeam",
  VaultApprovalTeam: "AssociateBackupVaultMpaApprovalTeam",
  RestoreAccessVault: "CreateRestoreAccessBackupVault",
};
const PHASES = ["before-effect", "after-effect"] as const;

let folder: string;
let fixture: AwsFixture;
let stack: RealStack;
let extraInputs: { adopt?: true };
/** The child processes that this process has started. */
const engines: ChildProcess[] = [];
const onStart = (message: unknown) => void engines.push((message as { process: ChildProcess }).process);
const pidFile = () => join(folder, "provider.pid");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aws-approvals-crash-"));
  fixture = await AwsFixture.open();
  extraInputs = {};
  subscribe("child_process", onStart);
});
afterEach(async () => {
  unsubscribe("child_process", onStart);
  engines.length = 0;
  await stack?.close();
  await fixture.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(scenario: Scenario): Promise<void> {
  await scenario.arrange?.(fixture);
  stack = await pulumi.open({
    program: () => scenario.initial.declare("it", extraInputs),
    env: {
      ...fixture.env,
      // Each Node.js process that the engine starts adds its pid to this file. They are providers, of a preview too.
      NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "fixtures", "tellPid.cjs"))}`,
      TELL_PID: pidFile(),
    },
  });
}

const providerPids = () => readFileSync(pidFile(), "utf8").trim().split("\n").map(Number);

const killProvider = () => killAll(providerPids());

/** Those that have ended already stay ended. */
async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  await Promise.all(pids.map(waitForExit));
}

async function killEngine(): Promise<void> {
  const running = engines.filter(
    ({ spawnfile, exitCode, signalCode }) =>
      basename(spawnfile) === "pulumi" && exitCode === null && signalCode === null,
  );
  expect(running).toHaveLength(1);
  for (const engine of running) {
    engine.kill("SIGKILL");
    await once(engine, "exit");
  }
}

/** Runs `act` in the middle of the create call, and then drops the call if `drop` is set. */
function during(
  { declaration }: Scenario,
  phase: (typeof PHASES)[number],
  act: () => Promise<void>,
  drop: boolean,
) {
  const create = CREATES[className(declaration)];
  fixture.fault = async (call) => {
    if (call.operation !== create || call.phase !== phase) return undefined;
    fixture.fault = undefined;
    await act();
    return drop ? { drop: true } : undefined;
  };
}

/**
 * A provider that goes on without its engine marks the source as owned, and no state has the owner's id: the next up
 * stops, and adoption goes on.
 */
async function upOrAdopt(): Promise<Run> {
  const run = await stack.run("up");
  if (fixture.ownershipIds().length === 0) return run;
  const isRecorded = (await stack.state()).resources?.some(({ outputs }) => outputs?.["ownershipId"]);
  if (isRecorded) return run;
  expect(run.errors).toEqual([expect.stringContaining("adopt: true")]);
  extraInputs = { adopt: true };
  return stack.run("up");
}

/** The next up recovers: the stack has what AWS has, and AWS has duplicates only where an answer was lost. */
async function recovers(scenario: Scenario, lostAnswers: number): Promise<string[]> {
  const { changes, errors, warnings } = await upOrAdopt();
  expect({ changes, errors }).toEqual({ changes: ["create it"], errors: [] });
  const there = await scenario.findAll(fixture);
  expect(there).toHaveLength(1 + (scenario.deletion === "deletes" ? 0 : lostAnswers));
  expect(there.at(-1)).toEqual(scenario.initial.expected);
  const known = (await stack.state()).resources?.filter(({ urn }) => urn.endsWith("::it"));
  expect(known?.map(({ id }) => id)).toEqual(scenario.remoteIds(fixture).slice(-1));
  // The engine keeps an interrupted create as pending until the user clears it.
  expect((await stack.run("refresh", { clearPendingCreates: true })).errors).toEqual([]);
  expect(integrityErrors(await stack.state())).toEqual([]);
  expect((await stack.run("preview")).changes).toEqual([]);
  return warnings;
}

describe.each(SCENARIOS)("$scenario.title, $front", ({ scenario }) => {
  test.each(PHASES)("a create recovers from a kill of the provider %s", async (phase) => {
    await open(scenario);
    during(scenario, phase, killProvider, true);
    expect((await stack.run("up")).errors).not.toEqual([]);
    await recovers(scenario, phase === "after-effect" ? 1 : 0);
  });

  test.each(PHASES)("a create recovers from a kill of the engine %s", async (phase) => {
    await open(scenario);
    during(scenario, phase, killEngine, false);
    expect((await stack.run("up")).errors).not.toEqual([]);
    // A killed engine leaves its lock behind, and a dynamic provider. A plugin notices, and ends.
    const left = providerPids();
    expect((await stack.run("up")).errors).toEqual([expect.stringContaining("locked")]);
    await stack.unlock();
    // The call was made, but no engine received the result.
    const warnings = await recovers(scenario, 1);
    // Of a scenario whose resource has nothing pending, the program has an output that is undefined.
    expect(warnings.filter((warning) => !warning.startsWith("Undefined value"))).toEqual([
      expect.stringContaining("pending"),
    ]);
    await killAll(left);
  });
});
