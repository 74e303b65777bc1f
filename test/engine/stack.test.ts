import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  createStack,
  type OfflineStack,
  OperationFailedError,
  type StackOptions,
  type StandIn,
} from "../../src/engine";
import { FileCloud } from "./fileCloud";
import declare, { type ProgramDescription } from "./fixtures/declare";

/** A resource without defaults of its own. */
class Plain extends pulumi.CustomResource {}
class AwsProvider extends pulumi.ProviderResource {}

let world: FileCloud;
const stacks: OfflineStack[] = [];
beforeEach(() => {
  world = new FileCloud();
});
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
  world.remove();
});

function open(options: Partial<StackOptions> & Pick<StackOptions, "program">): OfflineStack {
  const defaults = { env: { WORLD: world.path }, cwd: world.project, inlineProvider: true };
  const stack = createStack({ ...defaults, ...options });
  stacks.push(stack);
  return stack;
}

const described = (program: ProgramDescription) => () => declare(pulumi, program);
const oneThing = (inputs = {}, options = {}) => described({ resources: [{ name: "a", inputs, options }] });

async function failureOf(operation: Promise<unknown>): Promise<OperationFailedError> {
  const error = await operation.then(
    () => undefined,
    (failure) => failure,
  );
  expect(error).toBeInstanceOf(OperationFailedError);
  return error;
}

describe("an inline program", () => {
  test("gets the state of a resource with getResource", async () => {
    const stack = open({
      program: async () => {
        const { urn } = new pulumi.ComponentResource("acme:Site", "site");
        return pulumi.output(urn).apply((urn) => pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn }));
      },
    });
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({
      urn: { value: expect.stringMatching(/::acme:Site::site$/) },
      id: { value: "" },
    });
  });

  test("gives its result as outputs, secrets marked", async () => {
    const stack = open({
      program: async () => ({ plain: 1, hidden: pulumi.secret("hush"), nested: { a: [pulumi.secret(1)] } }),
    });
    const { outputs, summary } = await stack.up();
    expect(outputs).toEqual({
      plain: { value: 1, secret: false },
      hidden: { value: "hush", secret: true },
      nested: { value: { a: [1] }, secret: true },
    });
    expect(summary).toEqual({ create: 1 });
    expect(stack.outputs()).toEqual(outputs);
    expect(JSON.stringify(stack.exportState())).not.toMatch(/hush/);
  });

  test("that throws fails the operation with its error and changes nothing", async () => {
    const stack = open({
      program: async () => {
        throw new TypeError("boom");
      },
    });
    const error = await failureOf(stack.up());
    expect(error.message).toMatch(/TypeError: boom/);
    expect(error.result.diagnostics).toHaveLength(1);
  });

  test("that logs an error fails, and deletes nothing", async () => {
    let resources: ProgramDescription["resources"] = [{ name: "a" }];
    const stack = open({
      program: async () => {
        declare(pulumi, { resources });
        if (resources.length === 0) {
          await pulumi.log.error("not like this");
        }
      },
    });
    await stack.up();
    resources = [];
    expect((await failureOf(stack.up())).message).toMatch("not like this");
    expect(world.resourceIds()).toEqual(["a-1"]);
  });

  test("sees config, secret config, organization, project, stack and whether it is a preview", async () => {
    const seen: unknown[] = [];
    const stack = open({
      project: "proj",
      stack: "prod",
      organization: "acme",
      config: { plain: "1", hidden: { value: "hush", secret: true }, "aws:region": "eu-west-1" },
      program: async () => {
        const config = new pulumi.Config();
        seen.push([
          config.get("plain"),
          config.get("hidden"),
          new pulumi.Config("aws").get("region"),
          pulumi.getOrganization(),
          pulumi.getProject(),
          pulumi.getStack(),
          pulumi.runtime.isDryRun(),
        ]);
        return { hidden: config.requireSecret("hidden") };
      },
    });
    await stack.preview();
    const { outputs } = await stack.up();
    const common = ["1", "hush", "eu-west-1", "acme", "proj", "prod"];
    expect(seen).toEqual([
      [...common, true],
      [...common, false],
    ]);
    expect(outputs["hidden"]).toEqual({ value: "hush", secret: true });
  });

  test("of several stacks at once stay apart", async () => {
    const names = ["one", "two", "three"];
    const results = await Promise.all(
      names.map((name) => open({ stack: name, program: async () => ({ stack: pulumi.getStack() }) }).up()),
    );
    expect(results.map(({ outputs }) => outputs["stack"]?.value)).toEqual(names);
  });

  test("can take a resource reference out of another's outputs", async () => {
    const { outputs } = await open({
      program: described({ resources: [{ name: "a" }], outputs: { whole: { $resource: "a" } } }),
    }).up();
    expect(outputs["whole"]?.value).toMatchObject({ id: "a-1", out: "a-1/" });
  });
});

