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
    /state: UNASSIGNED → FINALIZED/,
    /actingAs: .*→\s+arn:aws:sts::222222222222:assumed-role\/Administrator\/console/,
    /\+- iam:DelegationRequest backup-setup {2}\(replaced for sessionDuration\)/,
    /- {2}iam:DelegationRequest backup-setup/,
    /backupOrders: not granted yet →\s+http:/,
    /- {2}aws:sqs:Queue backup-orders/,
    /accessState: CREATING → AVAILABLE/,
    /- {2}mpa:ApprovalTeam restores/,
    /Done in/,
  ];
  for (const pattern of seen) expect(stdout).toMatch(pattern);
  // Each line of `wait` is under the step at which it happens.
  const at = [
    /acme: FINALIZED by/,
    /globex: REJECTED by/,
    /An AWS profile gives/,
    /initech: EXPIRED/,
    /initech: expired/,
    /A destroy that refreshes/,
    /DelegationRequest acme \(.*\) is removed/,
  ].map((pattern) => stdout.search(pattern));
  expect(at).not.toContain(-1);
  expect(at).toEqual([...at].sort((a, b) => a - b));
});
