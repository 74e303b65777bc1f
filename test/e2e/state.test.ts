import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredResource } from "../../src/testing/engine";
import { Project, pack } from "../consumer/project";
import { engines } from "./engines";
import { flawsOf } from "./integrity";
import { PARTNER, SECRET_KEY, World } from "./world";

const PROGRAM = `
const { iam } = require("pulumi-aws-approvals");
new iam.DelegationRequest("backup-setup", {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets, to set up backups",
  requestMessage: "Workspace acme, ticket 4711",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: ["bucketPrefix", "kmsKeyAlias", "vaultName", "scheduleName", "regions"].map((name) => ({
      name, type: "string", values: ["acme-"],
    })),
  },
  notificationChannel: "arn:aws:sns:us-east-1:${PARTNER}:approvals",
  sessionDuration: 3600,
});
`;

let folder: string;
let tarball: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
  tarball = (await pack(folder)).tarball;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(engines)("$title: the state of a delegation request with five parameters", (engine) => {
  let world: World;
  /** What the stack has of the request when the package is installed from its tarball, and when it is linked. */
  let installed: StoredResource;
  let linked: StoredResource;

  async function stateIn(from: string | undefined): Promise<StoredResource> {
    const project = await Project.create(
      {
        "Pulumi.yaml":
          "name: proj\nmain: program.js\nruntime: { name: nodejs, options: { typescript: false } }\n",
        "package.json": JSON.stringify({ name: "proj", private: true }),
        "program.js": PROGRAM,
      },
      from,
    );
    const stack = await engine.open({ program: { workDir: project.path }, env: world.env });
    try {
      expect((await stack.run("up")).errors).toEqual([]);
      const state = await stack.state();
      expect(flawsOf(state, [project.path, SECRET_KEY])).toEqual([]);
      const request = state.resources?.find(({ type }) => type.endsWith(":DelegationRequest"));
      if (request === undefined) throw new Error("the request is not in the state");
      return request;
    } finally {
      await stack.close();
      await project.remove();
    }
  }

  beforeAll(async () => {
    world = await World.open();
    installed = await stateIn(tarball);
    linked = await stateIn(undefined);
  });
  afterAll(() => world?.close());

  test("is under 2.5 KB, as the compact JSON that Pulumi stores", () => {
    // Where in the program it was declared is Pulumi's to keep, and as long as the paths are.
    const { sourcePosition: _, stackTrace: __, ...kept } = installed;
    const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
    expect(size(kept)).toBeLessThan(2560);
    // The program's own words are there twice, as inputs and as outputs. This is the rest, names of properties included.
    expect(size(kept) - 2 * size(kept.inputs)).toBeLessThan(1100);
  });

  test("names its provider in under 120 bytes, alike wherever the package is", () => {
    const provider = installed.inputs?.["__provider"];
    expect(Buffer.byteLength(provider as string)).toBeLessThan(120);
    expect(provider).not.toMatch(/[/\\](home|root|tmp|Users|work)[/\\]/);
    expect(installed.outputs?.["__provider"]).toBe(provider);
    expect(linked.inputs?.["__provider"]).toBe(provider);
    expect(linked.outputs?.["__provider"]).toBe(provider);
  });

  test("is the same wherever the package is, but for what is new with every request", () => {
    const lasting = (resource: StoredResource) => {
      const { delegationRequestId, consoleDeepLink, requestorWorkflowId, expirationTime, ...outputs } =
        resource.outputs ?? {};
      const { urn, type, inputs, dependencies, propertyDependencies, parent } = resource;
      return { urn, type, inputs, outputs, dependencies, propertyDependencies, parent };
    };
    expect(lasting(linked)).toEqual(lasting(installed));
  });
});
