import { waitForExit } from "../testing/waitForExit";
import { Project } from "./project";

let project: Project;
afterEach(() => project.remove());

const REQUEST = `{
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
}`;

const REQUIRE = `
const { iam } = require("pulumi-aws-approvals");
const { testStack } = require("pulumi-aws-approvals/testing");
`;

/** A test without a word that is one runner's own: what passes, what is expected to fail, and what is left open. */
const asked = (name: string, expectFailure: string, end: "close" | "leave open") => `
test(${JSON.stringify(name)}, async () => {
  const args = ${REQUEST};
  const stack = await testStack({
    program: () => ({ id: new iam.DelegationRequest("acme", args).delegationRequestId }),
  });
  const { outputs } = await stack.up();
  await stack.emulator.customer().approve(outputs.id);
  args.sessionDuration = 1;
  await ${expectFailure}(stack.up());
  ${end === "close" ? "await stack.close();" : ""}
});
`;

/** Before all else: prints the process ids of what is started from then on. */
const TELL_CHILDREN = `
const children = [];
require("node:diagnostics_channel").subscribe("child_process", ({ process: child }) => children.push(child));
process.on("exit", () => console.log("started: " + children.map(({ pid }) => pid)));
`;

const startedIn = (output: string): number[] =>
  [...output.matchAll(/started: ([\d,]+)/g)].flatMap(([, pids = ""]) => pids.split(",").map(Number));

const NODE = `
const test = require("node:test");
const fails = (promise) => require("node:assert").rejects(promise, /sessionDuration/);
`;

test("works in node:test, in files side by side; who closes nothing keeps no process alive and leaves none", async () => {
  project = await Project.create({
    "a.test.js": REQUIRE + NODE + asked("closed", "fails", "close"),
    "b.test.js": TELL_CHILDREN + REQUIRE + NODE + asked("left open", "fails", "leave open"),
  });
  const { code, output } = await project.run("--test");
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/pass 2\n.*fail 0\n/s) });
  const started = startedIn(output);
  expect(started).toHaveLength(1);
  await Promise.all(started.map(waitForExit));
});

test("works in Jest, in workers and in its own process", async () => {
  const fails = `const fails = (promise) => expect(promise).rejects.toThrow("sessionDuration");`;
  const file = REQUIRE + fails + asked("closed", "fails", "close");
  project = await Project.create({ "a.test.js": file, "b.test.js": file });
  for (const [how, passed] of [
    [["--maxWorkers=2"], 2],
    [["--runInBand", "a.test.js"], 1],
  ] as const) {
    const { code, output } = await project.jest(...how);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(new RegExp(`^Tests: +${passed} passed`, "m")),
    });
    expect(output).not.toMatch(/did not exit|failed to exit/);
  }
});

test("works in Vitest, in threads and in processes, several stacks at once in one of them, closed or not", async () => {
  const IMPORT = `
import { iam } from "pulumi-aws-approvals";
import { testStack } from "pulumi-aws-approvals/testing";
import { expect, test } from "vitest";
`;
  project = await Project.create({
    "package.json": '{ "type": "module" }',
    "left.test.ts": `${IMPORT}
const fails = (promise: Promise<unknown>) => expect(promise).rejects.toThrow("sessionDuration");
${asked("left open", "fails", "leave open")}`,
    "several.test.ts": `${IMPORT}
test("several at once", async () => {
  const ids = await Promise.all(["acme", "globex"].map(async (name) => {
    await using stack = await testStack({
      program: () => {
        const { delegationRequestId: id } = new iam.DelegationRequest(name, ${REQUEST});
        return { id, endpoint: process.env.AWS_ENDPOINT_URL };
      },
    });
    const { changes, outputs } = await stack.up();
    expect(changes).toEqual(["create DelegationRequest " + name]);
    expect(outputs.endpoint).toBe(stack.emulator.endpoint);
    expect([...stack.emulator.store.delegationRequests.keys()]).toEqual([outputs.id]);
    return outputs.id;
  }));
  expect(new Set(ids).size).toBe(2);
});`,
  });
  const { code, output } = await project.vitest();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/Tests +4 passed/) });
  for (const pool of ["threads", "forks"]) expect(output).toMatch(new RegExp(`✓ +.?${pool}`));
  expect(output).not.toMatch(/unhandled|timed out|hanging/i);
});

test("a test that throws leaves nothing open", async () => {
  project = await Project.create({
    "main.ts": `${REQUIRE}
      async function main() {
        await using stack = await testStack({ program: () => new iam.DelegationRequest("acme", ${REQUEST}) });
        await stack.up();
        throw new Error("so much for that");
      }
      main().catch((error) => {
        console.log(error.message);
        setImmediate(() => console.log(JSON.stringify(process.getActiveResourcesInfo().filter((one) => !/^(TTY|Pipe)Wrap$/.test(one)))));
      });`,
  });
  const { code, output } = await project.run("--import", require.resolve("tsx"), "main.ts");
  expect({ code, output }).toEqual({ code: 0, output: "so much for that\n[]\n" });
});

test("a hundred ups of ten resources, of a provider process and of stand-ins, leak no handles and no memory", async () => {
  project = await Project.create({
    "main.js": `${REQUIRE}
      const pulumi = require("@pulumi/pulumi");
      const open = () => process.getActiveResourcesInfo().length;
      const used = () => { global.gc(); global.gc(); return process.memoryUsage().heapUsed / 2 ** 20; };
      async function main() {
        let odd = true;
        const stack = await testStack({
          program: () => {
            for (let i = 0; i < 3; i++) new iam.DelegationRequest("r" + i, { ...${REQUEST}, renewWhen: i === 0 && odd ? ["EXPIRED"] : [] });
            for (let i = 3; i < 10; i++) new pulumi.CustomResource("aws:s3/bucket:Bucket", "r" + i, { bucket: "b" + i });
          },
        });
        stack.registerStandIn("aws:s3/bucket:Bucket");
        const up = async () => {
          odd = !odd;
          return (await stack.up()).changes.join();
        };
        const changes = [await up()];
        while (changes.length < 20) changes.push(await up());
        const before = { handles: open(), heap: used() };
        while (changes.length < 100) changes.push(await up());
        const after = { handles: open(), heap: used() };
        await stack.close();
        console.log(JSON.stringify({
          changes: [...new Set(changes.slice(1))], handles: after.handles - before.handles, megabytes: after.heap - before.heap,
        }));
      }
      main();`,
  });
  const { code, output } = await project.run("--expose-gc", "main.js");
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^\{.*\}\n$/) });
  const { changes, handles, megabytes } = JSON.parse(output);
  expect(changes).toEqual(["update DelegationRequest r0"]);
  expect(handles).toBeLessThanOrEqual(0);
  expect(megabytes).toBeLessThan(3);
});
