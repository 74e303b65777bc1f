import { iam } from "../../src";
import {
  EngineKilledError,
  testStack as open,
  type StackFault,
  startEmulator,
  type TestStack,
  type TestStackOptions,
} from "../../src/testing";

const stacks: TestStack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

const asked = {
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
};
const askBoth = () => {
  const acme = new iam.DelegationRequest("acme", asked);
  new iam.DelegationRequest("globex", asked, { dependsOn: acme });
};

async function testStack(options: Partial<TestStackOptions<unknown>> = {}): Promise<TestStack> {
  const stack = await open<unknown>({ program: askBoth, ...options });
  stacks.push(stack);
  return stack;
}
const idsOf = (stack: TestStack) => stack.resources().map(({ id }) => id);
const madeOn = ({ emulator }: TestStack) => [...emulator.store.delegationRequests.keys()];
const pendingOn = (stack: TestStack) =>
  (stack.exportState().deployment.pending_operations ?? []).map(({ type }) => type);

describe("an engine that is killed", () => {
  test.each<{ when: "before" | "after" | "recorded"; recorded: number; made: number; pending: string[] }>([
    { when: "before", recorded: 1, made: 1, pending: ["creating"] },
    { when: "after", recorded: 1, made: 2, pending: ["creating"] },
    { when: "recorded", recorded: 2, made: 2, pending: [] },
  ])("$when: the state tells what was recorded until then, and the next run goes on", async (death) => {
    const stack = await testStack({
      inlineProvider: true,
      faults: [{ kill: "engine", op: "create", name: "globex", when: death.when }],
    });
    const error = await stack.up().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineKilledError);
    expect(String(error)).toMatch(new RegExp(`create .*::globex, ${death.when}`));
    expect(stack.pendingFaults()).toEqual([]);
    expect(idsOf(stack)).toEqual(madeOn(stack).slice(0, death.recorded));
    expect(madeOn(stack)).toHaveLength(death.made);
    expect(pendingOn(stack)).toEqual(death.pending);

    const { changes } = await stack.up();
    expect(changes).toEqual(death.recorded === 2 ? [] : ["create DelegationRequest globex"]);
    expect(idsOf(stack)).toHaveLength(2);
    await stack.refresh({ clearPendingCreates: true });
    expect(pendingOn(stack)).toEqual([]);
  });

  test("dies at the nth step, of whatever kind", async () => {
    const faults: StackFault[] = [{ kill: "engine", step: 2, when: "recorded" }];
    const stack = await testStack({ inlineProvider: true, faults });
    await expect(stack.up()).rejects.toThrow(/create .*::globex, recorded/);
    stack.injectFaults({ kill: "engine", step: 2 });
    await expect(stack.destroy()).rejects.toThrow(/delete .*::acme, before/);
    expect(stack.resources().map(({ name }) => name)).toEqual(["acme"]);
    expect((await stack.destroy()).changes).toEqual(["delete DelegationRequest acme"]);
  });

  test("between the halves of a replacement: both are held, and the new one is meant by the name", async () => {
    let sessionDuration = 3600;
    const stack = await testStack({
      inlineProvider: true,
      program: () => void new iam.DelegationRequest("acme", { ...asked, sessionDuration }),
    });
    await stack.up();
    sessionDuration = 7200;
    stack.injectFaults({ kill: "engine", op: "delete-replaced" });
    await expect(stack.up()).rejects.toThrow(EngineKilledError);
    const { id, outputs } = stack.resource("acme");
    expect(outputs).toMatchObject({ delegationRequestId: id, sessionDuration: 7200 });
    expect(stack.resources().filter(({ pending }) => pending)).toMatchObject([
      { name: "acme", pending: "deletion", outputs: { sessionDuration: 3600 } },
    ]);
    await stack.up();
    expect(idsOf(stack)).toEqual([id]);
  });

  test("takes along what runs beside it", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `it${index}`);
    const stack = await testStack({
      program: () => names.forEach((name) => void new iam.DelegationRequest(name, asked)),
      faults: [{ kill: "engine", step: 3, when: "after" }],
    });
    await expect(stack.up()).rejects.toThrow(EngineKilledError);
    const recorded = idsOf(stack);
    expect(madeOn(stack)).toEqual(expect.arrayContaining(recorded));
    expect(recorded.length).toBeLessThan(names.length);
    const { changes } = await stack.up();
    expect(changes).toHaveLength(names.length - recorded.length);
    expect(idsOf(stack)).toEqual(expect.arrayContaining(recorded));
  });
});

