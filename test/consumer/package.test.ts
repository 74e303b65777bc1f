import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { build } from "esbuild";
import { startEmulator } from "../../src/emulator";
import { createStack } from "../../src/engine";
import { Project, pack, ROOT } from "./project";

const CONSUMER = `
import * as pulumi from "@pulumi/pulumi";
import { iam, mpa, sts } from "pulumi-aws-approvals";
import * as plugin from "pulumi-aws-approvals/plugin";
import type { OutputsOf } from "pulumi-aws-approvals/testing";

const request: iam.DelegationRequest = new iam.DelegationRequest("acme", {
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: pulumi.output("arn:aws:sns:us-east-1:000000000000:approvals"),
  sessionDuration: 3600,
  renewWhen: ["EXPIRED"],
});
export const link: pulumi.Output<string> = request.consoleDeepLink;
export const portal: pulumi.Output<string> = mpa.IdentitySource.get("people", "arn").approvalPortalUrl;
export const access: pulumi.Output<sts.DelegatedAccess> = sts.getDelegatedAccessToken({ tradeInToken: "t" });

const production = new plugin.Provider("production", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
const people: plugin.mpa.IdentitySource = new plugin.mpa.IdentitySource(
  "people",
  { iamIdentityCenter: { instanceArn: "arn", region: "eu-west-1" } },
  { provider: production, import: "arn" },
);
export const arn: pulumi.Output<string> = people.arn;

export const outputs: OutputsOf<{ link: pulumi.Output<string> }> = { link: "https://example.com" };

// @ts-expect-error A session lasts seconds.
export const wrong: iam.DelegationRequestArgs["sessionDuration"] = "an hour";
// @ts-expect-error There is no such argument.
new mpa.IdentitySource("people", { iamIdentityCenter: { instanceArn: "a", region: "b" }, colour: "red" });
`;

const compilerOptions = { strict: true, target: "es2022", noEmit: true, skipLibCheck: true, types: [] };
const tsconfig = (options: object, ...files: string[]) =>
  JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files });

const PROGRAM = `
const { iam, mpa } = require("pulumi-aws-approvals");
const people = new mpa.IdentitySource("people", {
  iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" },
});
const request = new iam.DelegationRequest("acme", {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
});
module.exports = { arn: people.arn, link: request.consoleDeepLink };
`;

let folder: string;
let tarball: string;
let files: string[];
let project: Project;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
  ({ files, tarball } = await pack(folder));
  project = await Project.create(
    {
      "Pulumi.yaml":
        "name: fresh\nmain: program.js\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": JSON.stringify({ name: "fresh", private: true }),
      "program.js": PROGRAM,
      "consumer.mts": CONSUMER,
      "consumer.cts": CONSUMER,
      "consumer.ts": CONSUMER,
      // An ES module and a CommonJS one.
      "node16.json": tsconfig(
        { module: "node16", moduleResolution: "node16" },
        ...["consumer.mts", "consumer.cts"],
      ),
      // What the tsconfig.json of a new Pulumi project has: it checks the declarations of libraries, too.
      "node10.json": tsconfig(
        {
          ...{ module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
          ...{
            target: "es2020",
            esModuleInterop: false,
            allowSyntheticDefaultImports: false,
            skipLibCheck: false,
            types: ["node"],
          },
        },
        "consumer.ts",
      ),
      "bundler.json": tsconfig({ module: "esnext", moduleResolution: "bundler" }, "consumer.ts"),
    },
    tarball,
  );
});
afterAll(async () => {
  await project?.remove();
  await rm(folder, { recursive: true, force: true });
});

test("holds what was built from the sources, and nothing else", () => {
  const beside = files.filter((file) => !file.startsWith("dist/")).sort();
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
  expect(beside).toEqual([
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "bin/aws-approvals.js",
    "bin/checkNode.js",
    "bin/pulumi-resource-aws-approvals",
    "bin/pulumi-resource-aws-approvals.cmd",
    ...docs,
    "package.json",
    "schema.json",
  ]);
  // A file without a source is left over from a build of older sources: remove dist and build again.
  const unknown = files.filter((file) => {
    const [, path] = /^dist\/(.*?)(\.d\.ts|\.js)$/.exec(file) ?? [];
    return file.startsWith("dist/") && !(path && existsSync(join(ROOT, "src", `${path}.ts`)));
  });
  expect(unknown).toEqual([]);
});

test("has what package.json says it has", async () => {
  const { exports, bin } = require(join(ROOT, "package.json"));
  const targets = [
    ...Object.values(exports).flatMap((one) =>
      typeof one === "string" ? one : Object.values(one as object),
    ),
    ...Object.values(bin),
  ];
  const isThere = (path: string) => {
    const [start = "", end = ""] = path.replace("./", "").split("*");
    return files.some((file) =>
      path.includes("*") ? file.startsWith(start) && file.endsWith(end) : file === start,
    );
  };
  const missing = (targets as string[]).filter((path) => !isThere(path));
  expect(missing).toEqual([]);
});