test("a program may require a version of Pulumi", async () => {
  const requiring = (range: string) => open({ program: () => pulumi.requirePulumiVersion(range) });
  await requiring(">=3.200.0 <4.0.0").preview();
  const error = await failureOf(requiring(">=4.0.0").preview());
  expect(error.message).toContain('which the offline engine follows, is not within ">=4.0.0"');
});

describe("unsupported features", () => {
  const group = (options: pulumi.ComponentResourceOptions) => async () => {
    new pulumi.ComponentResource("test:index:Group", "g", {}, options);
  };
  const custom =
    (type: string, options: pulumi.CustomResourceOptions = {}) =>
    async () => {
      new Plain(type, "n", {}, options);
    };
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["a type without a plugin", custom("aws:s3/bucket:Bucket"), /aws/],
    ["import", custom("pulumi-nodejs:dynamic/test:Thing", { import: "x" }), /the import option/],
    ["hideDiffs", custom("pulumi-nodejs:dynamic/test:Thing", { hideDiffs: ["x"] }), /hideDiffs/],
    ["transforms", group({ transforms: [() => undefined] }), /transforms/],
    [
      "stack transforms",
      async () => {
        pulumi.runtime.registerResourceTransform(() => undefined);
        await group({})();
      },
      /stack transforms/,
    ],
    [
      "replaceWith",
      async () => {
        const one = new pulumi.ComponentResource("test:index:Group", "one");
        await group({ replaceWith: [one] })();
      },
      /replaceWith/,
    ],
    ["hooks", group({ hooks: { beforeCreate: [async () => undefined] } }), /hooks/],
    [
      "stack references",
      async () => {
        new pulumi.StackReference("org/p/s");
      },
      /StackReference/,
    ],
    ["functions", async () => pulumi.runtime.invoke("aws:index:getRegion", {}), /aws:index:getRegion/],
    [
      "remote components",
      async () => {
        new pulumi.ComponentResource("x:y:Z", "r", {}, {}, true);
      },
      /remote components/,
    ],
  ])("%s is refused by name", async (_, program, message) => {
    expect((await failureOf(open({ program }).up())).message).toMatch(message);
  });

  test("assets are refused by name", async () => {
    const program = oneThing({ file: new pulumi.asset.StringAsset("text") });
    expect((await failureOf(open({ program }).up())).message).toMatch(/assets and archives/);
    expect(world.takeCalls()).toEqual([]);
  });
});

describe("a stand-in", () => {
  const topics = new Map<string, unknown>();
  let created = 0;
  const topic: StandIn = {
    type: "aws:sns/topic:Topic",
    create: (inputs) => {
      created++;
      const id = `arn:${inputs["name"]}:${created}`;
      topics.set(id, inputs);
      return { id, outs: { ...inputs, arn: id } };
    },
    read: (id, props) => (topics.has(id) ? { id, props } : { id: "" }),
    delete: (id) => {
      topics.delete(id);
    },
  };
  class Topic extends pulumi.CustomResource {
    declare readonly arn: pulumi.Output<string>;
    constructor(name: string, args: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
      super("aws:sns/topic:Topic", name, { arn: undefined, ...args }, options);
    }
  }

  test("plays the type's provider, default and explicit, through its whole life", async () => {
    let name = "first";
    const stack = open({
      standIns: [topic],
      config: { "aws:region": "eu-west-1" },
      program: async () => {
        const provider = new AwsProvider("aws", "explicit", { region: "us-east-1" });
        const plain = new Topic("plain", { name, password: pulumi.secret("hush") }, { version: "7.1.0" });
        new Topic("other", { name: "other", follows: plain.arn }, { provider });
        return { arn: plain.arn };
      },
    } as Parameters<typeof open>[0]);
    expect((await stack.preview()).summary).toEqual({ create: 4 });
    expect((await stack.up()).outputs["arn"]?.value).toBe("arn:first:1");
    expect((await stack.up()).summary).toEqual({ same: 4 });
    const { deployment } = stack.exportState();
    const resources = deployment.resources ?? [];
    const defaultProvider = resources.find(({ urn }) => urn.endsWith("::default_7_1_0"));
    expect(defaultProvider?.inputs).toEqual({ region: "eu-west-1", version: "7.1.0" });
    expect(JSON.stringify(resources)).not.toMatch(/hush/);

    name = "second";
    expect((await stack.up()).summary).toEqual({ same: 2, replace: 2 });
    expect([...topics.keys()]).toEqual(["arn:second:3", "arn:other:4"]);
    topics.delete("arn:second:3");
    expect((await stack.refresh()).summary).toMatchObject({ delete: 1 });
    await stack.destroy();
    expect(topics.size).toBe(0);
  });
});

