import crypto from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as pulumi from "@pulumi/pulumi";
import { iam, Provider } from "../../src";
import { InlineProvider } from "../../src/engine/inlineProvider";
import { mainTimers } from "../../src/engine/mainContext";
import {
  ManualClock,
  OperationFailedError,
  testStack as open,
  startEmulator,
  type TestStackOptions,
} from "../../src/testing";

const asked = {
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
};
const ask = (name: string, args: Partial<iam.DelegationRequestArgs> = {}) =>
  new iam.DelegationRequest(name, { ...asked, ...args });
const messageOf = (error: Error) => error.message;

let opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened) await one[Symbol.asyncDispose]();
  opened = [];
  jest.restoreAllMocks();
});
const remember = <T extends AsyncDisposable>(one: T): T => {
  opened.push(one);
  return one;
};
/** To run the provider in this process saves a second a stack. */
const testStack = async <R>(options: TestStackOptions<R>) =>
  remember(await open({ inlineProvider: true, ...options }));

test("a stack lives its life, and its results have the types of its program", async () => {
  let duration = 3600;
  const stack = await testStack({
    program: () => {
      const request = ask("acme", { sessionDuration: duration });
      return { id: request.delegationRequestId, link: request.consoleDeepLink, fixed: { answer: 42 } };
    },
  });

  const preview = await stack.preview();
  const maybe: string | undefined = preview.outputs.link;
  expect(maybe).toBeUndefined();
  expect(preview.outputs.fixed?.answer).toBe(42);
  expect(preview.changes).toEqual(["create DelegationRequest acme"]);
  expect(preview.text).toContain("Previewing update (dev)");
  expect(stack.resources()).toEqual([]);

  const up = await stack.up();
  const link: string = up.outputs.link;
  const answer: number = up.outputs.fixed.answer;
  expect({ link, answer }).toEqual({ link: expect.stringContaining(up.outputs.id), answer: 42 });
  expect(stack.outputs()).toEqual(up.outputs);
  expect(up.summary.create).toBe(2); // with the stack itself
  expect(up.text).toContain("+ 2 created");

  const same = await stack.up();
  expect({ changes: same.changes, outputs: same.outputs }).toEqual({ changes: [], outputs: up.outputs });

  duration = 7200;
  const replacing = await stack.up();
  expect(replacing.changes).toEqual(["replace DelegationRequest acme"]);
  expect(replacing.outputs.id).not.toBe(up.outputs.id);

  expect((await stack.destroy()).changes).toEqual(["delete DelegationRequest acme"]);
  expect(stack.resources()).toEqual([]);
});

test("of a project folder the outputs have no types, and it runs as a process of its own", async () => {
  const program = { workDir: `${__dirname}/../../examples/quickstart` };
  const stack = await testStack({ program, inlineProvider: false });
  stack.setConfig("quickstart:sessionDuration", "900");
  const { outputs, changes } = await stack.up();
  const link: unknown = outputs["consoleDeepLink"];
  expect(link).toMatch(/^http:/);
  expect(changes).toEqual(["create DelegationRequest backup-setup", "create IdentitySource people"]);
  expect(stack.resource("backup-setup").inputs["sessionDuration"]).toBe(900);
});

test("resources are found by name, and by type where the name is not enough", async () => {
  const stack = await testStack({
    program: () => {
      const parent = new pulumi.ComponentResource("example:index:Thing", "acme");
      new iam.DelegationRequest("acme", { ...asked, requestMessage: pulumi.secret("hush") }, { parent });
    },
  });
  await stack.up();
  expect(stack.resources().map(({ type, name }) => [type.split(":").at(-1), name])).toEqual([
    ["Thing", "acme"],
    ["DelegationRequest", "acme"],
  ]);
  expect(() => stack.resource("acme")).toThrow(
    "acme: there are 2, of types example:index:Thing, pulumi-nodejs:",
  );
  expect(() => stack.resource("acme", "Topic")).toThrow(
    "there is no Topic acme in the stack; resources with the name are of types",
  );
  expect(() => stack.resource("globex")).toThrow(new RangeError("there is no globex in the stack"));
  const request = stack.resource("acme", "DelegationRequest");
  expect(request).toMatchObject({
    id: request.outputs["delegationRequestId"],
    parent: stack.resource("acme", "example:index:Thing").urn,
    inputs: { requestMessage: "hush" },
    secretOutputs: ["requestMessage"],
    protect: false,
  });
});

test("secret outputs are told by name, decrypted, and encrypted in the state", async () => {
  const stack = await testStack({ program: () => ({ open: "yes", hidden: pulumi.secret("hush-hush") }) });
  const { outputs, secretOutputs } = await stack.up();
  expect({ outputs, secretOutputs }).toEqual({
    outputs: { open: "yes", hidden: "hush-hush" },
    secretOutputs: ["hidden"],
  });
  expect(JSON.stringify(stack.exportState())).not.toContain("hush-hush");
});