describe("a provider that is killed", () => {
  test.each([
    { when: "before", made: 1 },
    { when: "after", made: 2 },
  ] as const)(
    "$when a call's effect: said, on record as pending, and made good by the next run",
    async (death) => {
      const fault: StackFault = {
        ...{ kill: "provider", operation: "iam:CreateDelegationRequest", call: 2, when: death.when },
      };
      const stack = await testStack({ faults: [fault] });
      expect(stack.pendingFaults()).toEqual([fault]);
      await expect(stack.up()).rejects.toThrow("the provider process went away during the call");
      expect(madeOn(stack)).toHaveLength(death.made);
      expect(pendingOn(stack)).toEqual(["creating"]);
      expect((await stack.up()).changes).toEqual(["create DelegationRequest globex"]);
      expect(stack.pendingFaults()).toEqual([]);
    },
  );

  test("is its own stack's, on an embedded AWS that several share", async () => {
    await using emulator = await startEmulator();
    const [mine, theirs] = await Promise.all(
      ["111111111111", "222222222222"].map((account) => {
        const notificationChannel = asked.notificationChannel.replace("000000000000", account);
        const program = () => void new iam.DelegationRequest("it", { ...asked, notificationChannel });
        return testStack({ emulator, account, program });
      }),
    );
    mine?.injectFaults({ kill: "provider", operation: "iam:*", call: "every" });
    const failed = expect(mine?.up()).rejects.toThrow("went away");
    expect((await theirs?.up())?.changes).toEqual(["create DelegationRequest it"]);
    await failed;
  });
});

test("something happens in the middle of a call", async () => {
  const stack = await testStack({
    inlineProvider: true,
    faults: [
      {
        ...{ operation: "iam:CreateDelegationRequest", when: "after" },
        meanwhile: () => stack.emulator.customer().approve(madeOn(stack)[0] ?? ""),
      },
    ],
  });
  await stack.up();
  const [acme] = madeOn(stack);
  expect(stack.emulator.store.delegationRequests.get(acme ?? "")?.state).toBe("FINALIZED");
});

test.each<[StackFault, string]>([
  [{ kill: "engine", step: 0 }, "step: must be a whole number from 1, is 0"],
  [{ kill: "engine", step: 1.5 }, "is 1.5"],
  [{ kill: "engine", when: "midway" as "after" }, "when: must be before, after or recorded, is midway"],
  [{ operation: "iam:*", when: "recorded" as "after", drop: true }, "when: must be before or after"],
  [{ kill: "provider", operation: "CreateDelegationRequest" }, "operation: must be like"],
  [
    { kill: "provider", operation: "iam:*", call: -1 },
    'call: must be "every" or a whole number from 1, is -1',
  ],
])("a plan that cannot be is refused: %j", async (fault, message) => {
  await expect(testStack({ faults: [fault] })).rejects.toThrow(message);
});

test("an inline provider has no process to kill", async () => {
  const faults: StackFault[] = [{ kill: "provider", operation: "iam:*" }];
  await expect(testStack({ inlineProvider: true, faults })).rejects.toThrow("kill: an inline provider");
});

test("an embedded AWS has no processes to kill, and says whose they are", async () => {
  const kill = { kill: "provider", operation: "*", drop: true } as const;
  // @ts-expect-error Its types say so as well.
  await expect(startEmulator({ faults: [kill] })).rejects.toThrow(
    "kill: applies to the processes of a stack",
  );
});
