// The pack of examples/policy-pack, run by Pulumi's engine with the analyzer of Pulumi's policy SDK.

import { chmod, cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { iam } from "../../src";
import { AwsFixture } from "../e2e/awsFixture";
import { PROJECT, pulumi, type RealStack } from "../e2e/engines";
import { leaveOut } from "../leaveOut";
import { realEngine } from "../realEngine";
import { ASKED, TEAM } from "../review/steps";

const PACK = resolve(__dirname, "../../examples/policy-pack");

const hasYaml = realEngine?.runsYaml ?? false;
if (!hasYaml)
  leaveOut("the policy pack on Pulumi's engine", "there is no pulumi-language-yaml beside the engine");

(hasYaml ? describe : describe.skip)("the policy pack", () => {
  let workDir: string;
  let fixture: AwsFixture;
  let stack: RealStack;

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
    await cp(PACK, join(workDir, "pack"), { recursive: true });
    await symlink(resolve(__dirname, "../../node_modules"), join(workDir, "pack", "node_modules"));
    // What Pulumi's host of Node.js starts. An engine that is built from Go has none, and takes a command in its place.
    const analyzer = join(workDir, "pack", "analyzer");
    const start = `exec node "${require.resolve("@pulumi/pulumi/cmd/run-policy-pack")}" "$1" .`;
    await writeFile(analyzer, `#!/bin/sh\ncd "$(dirname "$0")" && ${start}\n`);
    await chmod(analyzer, 0o755);
    fixture = await AwsFixture.open();
  });
  afterAll(async () => {
    await stack?.close();
    await fixture?.close();
    await rm(workDir, { recursive: true, force: true });
  });

  async function preview(resources: object) {
    await writeFile(join(workDir, "Pulumi.yaml"), stringify({ name: PROJECT, runtime: "yaml", resources }));
    stack ??= await pulumi.open({ program: { workDir }, env: fixture.env });
    return stack.command("preview", "--stack", "dev", "--policy-pack", join(workDir, "pack", "analyzer"));
  }

  const { state: _, ...asked } = ASKED;
  const request = (properties: object) => ({
    acme: { type: "aws-approvals:iam:DelegationRequest", properties },
  });
  const team = (properties: object, options: object) => ({
    restores: { type: "aws-approvals:mpa:ApprovalTeam", properties, options },
  });

  test("lets through what it allows", async () => {
    const { code, text } = await preview({ ...request(asked), ...team(TEAM, { protect: true }) });
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining("aws-approvals") });
  });

  test("holds for the dynamic provider", async () => {
    const program = () => {
      new iam.DelegationRequest("acme", { ...asked, sessionDuration: 43_200 } as iam.DelegationRequestArgs);
      return {};
    };
    const inline = await pulumi.open({ program, env: fixture.env });
    try {
      const policyPacks = [join(workDir, "pack", "analyzer")];
      const { text, errors } = await inline.run("preview", { policyPacks });
      expect(errors).not.toEqual([]);
      expect(text.match(/\[\w+\] {2}[\w-]+(?= {2})/g)).toEqual(["[mandatory]  longest-session"]);
    } finally {
      await inline.close();
    }
  });

  test("ends a preview that goes against each policy, and says what to do", async () => {
    const { ownerAccountId: __, ...toAnyone } = asked;
    const violating = {
      ...toAnyone,
      sessionDuration: { "fn::secret": 43_200 },
      permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/another/one" },
    };
    const small = {
      ...TEAM,
      approvers: TEAM.approvers.slice(0, 1),
      approvalStrategy: { mOfN: { minApprovalsRequired: 1 } },
    };
    const { code, text } = await preview({ ...request(violating), ...team(small, {}) });
    expect(code).not.toBe(0);
    for (const policy of [
      ...["owner-account-required", "allowed-templates", "longest-session", "no-plain-claimable-link"],
      ...["minimum-approvers", "minimum-threshold", "protect-teams"],
    ])
      expect(text).toContain(`[mandatory]  ${policy}  `);
  });
});
