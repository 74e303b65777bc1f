import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iam } from "pulumi-aws-approvals";
import type { StoredResource } from "../../src/engine";
import { Project, pack } from "../consumer/project";
import { realEngine } from "../realEngine";
import { AwsFixture, PARTNER, SECRET_KEY } from "./awsFixture";
import { type Engine, engines, type StackSettings } from "./engines";
import { integrityErrors } from "./integrity";

const request = {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets, to set up backups",
  requestMessage: "Workspace acme, ticket 4711",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: ["bucketPrefix", "kmsKeyAlias", "vaultName", "scheduleName", "regions"].map((name) => ({
      ...{ name, type: "string" as const },
      values: ["acme-"],
    })),
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};

let fixture: AwsFixture;
beforeAll(async () => {
  fixture = await AwsFixture.open();
});
afterAll(() => fixture?.close());

/** The request in the state after an up. */
async function stored(engine: Engine, program: StackSettings["program"], paths: string[] = []) {
  const stack = await engine.open({ program, env: fixture.env });
  try {
    expect((await stack.run("up")).errors).toEqual([]);
    const state = await stack.state();
    expect(integrityErrors(state, [...paths, SECRET_KEY])).toEqual([]);
    const found = state.resources?.find(({ type }) => type.endsWith(":DelegationRequest"));
    if (found === undefined) throw new Error("the request is not in the state");
    return found;
  } finally {
    await stack.close();
  }
}

describe.each(engines)("$title: the state of a delegation request with five parameters", (engine) => {
  let resource: StoredResource;
  beforeAll(async () => {
    resource = await stored(engine, () => void new iam.DelegationRequest("backup-setup", request));
  });

  test("is under 2.5 KB, as the compact JSON that Pulumi stores", () => {
    // Pulumi records where it was declared, and the size of that depends on the paths.
    const { sourcePosition: _, stackTrace: __, ...kept } = resource;
    const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
    expect(size(kept)).toBeLessThan(2560);
    // The values of the program are there twice, as inputs and as outputs. This is the rest, with the property names.
    expect(size(kept) - 2 * size(kept.inputs)).toBeLessThan(1100);
  });

  test("names its provider in under 120 bytes", () => {
    const provider = resource.inputs?.["__provider"];
    expect(Buffer.byteLength(provider as string)).toBeLessThan(120);
    expect(provider).not.toMatch(/[/\\](home|root|tmp|Users|work)[/\\]/);
    expect(resource.outputs?.["__provider"]).toBe(provider);
  });
});

// An engine without a language host cannot run a project folder; Jest reports these tests as skipped.
const describeFolders = realEngine && !realEngine.runsFolders ? describe.skip : describe;

describeFolders.each(engines)("$title: the state of a project folder", (engine) => {
  const PROGRAM = `
    const { iam } = require("pulumi-aws-approvals");
    new iam.DelegationRequest("backup-setup", ${JSON.stringify(request)});
  `;

  /** The state where the package is installed from a tarball, or linked. */
  async function storedIn(tarball: string | undefined): Promise<StoredResource> {
    const project = await Project.create(
      {
        "Pulumi.yaml":
          "name: proj\nmain: program.js\nruntime: { name: nodejs, options: { typescript: false } }\n",
        "package.json": JSON.stringify({ name: "proj", private: true }),
        "program.js": PROGRAM,
      },
      tarball,
    );
    return stored(engine, { workDir: project.path }, [project.path]).finally(() => project.remove());
  }

  test("is the same wherever the package is, but for what is new with every request", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
    try {
      const installed = await storedIn((await pack(folder)).tarball);
      const linked = await storedIn(undefined);
      expect(lasting(linked)).toEqual(lasting(installed));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function lasting(resource: StoredResource) {
  const { delegationRequestId, consoleDeepLink, requestorWorkflowId, expirationTime, ...outputs } =
    resource.outputs ?? {};
  const { urn, type, inputs, dependencies, propertyDependencies, parent } = resource;
  return { urn, type, inputs, outputs, dependencies, propertyDependencies, parent };
}