test("an error in an interceptor fails the operation after the completed steps are recorded", async () => {
  const stack = open({
    program: oneThing({ value: 1 }),
    intercept: ({ phase: moment }) => {
      if (moment === "after") throw new Error("so much for that");
      return undefined;
    },
  });
  await expect(stack.up()).rejects.toThrow("so much for that");
  const { resources = [], pending_operations } = stack.exportState().deployment;
  expect(resources.map(({ urn }) => urn.split("::").at(-1))).toContain("a");
  expect(pending_operations).toBeUndefined();
});

describe("the provider process", () => {
  const programOf = (value: number) => oneThing({ value });
  let children: ChildProcess[];
  let value: number;
  const stackWithProvider = (options: Partial<StackOptions> = {}) => {
    children = [];
    value = 1;
    return open({
      inlineProvider: false,
      program: () => programOf(value)(),
      onProviderStart: (child) => children.push(child),
      ...options,
    });
  };

  test("is kept from operation to operation and ended by close", async () => {
    const stack = stackWithProvider();
    await stack.preview();
    await stack.up();
    await stack.refresh();
    expect(children).toHaveLength(1);
    expect(children[0]?.exitCode).toBeNull();
    await stack.close();
    expect(children[0]?.signalCode).toBe("SIGKILL");
  });

  test("that dies in a create fails that step, which stays pending, and is restarted", async () => {
    const stack = stackWithProvider();
    world.fail({ "create a": "exit" });
    const error = await failureOf(stack.up());
    expect(error.message).toMatch(/the provider process went away during the call \(SIGKILL\)/);
    expect(error.result.steps).toContainEqual(expect.objectContaining({ op: "create", failed: true }));
    expect(stack.exportState().deployment.pending_operations).toMatchObject([
      { type: "creating", resource: { custom: true } },
    ]);

    world.fail({});
    const { diagnostics, summary } = await stack.up();
    expect(children).toHaveLength(2);
    expect(summary).toEqual({ same: 1, create: 1 });
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        message: expect.stringMatching(/interrupted while creating/),
      }),
    );
    expect(stack.exportState().deployment.pending_operations).toHaveLength(1);
    await stack.refresh({ clearPendingCreates: true });
    expect(stack.exportState().deployment.pending_operations).toBeUndefined();
  });

  test("that dies between operations is restarted", async () => {
    const stack = stackWithProvider();
    await stack.up();
    const [child] = children;
    child?.kill("SIGKILL");
    await once(child as ChildProcess, "close");
    value = 2;
    expect((await stack.up()).summary).toEqual({ same: 1, update: 1 });
    expect(children).toHaveLength(2);
  });

  test("that cannot start is reported", async () => {
    const stack = stackWithProvider({ env: { NODE_OPTIONS: "--no-such-option" } });
    expect((await failureOf(stack.up())).message).toMatch(/the dynamic provider process did not start/);
  });

  test.each([false, true])(
    "has its text shown, before the result is there: inline %s",
    async (inlineProvider) => {
      const stack = open({
        inlineProvider,
        program: async () => {
          new Plain("pulumi-nodejs:dynamic/test:Talker", "t", {
            __provider:
              "exports.handler=()=>({create:async()=>{console.log('to whom it may concern');console.error('and all');return{id:'1'}}})",
          });
        },
      });
      const messages = (await stack.up()).diagnostics.map(({ message }) => message);
      expect(messages.sort()).toEqual(["and all", "to whom it may concern"]);
    },
  );

  test("is configured anew when the config changes, and a plain refresh goes by the state", async () => {
    const stateFile = join(world.path, "state.json");
    const common = { program: programOf(1), stateFile, passphrase: "p", inlineProvider: false };
    await open({ ...common, config: { key: "1" } }).up();
    const second = open({ ...common, config: { key: "2" } });
    const inputs = () =>
      second.exportState().deployment.resources?.find(({ urn }) => urn.endsWith("::default"))?.inputs;
    await second.refresh();
    expect(inputs()).toEqual({ "project:key": "1" });
    await second.up();
    expect(inputs()).toEqual({ "project:key": "2" });
  });
});

