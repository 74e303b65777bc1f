import { setImmediate } from "node:timers/promises";
import { Project } from "./project";

// Whole test runs in processes of their own, beside other tests.
jest.setTimeout(180_000);

const REQUEST = `{
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
}`;

/** A file of tests without a word that is one runner's own: what passes, what is expected to fail, what is left open. */
const tests = (expectFailure: string, close: boolean) => `
test("a stack, and who is asked", async () => {
  const stack = await testStack({
    program: () => ({ id: new iam.DelegationRequest("acme", ${REQUEST}).delegationRequestId }),
  });
  const { outputs } = await stack.up();
  await stack.emulator.customer().approve(outputs.id);
  ${close ? "await stack.close();" : ""}
});
test("a failure that is expected", async () => {
  const stack = await testStack({
    program: () => new iam.DelegationRequest("acme", { ...${REQUEST}, sessionDuration: 1 }),
  });
  await ${expectFailure}(stack.up());
  ${close ? "await stack.close();" : ""}
});
`;

const IMPORTS = `
const { iam } = require("pulumi-aws-approvals");
const { testStack } = require("pulumi-aws-approvals/testing");
`;

const NODE = `
const test = require("node:test");
const assert = require("node:assert");
const fails = (promise) => assert.rejects(promise, /sessionDuration/);
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

const withProject = async <T>(
  files: Record<string, string>,
  act: (project: Project) => Promise<T>,
): Promise<T> => {
  const project = new Project(files);
  try {
    return await act(project);
  } finally {
    project.remove();
  }
};

test("works in node:test, in files that run side by side", async () => {
  const file = IMPORTS + NODE + tests("fails", true);
  await withProject({ "a.test.js": file, "b.test.js": file }, async (project) => {
    const { code, output } = await project.run("--test");
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/pass 4\n.*fail 0\n/s) });
  });
});

test("works in Jest, in workers and in its own process", async () => {
  const file = `${IMPORTS} const fails = (promise) => expect(promise).rejects.toThrow("sessionDuration"); ${tests("fails", true)}`;
  await withProject({ "a.test.js": file, "b.test.js": file }, async (project) => {
    for (const how of ["--maxWorkers=2", "--runInBand"]) {
      const { code, output } = await project.jest(how);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Tests:       4 passed") });
      expect(output).not.toMatch(/did not exit|failed to exit/);
    }
  });
});

test("a stack that nobody closes keeps no process alive, and leaves none behind", async () => {
  const file = `${IMPORTS + NODE + tests("fails", false)}
    test("the children", () => {
      const children = require("node:child_process").execFileSync("pgrep", ["-P", String(process.pid)], { encoding: "utf8" });
      console.log("children: " + children.trim().split("\\n").join(" "));
    });`;
  await withProject({ "a.test.js": file }, async (project) => {
    const { code, output } = await project.run("a.test.js");
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/pass 3\n/) });
    const children = /children: ([\d ]+)/.exec(output)?.[1]?.split(" ").map(Number) ?? [];
    expect(children.length).toBeGreaterThan(1);
    const deadline = Date.now() + 10_000;
    while (children.some(isAlive) && Date.now() < deadline) await setImmediate();
    expect(children.filter(isAlive)).toEqual([]);
  });
});

test("a test that throws leaves nothing open", async () => {
  const file = `${IMPORTS}
    async function main() {
      await using stack = await testStack({ program: () => new iam.DelegationRequest("acme", ${REQUEST}) });
      await stack.up();
      throw new Error("so much for that");
    }
    main().catch((error) => {
      console.log(error.message);
      setImmediate(() => console.log(JSON.stringify(process.getActiveResourcesInfo().filter((one) => !/^(TTY|Pipe)Wrap$/.test(one)))));
    });`;
  await withProject({ "main.ts": file }, async (project) => {
    const { code, output } = await project.run("--import", require.resolve("tsx"), "main.ts");
    expect({ code, output }).toEqual({ code: 0, output: "so much for that\n[]\n" });
  });
});

test("a hundred ups of ten resources leak no handles and no memory, and a warm one is quick", async () => {
  const file = `${IMPORTS}
    const open = () => process.getActiveResourcesInfo().length;
    const used = () => { global.gc(); global.gc(); return process.memoryUsage().heapUsed / 2 ** 20; };
    async function main() {
      let odd = true;
      const stack = await testStack({
        program: () => { for (let i = 0; i < 10; i++) new iam.DelegationRequest("r" + i, { ...${REQUEST}, renewWhen: i === 0 && odd ? ["EXPIRED"] : [] }); },
      });
      const times = [];
      const up = async () => {
        odd = !odd;
        const started = performance.now();
        const { changes } = await stack.up();
        times.push(performance.now() - started);
        if (times.length > 1 && changes.join() !== "update DelegationRequest r0") throw new Error(changes.join());
      };
      for (let i = 0; i < 20; i++) await up();
      const before = { handles: open(), heap: used() };
      for (let i = 0; i < 80; i++) await up();
      const after = { handles: open(), heap: used() };
      await stack.close();
      const warm = times.slice(1).sort((a, b) => a - b)[10];
      console.log(JSON.stringify({ handles: after.handles - before.handles, megabytes: after.heap - before.heap, first: times[0], warm }));
    }
    main();`;
  await withProject({ "main.js": file }, async (project) => {
    const { code, output } = await project.run("--expose-gc", "main.js");
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^\{.*\}\n$/) });
    const { handles, megabytes, warm } = JSON.parse(output);
    expect(handles).toBeLessThanOrEqual(0);
    expect(megabytes).toBeLessThan(4);
    expect(warm).toBeLessThan(500);
  });
});
