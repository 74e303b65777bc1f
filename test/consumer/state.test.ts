import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredResource } from "../../src/engine";
import { engines } from "../e2e/engines";
import { fiveParameters, storedRequest } from "../e2e/storedRequest";
import { realEngine } from "../realEngine";
import { Project, pack } from "./project";

// An engine without a language host cannot run a project folder; Jest reports these tests as skipped.
const describeFolders = realEngine && !realEngine.runsFolders ? describe.skip : describe;

describeFolders.each(engines)("$title: the state of a project folder", (engine) => {
  const PROGRAM = `
    const { iam } = require("pulumi-aws-approvals");
    new iam.DelegationRequest("backup-setup", ${JSON.stringify(fiveParameters)});
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
    return storedRequest(engine, { program: { workDir: project.path } }, [project.path]).finally(() =>
      project.remove(),
    );
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