test("many stacks have their secrets encrypted by one key, which takes long to derive", async () => {
  const derive = jest.spyOn(crypto, "pbkdf2Sync");
  for (const hidden of ["one", "two"]) {
    const stack = await testStack({ program: () => ({ hidden: pulumi.secret(hidden) }) });
    await stack.up();
    expect(stack.exportState().deployment.secrets_providers?.type).toBe("passphrase");
  }
  expect(derive.mock.calls.length).toBeLessThanOrEqual(1);
});

test("configuration can change between operations", async () => {
  const program = () => {
    const config = new pulumi.Config();
    const stranger = new pulumi.Config("other").get("key");
    return { name: config.require("name"), token: config.getSecret("token"), stranger };
  };
  const stack = await testStack({ program, config: { name: "one" }, project: "shop", stack: "test" });
  expect((await stack.up()).outputs).toEqual({ name: "one" });
  stack.setConfig("name", "two");
  stack.setConfig("token", { value: "t0ken", secret: true });
  stack.setConfig("other:key", "value");
  const { outputs, secretOutputs } = await stack.up();
  expect(outputs).toEqual({ name: "two", token: "t0ken", stranger: "value" });
  expect(secretOutputs).toEqual(["token"]);
});

test("a failure says what went wrong, and what had been done", async () => {
  const stack = await testStack({
    program: () => {
      const acme = ask("acme");
      new iam.DelegationRequest("globex", { ...asked, sessionDuration: 3600 }, { dependsOn: acme });
    },
    faults: [{ operation: "iam:CreateDelegationRequest", call: 2, answer: 403 }],
  });
  const error = await stack.up().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OperationFailedError);
  expect((error as OperationFailedError).message).toContain("AccessDenied");
  expect((error as OperationFailedError).result.summary.create).toBe(2);
  expect(stack.resources().map(({ name }) => name)).toEqual(["acme"]);
  expect((await stack.up()).changes).toEqual(["create DelegationRequest globex"]);
});

test("a program that throws fails its operation, and nothing else", async () => {
  const stack = await testStack({
    program: async () => {
      await Promise.reject(new Error("no such customer"));
    },
  });
  await expect(stack.up()).rejects.toThrow("no such customer");
  const broken = await testStack({
    program: () => void pulumi.output(1).apply(() => Promise.reject(new Error("thrown in apply"))),
  });
  await expect(broken.up()).rejects.toThrow("thrown in apply");
});

test("a program that waits for what failed without a word is not waited for", async () => {
  const listening = () =>
    process.listenerCount("unhandledRejection") + process.listenerCount("uncaughtException");
  const before = listening();
  const stack = await testStack({
    program: () => {
      // The SDK cannot serialize it, and tells nobody but the process.
      const generation = Object.create(null) as number;
      const first = ask("first", { generation });
      new iam.DelegationRequest("second", asked, { dependsOn: first });
    },
  });
  await expect(stack.preview()).rejects.toThrow("Cannot convert object to primitive value");
  expect(listening()).toBe(before);
});

test("a program that was given up on fails its operation, and what it had not declared yet stays", async () => {
  let stuck = false;
  const stack = await testStack({
    program: async () => {
      new pulumi.ComponentResource("example:index:Thing", "early");
      if (stuck) {
        // To the SDK, an error of this code is the engine's and told already.
        void Promise.reject(Object.assign(new Error("unavailable"), { code: 14 }));
        await new Promise(() => {});
      }
      new pulumi.ComponentResource("example:index:Thing", "late");
    },
  });
  await stack.up();
  stuck = true;
  await expect(stack.up()).rejects.toThrow("unavailable");
  expect(stack.resources().map(({ name }) => name)).toEqual(["early", "late"]);
});

test("an inline program's own AWS clients reach the embedded AWS, and the environment is as before after it", async () => {
  const before = { ...process.env };
  const whoAmI = async () => {
    const client = new STSClient({});
    const { Account } = await client.send(new GetCallerIdentityCommand({})).finally(() => client.destroy());
    return Account;
  };
  const program = () => ({ me: pulumi.output(1).apply(whoAmI) });
  const vendor = await testStack({ program, account: "111122223333" });
  const other = await testStack({ program, account: "444455556666", env: { AWS_REGION: "eu-west-1" } });
  const [mine, theirs] = await Promise.all([vendor.up(), other.up()]);
  expect([mine.outputs.me, theirs.outputs.me]).toEqual(["111122223333", "444455556666"]);
  expect({ ...process.env }).toEqual(before);
});