describe("the state", () => {
  test("is locked by one operation at a time", async () => {
    const stack = open({ program: oneThing() });
    const first = stack.up();
    await expect(stack.up()).rejects.toThrow("the stack is locked");
    expect((await first).summary).toEqual({ create: 2 });
  });

  test("contains the pending operation while the provider is called", async () => {
    const stateFile = join(world.path, "state.json");
    const pending: unknown[] = [];
    const standIn: StandIn = {
      type: "x:y:Z",
      create: () => {
        pending.push(JSON.parse(readFileSync(stateFile, "utf8")).deployment.pending_operations);
        return { id: "1" };
      },
    };
    const program = async () => {
      new Plain("x:y:Z", "n", {});
    };
    await open({ program, stateFile, passphrase: "p", standIns: [standIn] }).up();
    expect(pending).toMatchObject([[{ type: "creating", resource: { urn: expect.stringMatching(/::n$/) } }]]);
    expect(JSON.parse(readFileSync(stateFile, "utf8")).deployment.pending_operations).toBeUndefined();
  });

  test("in a given file needs a passphrase", () => {
    const { PULUMI_CONFIG_PASSPHRASE: passphrase, ...rest } = process.env;
    process.env = rest;
    try {
      expect(() => createStack({ program: oneThing(), stateFile: join(world.path, "s.json") })).toThrow(
        "needs a passphrase",
      );
    } finally {
      process.env = { ...rest, ...(passphrase !== undefined && { PULUMI_CONFIG_PASSPHRASE: passphrase }) };
    }
  });

  test("of another stack cannot be imported", async () => {
    const first = open({ program: oneThing(), stack: "one" });
    await first.up();
    const second = open({ program: oneThing(), stack: "two" });
    await expect(second.importState(first.exportState())).rejects.toThrow("is not of stack two");
  });
});

describe("a project folder", () => {
  test("in TypeScript, with what its files say, runs as a process", async () => {
    const folder = join(world.path, "typescript");
    mkdirSync(join(folder, "src"), { recursive: true });
    symlinkSync(
      join(dirname(require.resolve("@pulumi/pulumi/package.json")), "..", ".."),
      join(folder, "node_modules"),
    );
    const options = "{ nodeargs: '--import \"./with a blank.mjs\" --title=a\\ title' }";
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: typed\nruntime: { name: nodejs, options: ${options} }\nmain: src/\nconfig: { mark: "!" }\n`,
    );
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: { greeting: good morning, name: you }\n");
    writeFileSync(join(folder, "src", "with a blank.mjs"), "globalThis.imported = true;\n");
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(
      join(folder, "src", "index.ts"),
      [
        'import * as pulumi from "@pulumi/pulumi";',
        'console.log("in", process.cwd());',
        "const config = new pulumi.Config();",
        'const [greeting, name, mark] = ["greeting", "name", "mark"].map((key: string) => config.require(key));',
        "export const said = pulumi.secret([greeting, name, mark]);",
        "export const node = [process.title, imported];",
        "export const project = pulumi.getProject();",
        "const create = async () => ({ id: '1', outs: { folder: process.cwd() } });",
        "class Here extends pulumi.dynamic.Resource { readonly folder!: pulumi.Output<string>; }",
        "export const providerIn = new Here({ create }, 'here', { folder: undefined }).folder;",
      ].join("\n"),
    );
    // The types are for tsc to check.
    const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    const stack = createStack({ program: { workDir: folder }, config: { greeting: "hello" }, env });
    stacks.push(stack);
    const { outputs, diagnostics } = await stack.up();
    expect(outputs).toEqual({
      said: { value: ["hello", "you", "!"], secret: true },
      node: { value: ["a title", true], secret: false },
      project: { value: "typed", secret: false },
      providerIn: { value: join(folder, "src"), secret: false },
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([`in ${join(folder, "src")}`]);
  });

  test("with `refresh: always` is refreshed first, unless an operation says otherwise", async () => {
    const file = join(world.project, "Pulumi.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}options: { refresh: always }\n`);
    const made = open({ program: oneThing(), project: "compared", passphrase: "p" });
    await made.up();
    const stack = open({ program: { workDir: world.project }, passphrase: "p" });
    const methods = () => world.takeCalls().map(([method]) => method);

    await stack.importState(made.exportState());
    methods();
    await stack.destroy({ refresh: false });
    expect(methods()).toEqual(["delete"]);

    await stack.importState(made.exportState());
    await stack.destroy();
    expect(methods()).toEqual(["read"]);
  });

  test("whose program is not there is refused", () => {
    const program = { workDir: world.project, main: "elsewhere.js" };
    expect(() => open({ program })).toThrow(`main: there is no ${join(world.project, "elsewhere.js")}`);
  });

  test("that fails is reported with its message", async () => {
    world.setProgram({ resources: [{ name: "a" }], throws: "half way" });
    const stack = open({ program: { workDir: world.project } });
    expect((await failureOf(stack.preview())).message).toBe("preview failed: half way");
  });

  test("whose resource fails reports only that", async () => {
    world.setProgram({ resources: [{ name: "a" }, { name: "b", inputs: { value: { $out: "a" } } }] });
    world.fail({ "create a": "no create" });
    const error = await failureOf(open({ program: { workDir: world.project }, inlineProvider: false }).up());
    expect(error.message).toBe("up failed: no create");
  });
});