test.each([
  ["publint", "publint/src/cli.js", ["run", "--strict"], "All good!"],
  [
    "are the types wrong",
    "@arethetypeswrong/cli/dist/index.js",
    // Only states refer to it, by `require`.
    ["--no-color", "--exclude-entrypoints", "./provider", "--"],
    "No problems found",
  ],
])("strangers have nothing to say against it: %s", async (_, command, args, praise) => {
  expect(await project.node(join(ROOT, "node_modules", command), ...args, tarball)).toContain(praise);
});

test("is used from CommonJS and from ES modules", async () => {
  const show =
    "console.log([iam.DelegationRequest, mpa.IdentitySource, sts.getDelegatedAccessToken].map((one) => one.name).join())";
  const names = "DelegationRequest,IdentitySource,getDelegatedAccessToken\n";
  const imported = `import { iam, mpa, sts } from "pulumi-aws-approvals"; ${show}`;
  expect(await project.node("--input-type=module", "-e", imported)).toBe(names);
  expect(await project.node("-e", `const { iam, mpa, sts } = require("pulumi-aws-approvals"); ${show}`)).toBe(
    names,
  );
});

test("keeps its inside to itself", async () => {
  await expect(project.node("-e", `require("pulumi-aws-approvals/dist/iam")`)).rejects.toThrow(
    "ERR_PACKAGE_PATH_NOT_EXPORTED",
  );
});

test("loads nothing heavy until it is used", async () => {
  const heavy = await project.node(
    "-e",
    `require("@pulumi/pulumi");
     const before = new Set(Object.keys(require.cache));
     require("pulumi-aws-approvals");
     const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
     console.log(JSON.stringify(loaded.map((file) => file.split("/node_modules/").pop()).filter((file) => !file.startsWith("pulumi-aws-approvals/"))));`,
  );
  expect(JSON.parse(heavy)).toEqual([]);
});