test("providers of several accounts serve their resources side by side in one process", async () => {
  const accounts = ["111122223333", "444455556666", "777788889999"];
  const stack = await testStack({
    program: () => {
      for (const account of accounts) {
        const provider = new Provider(account, { accessKey: account, secretKey: `secret-of-${account}` });
        const notificationChannel = `arn:aws:sns:us-east-1:${account}:approvals`;
        for (let i = 0; i < 5; i++)
          new iam.DelegationRequest(`${account}-${i}`, { ...asked, notificationChannel }, { provider });
      }
    },
  });
  await stack.up();
  const made = [...stack.emulator.store.delegationRequests.values()];
  const isOf = (account: string) => (one: (typeof made)[number]) =>
    one.requestorId === account && one.requestorWorkflowId.includes(`::${account}-`);
  expect(accounts.map((account) => made.filter(isOf(account)).length)).toEqual([5, 5, 5]);
  expect(JSON.stringify(stack.exportState())).not.toContain("secret-of-");
  await stack.refresh();
});

test("types of other plugins are played by stand-ins, the last one that was registered", async () => {
  const stack = await testStack({
    program: () => {
      class Bucket extends pulumi.CustomResource {
        declare readonly arn: pulumi.Output<string>;
        constructor(name: string, args: { tags: Record<string, string>; size: number }) {
          super("aws:s3/bucket:Bucket", name, { ...args, arn: undefined });
        }
      }
      return { arn: new Bucket("logs", { tags: { a: "b" }, size }).arn };
    },
  });
  let size = 1;
  const refused = await stack.up().catch(messageOf);
  expect(refused).toContain('registerStandIn("aws:s3/bucket:Bucket", { create })');

  stack.registerStandIn("aws:s3/bucket:Bucket");
  expect((await stack.up()).changes).toEqual(["create Bucket logs"]);
  expect(stack.resource("logs")).toMatchObject({ id: "logs", outputs: { size: 1, tags: { a: "b" } } });

  stack.registerStandIn("aws:s3/bucket:Bucket", {
    replaces: ["tags"],
    create: (inputs, { name }) => ({ id: name, outs: { ...inputs, arn: `arn:aws:s3:::${name}` } }),
    update: (_, olds, news) => ({ outs: { ...olds, ...news } }),
  });
  size = 2;
  expect((await stack.up()).changes).toEqual(["update Bucket logs"]);
  expect(stack.resource("logs").outputs["size"]).toBe(2);
});

test("several stacks share an emulator, on its clock, and leave it open", async () => {
  const clock = new ManualClock();
  const emulator = remember(await startEmulator({ clock }));
  const stacks = await Promise.all(
    ["one", "two", "three"].map((project) =>
      testStack({ emulator, project, program: () => ({ id: ask("it").delegationRequestId }) }),
    ),
  );
  const ids = (await Promise.all(stacks.map((stack) => stack.up()))).map(({ outputs }) => outputs.id);
  expect(new Set(ids).size).toBe(3);
  expect([...emulator.store.delegationRequests.keys()].sort()).toEqual([...ids].sort());
  await Promise.all(stacks.map((stack) => stack.close()));
  clock.advance("25h");
  expect([...emulator.store.delegationRequests.values()].map(({ state }) => state)).toEqual(
    ids.map(() => "EXPIRED"),
  );
});

test("what belongs to an emulator is refused beside one", async () => {
  const emulator = remember(await startEmulator());
  const options = { emulator, clock: new ManualClock(), accounts: {}, program: () => undefined };
  await expect(testStack(options)).rejects.toThrow("clock, accounts: pass it to startEmulator");
});

test("what is no account and no folder is refused", async () => {
  const program = () => undefined;
  await expect(testStack({ program, account: "12" })).rejects.toThrow("account: must be an account id");
  await expect(testStack({ program: { workDir: "/nowhere" } })).rejects.toThrow("no folder /nowhere");
  const stack = await testStack({ program });
  expect(() => stack.emulator.customer("acme")).toThrow(
    "account: must be an account id of 12 digits, is acme",
  );
});

