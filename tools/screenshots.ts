// Makes the pictures in docs/images: the comment that `aws-approvals review` writes about a change, as GitHub shows it, the
// pages of the embedded AWS, wide and on a phone, and a page of the site. Needs Chromium.

import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { marked } from "marked";
import { type Browser, chromium } from "playwright-core";
import { iam, mpa } from "pulumi-aws-approvals";
import { ManualClock, startEmulator, testStack } from "pulumi-aws-approvals/testing";
import { toMarkdown } from "../src/review/markdown";
import { parsePreview } from "../src/review/preview";
import { review } from "../src/review/review";
import { parseRules } from "../src/review/rules";
import { findOnPath } from "./findOnPath";

const FOLDER = resolve(__dirname, "../docs/images");
const SOURCE = "arn:aws:mpa:us-east-1:000000000000:identity-source/IamIdentityCenter";
const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT";

const asked = (ownerAccountId: string, sessionDuration = 3600) => ({
  ...{ ownerAccountId, sessionDuration },
  description: "Read the list of buckets, to set up backups",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [
      { name: "bucket-prefix", type: "string" as const, values: ["backup-"] },
      { name: "regions", type: "stringList" as const, values: ["eu-west-1", "eu-central-1"] },
    ],
  },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
});

const team = (minApprovalsRequired: number, ...people: string[]) => ({
  name: "restores",
  description: "Decides about restores",
  approvalStrategy: { mOfN: { minApprovalsRequired } },
  approvers: people.map((primaryIdentityId) => ({ primaryIdentityId, primaryIdentitySourceArn: SOURCE })),
  policies: [{ policyArn: POLICY }],
});

function before() {
  const people = new mpa.IdentitySource("people", {
    iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" },
  });
  new mpa.ApprovalTeam("restores", team(3, "alice", "bob", "carol", "dan"), { dependsOn: [people] });
  new iam.DelegationRequest("globex", asked("333333333333"));
  new iam.DelegationRequest("initech", asked("444444444444"));
  return {};
}

function after() {
  const people = new mpa.IdentitySource("people", {
    iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" },
    tags: { team: "platform" },
  });
  new mpa.ApprovalTeam("restores", team(2, "alice", "bob", "carol", "erin"), { dependsOn: [people] });
  new iam.DelegationRequest("acme", asked("222222222222"));
  new iam.DelegationRequest("globex", asked("333333333333", 28_800));
  return {};
}

/** The comment about the change from one program to the other, after which the members have accepted their invitations. */
async function comment(): Promise<string> {
  await using emulator = await startEmulator();
  let program = before;
  await using stack = await testStack({
    emulator,
    inlineProvider: true,
    project: "customers",
    program: () => program(),
  });
  await stack.up();
  for (const { arn } of emulator.store.approvalTeams.values())
    for (const person of ["alice", "bob", "carol", "dan"]) emulator.approver(person).accept(arn);
  await stack.refresh();
  program = after;
  const { text } = await stack.preview({ json: true, showSames: true, showReplacementSteps: true });
  return toMarkdown(
    review(parsePreview(text), {
      now: new Date(),
      rules: parseRules("threshold-lowered,session-longer-than=4"),
    }),
  );
}

const STYLE = `
body { margin: 0; padding: 16px; width: 860px; background: #f6f8fa; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
article { background: #fff; border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px }
h3 { font-size: 1.25em; margin: 16px 0 } h4 { margin: 20px 0 8px }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85%/1 ui-monospace, "DejaVu Sans Mono", monospace }
ul { padding-left: 2em; margin: 0 0 12px } li { margin: 3px 0 }`;

const WIDE = { width: 1000, height: 640 };
const PHONE = { width: 360, height: 1370 };

/** The pages of an embedded AWS on which the first program ran, as its customers and approvers see them. */
async function photographPages(browser: Browser): Promise<void> {
  await using emulator = await startEmulator({ clock: new ManualClock(new Date("2027-01-15T09:30:00Z")) });
  await using stack = await testStack({
    emulator,
    inlineProvider: true,
    project: "customers",
    program: before,
  });
  await stack.up();
  const [globex, initech] = [...emulator.store.delegationRequests.values()];
  const photograph = async (name: string, path: string, viewport: typeof WIDE, click?: string) => {
    const page = await browser.newPage({ viewport });
    await page.goto(`${emulator.endpoint}${path}`);
    if (click !== undefined) await page.getByRole("button", { name: click }).click();
    await page.screenshot({ path: resolve(FOLDER, `${name}.png`) });
    await page.close();
  };
  if (globex === undefined || initech === undefined) throw new Error("The program makes two requests.");
  const review = "/iam/account-access-requests/review/";
  await photograph("request-phone", `${review}${globex.id}`, PHONE, "Claim the request");
  await emulator.customer("444444444444").reject(initech.id);
  await photograph("overview", "/", WIDE);
}

async function main(): Promise<void> {
  const executablePath = findOnPath("chromium", "chromium-browser", "google-chrome");
  if (executablePath === undefined) throw new Error("There is no Chromium on the PATH.");
  const html = `<!doctype html><style>${STYLE}</style><article>${await marked(await comment())}</article>`;
  await mkdir(FOLDER, { recursive: true });
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage({ viewport: { width: 892, height: 400 } });
    await page.setContent(html);
    await page.screenshot({ path: resolve(FOLDER, "review.png"), fullPage: true });
    for (const [name, width, height] of [
      ["site.png", 900, 370],
      ["site-narrow.png", 375, 600],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(`file://${resolve(__dirname, "../site/docs/reference/mpa.ApprovalTeam.html")}`);
      // The navigation is made by a script.
      await page.locator("#tsd-nav-container a").first().waitFor({ state: "attached" });
      await page.screenshot({ path: resolve(FOLDER, name) });
    }
    await photographPages(browser);
  } finally {
    await browser.close();
  }
}

void main();