test.each(["node16", "node10", "bundler"])("its types are found and hold: %s", async (resolution) => {
  await project.node(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", `${resolution}.json`);
});

/** Serializes handlers of inline Lambda functions, as `aws.lambda.CallbackFunction` does. */
const SERIALIZE = `
const pulumi = require("@pulumi/pulumi");
const aws_approvals = require("pulumi-aws-approvals");
const { iam } = aws_approvals;
const { parseLambdaEvent, parseNotification, isNewer, merge, parseHttpsMessage, UnverifiedMessageError } = iam;
const notifications = require("pulumi-aws-approvals/notifications");
const handlers = {
  destructured: (event) => parseLambdaEvent(event)[0].notification.state,
  "of iam": (event) => iam.parseLambdaEvent(event)[0].notification.state,
  "of the package": (event) => aws_approvals.iam.parseLambdaEvent(event)[0].notification.state,
  "of the module": (event) => notifications.parseLambdaEvent(event)[0].notification.state,
  ordered: (event) => {
    const { notification } = parseNotification(event.Records[0].body);
    return isNewer(notification, undefined) && merge(undefined, notification).state;
  },
  https: () =>
    parseHttpsMessage("{}", { topicArn: "arn" }).catch((error) => error instanceof UnverifiedMessageError && "REJECTED"),
};
(async () => {
  const texts = {};
  for (const [title, handler] of Object.entries(handlers))
    texts[title] = (await pulumi.runtime.serializeFunction(handler)).text;
  console.log(JSON.stringify(texts));
})();
`;

/** Runs `use` with a folder as one that is packed for a function: the dependencies, and no package of @pulumi. */
async function packedForLambda(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-lambda-"));
  try {
    await mkdir(join(folder, "node_modules"));
    for (const name of ["zod", "@aws-sdk", "@smithy"])
      await symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    const installed = join(project.path, "node_modules/pulumi-aws-approvals");
    await cp(installed, join(folder, "node_modules/pulumi-aws-approvals"), { recursive: true });
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("an inline Lambda function finds all that it uses of iam where it runs, without Pulumi", async () => {
  // The serializer takes modules by their path, which goes through node_modules where a package is installed.
  const printed = await project.node("--preserve-symlinks", "-e", SERIALIZE);
  const message = {
    ...{ Type: "StateChange", RequestId: "dr-1", RequestorWorkflowId: "acme", State: "REJECTED" },
    UpdatedAt: "2026-01-15T10:30:00Z",
  };
  const event = { Records: [{ messageId: "1", eventSource: "aws:sqs", body: JSON.stringify(message) }] };
  await packedForLambda(async (folder) => {
    for (const [title, text] of Object.entries(JSON.parse(printed) as Record<string, string>)) {
      const call = `Promise.resolve(exports.handler(${JSON.stringify(event)})).then(console.log);`;
      await writeFile(join(folder, "index.js"), `${text}\n${call}`);
      const { stdout } = await promisify(execFile)(process.execPath, ["index.js"], { cwd: folder });
      expect([title, stdout]).toEqual([title, "REJECTED\n"]);
    }
  });
});

const TABLE_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/mailbox";

const DRAINS = `
const pulumi = require("@pulumi/pulumi");
const { iam } = require("pulumi-aws-approvals");
const save = iam.mailboxHandler({ tableArn: "${TABLE_ARN}" });
const handlers = { made: save, called: (event) => iam.mailboxHandler({ tableArn: "${TABLE_ARN}" })(event) };
(async () => {
  const texts = {};
  for (const [title, handler] of Object.entries(handlers))
    texts[title] = (await pulumi.runtime.serializeFunction(handler)).text;
  console.log(JSON.stringify(texts));
})();
`;

test("a Lambda function that drains an inbox works inline and bundled", async () => {
  const inline: Record<string, string> = JSON.parse(await project.node("--preserve-symlinks", "-e", DRAINS));
  const { outputFiles } = await build({
    stdin: {
      contents: `import { mailboxHandler } from "pulumi-aws-approvals/notifications";
        export const handler = mailboxHandler({ tableArn: "${TABLE_ARN}" });`,
      resolveDir: project.path,
    },
    ...{ bundle: true, write: false, platform: "node", target: "node20", format: "cjs" },
    // The runtime of Lambda has the AWS SDK.
    external: ["@aws-sdk/client-*"],
  });
  const emulator = await startEmulator();
  const clientConfig = {
    ...{ endpoint: emulator.endpoint, region: "us-east-1" },
    credentials: { accessKeyId: "000000000000", secretAccessKey: "x" },
  };
  const dynamodb = new DynamoDBClient(clientConfig);
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "mailbox",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const env = {
      ...{ AWS_ENDPOINT_URL: emulator.endpoint, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: "000000000000", AWS_SECRET_ACCESS_KEY: "x" },
    };
    await packedForLambda(async (folder) => {
      const texts = { ...inline, bundled: outputFiles[0]?.text ?? "" };
      for (const [title, text] of Object.entries(texts)) {
        const message = {
          ...{ Type: "StateChange", RequestId: `request-that-is-${title}`, RequestorWorkflowId: "acme" },
          ...{ State: "REJECTED", UpdatedAt: "2026-01-15T10:30:00Z" },
        };
        const body = JSON.stringify(message);
        const event = { Records: [{ messageId: "1", eventSource: "aws:sqs", body }] };
        const call = `exports.handler(${JSON.stringify(event)}).then(JSON.stringify).then(console.log);`;
        await writeFile(
          join(folder, "index.js"),
          `${text.replace("module.exports =", "exports =")}\n${call}`,
        );
        const { stdout } = await promisify(execFile)(process.execPath, ["index.js"], { cwd: folder, env });
        expect([title, stdout]).toEqual([title, '{"batchItemFailures":[]}\n']);
        const Key = { pk: { S: `state#${message.RequestId}` } };
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "mailbox", Key }));
        expect(Item?.["state"]).toEqual({ S: "REJECTED" });
      }
    });
  } finally {
    dynamodb.destroy();
    await emulator.close();
  }
});

test("its plugin starts from where it is installed, and ends with its standard input", async () => {
  const plugin = join(project.path, "node_modules/pulumi-aws-approvals/bin/pulumi-resource-aws-approvals");
  const start = `const { spawn } = require("node:child_process");
    const plugin = spawn(process.execPath, ${JSON.stringify([plugin, "127.0.0.1:1"])});
    plugin.stdout.pipe(process.stdout);
    plugin.stdout.once("data", () => plugin.stdin.end());`;
  expect(await project.node("-e", start)).toMatch(/^\d+\n$/);
});

test("its command runs", async () => {
  const { bin } = require(join(ROOT, "package.json"));
  const command = join(project.path, "node_modules/pulumi-aws-approvals", bin["aws-approvals"]);
  expect(await project.node(command, "--help")).toContain("aws-approvals");
});

test("a program runs on it from where it is installed", async () => {
  const emulator = await startEmulator();
  const stack = createStack({
    program: { workDir: project.path },
    env: {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: "000000000000",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "us-east-1",
      AWS_PROFILE: "",
      AWS_SESSION_TOKEN: "",
    },
  });
  try {
    expect((await stack.up()).summary).toEqual({ create: 3 });
    const [request] = emulator.store.delegationRequests.values();
    expect(stack.outputs()).toEqual({
      arn: { value: expect.stringMatching(/^arn:aws:mpa:/), secret: false },
      link: { value: expect.stringContaining(request?.id ?? "none"), secret: false },
    });
    expect((await stack.destroy()).summary).toEqual({ delete: 3 });
    expect(emulator.store.identitySources.size).toBe(0);
  } finally {
    await stack.close();
    await emulator.close();
  }
});