test("a folder without a program fails with what Pulumi's runtime says of it", async () => {
  const workDir = await mkdtemp(join(tmpdir(), "aws-approvals-empty-"));
  try {
    await expect(testStack({ program: { workDir } })).rejects.toThrow(
      `there is no Pulumi.yaml in ${workDir} or above`,
    );
    await writeFile(join(workDir, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
    const stack = await testStack({ program: { workDir } });
    await expect(stack.up()).rejects.toThrow("failed to locate the entry point");
  } finally {
    await rm(workDir, { recursive: true });
  }
});

/** A folder that this package cannot be loaded from, with the files. */
async function strangeFolder(files: Record<string, string> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "aws-approvals-strange-")));
  opened.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test.each([false, true])(
  "a stack whose folder has no copy of the package uses its own, and no setting of the machine leads it away: inline %s",
  async (inlineProvider) => {
    const leading = {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      AWS_ENDPOINT_URL_IAM: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
    };
    const before = { ...process.env };
    Object.assign(process.env, leading);
    try {
      const stack = await testStack({
        inlineProvider,
        cwd: await strangeFolder(),
        program: () => ({ made: ask("acme").delegationRequestId, s3: process.env["AWS_ENDPOINT_URL_S3"] }),
      });
      const { outputs, changes } = await stack.up();
      expect(changes).toEqual(["create DelegationRequest acme"]);
      expect([...stack.emulator.store.delegationRequests.keys()]).toEqual([outputs.made]);
      expect(outputs.s3).toBe("");
      expect(process.env).toMatchObject(leading);
      expect((await stack.destroy()).changes).toEqual(["delete DelegationRequest acme"]);
    } finally {
      for (const name of Object.keys(leading)) delete process.env[name];
      Object.assign(process.env, before);
    }
  },
);

test("a project that uses the package through another one is told which package.json lacks it", async () => {
  const declare = `exports.ask = () => new iam.DelegationRequest("acme", ${JSON.stringify(asked)});`;
  const index = JSON.stringify(resolve(__dirname, "../../dist"));
  const workDir = await strangeFolder({
    "Pulumi.yaml": "name: strict\nmain: infra\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "package.json": "{}",
    "infra/index.js": `require("shared").ask();`,
    "infra/node_modules/shared/index.js": `const { iam } = require(${index}); ${declare}`,
  });
  const stack = await testStack({ program: { workDir }, inlineProvider: false });
  const error = await stack.preview().catch(messageOf);
  expect(error).toContain(
    `DelegationRequest acme: Pulumi's provider process loads pulumi-aws-approvals from the program's folder, ${workDir}/infra, ` +
      `where it is not installed. Add it to the dependencies in ${workDir}/package.json.`,
  );
  expect(error).not.toContain("Cannot find module");
});

test("a project whose package was removed fails as docs/errors.md says", async () => {
  const cwd = await strangeFolder();
  const options = { project: "proj", cwd, fallback: false, addedEnv: {}, onText: () => undefined };
  const provider = new InlineProvider(options, {});
  const state = { __provider: `exports.handler=()=>require("pulumi-aws-approvals/provider").identitySource` };
  const resource = { urn: "urn:pulumi:dev::proj::type::it", name: "it", type: "type" };
  const destroy = provider.delete(resource, "id", { inputs: {}, outputs: state });
  const message = "Cannot find module 'pulumi-aws-approvals/provider'";
  await expect(destroy).rejects.toThrow(message);
  const errors = await readFile(resolve(__dirname, "../../docs/errors.md"), "utf8");
  expect(errors).toMatch(
    new RegExp(`^\\| \`${message}\`.* \\| .*install it again in the program's folder`, "m"),
  );
});

describe("fake timers", () => {
  afterEach(() => jest.useRealTimers());

  test("that stand still are told at once, instead of a test that hangs", async () => {
    const stack = await testStack({ program: () => void ask("acme") });
    jest.useFakeTimers();
    const { setTimeout: start } = mainTimers;
    jest.spyOn(mainTimers, "setTimeout").mockImplementation((callback) => start(callback, 0));
    await expect(stack.up()).rejects.toThrow(
      /^process\.nextTick, setImmediate, queueMicrotask: fake timers do not advance, .* Call useRealTimers\(\) first/,
    );
    jest.useRealTimers();
    expect((await stack.up()).changes).toEqual(["create DelegationRequest acme"]);
  });

  test.each<[string, Parameters<typeof jest.useFakeTimers>[0]]>([
    ["that go on by themselves", { advanceTimers: true }],
    ["of dates and time-outs alone", { doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] }],
  ])("%s do no harm", async (_, timers) => {
    jest.useFakeTimers(timers);
    const stack = await testStack({ program: () => void ask("acme") });
    expect((await stack.up()).changes).toEqual(["create DelegationRequest acme"]);
  });
});

test("a stack that is closed while an operation is under way lets it end", async () => {
  const stack = await testStack({ program: () => void ask("acme") });
  const up = stack.up();
  expect(() => stack.resource("acme")).toThrow("An operation is running: await it");
  await stack.close();
  expect((await up).changes).toEqual(["create DelegationRequest acme"]);
});

test("a closed stack says so, closes twice, and takes its emulator along", async () => {
  const stack = await testStack({ program: () => void ask("acme") });
  await stack.up();
  await Promise.all([stack.close(), stack.close()]);
  await expect(stack.up()).rejects.toThrow("the stack is closed");
  await expect(fetch(stack.emulator.endpoint)).rejects.toThrow("fetch failed");
});
