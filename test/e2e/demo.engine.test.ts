import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../..");

test("the demo plays its examples on the real engine", async () => {
  const args = ["--import", "tsx", join(ROOT, "demo", "demo.ts"), "--engine", "pulumi"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  expect(stderr).not.toMatch(/warning|not used/i);
  const seen = [
    /The engine is Pulumi \d+\.\d+\.\d+/,
    /\+ 3 created/,
    /3 unchanged/,
    /The request is FINALIZED/,
    /Acting as arn:aws:sts::222222222222:assumed-role\/Administrator\/console/,
    /DelegationRequest: \(replace\)/,
    /- 3 deleted/,
    /The provider for account 222222222222 has a profile, and no credentials/,
    /aws:sqs:Queue backup-orders deleted/,
    /The restore-access vault is AVAILABLE/,
    /- 14 deleted/,
    /Done in/,
  ];
  for (const pattern of seen) expect(stdout).toMatch(pattern);
});
