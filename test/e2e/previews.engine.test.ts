// What `pulumi preview --diff` shows a reviewer, recorded for both fronts in docs/previews. With RECORD=1 in the
// environment, the tests write what they see.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pinned } from "../../tools/pinned";
import { leaveOut } from "../leaveOut";
import { realEngine } from "../realEngine";
import { AwsFixture, CUSTOMER, PARTNER } from "./awsFixture";
import { pulumi, type RealStack } from "./engines";
import { openMailbox } from "./inbox";
import { type Front, fronts } from "./scenarios";

const FOLDER = resolve(__dirname, "../../docs/previews");

const asked = {
  description: "Read the list of buckets",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [{ name: "prefix", type: "stringList" as const, values: ["acme-", "other-"] }],
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const moreValues = [{ name: "prefix", type: "stringList" as const, values: ["acme-", "third-"] }];

/** The stages of a request's life, and what the program says in each; the preview of each is recorded. */
const stages = [
  { title: "create", args: asked },
  { title: "update", args: { ...asked, renewWhen: ["EXPIRED" as const] } },
  {
    title: "replace",
    args: {
      ...asked,
      renewWhen: ["EXPIRED" as const],
      permissions: { ...asked.permissions, parameters: moreValues },
    },
  },
];

const isRecorded = realEngine?.version === pinned.version;
if (!isRecorded) leaveOut("recorded previews", `they are of Pulumi ${pinned.version}`);

(isRecorded ? describe : describe.skip).each(Object.entries(fronts))("%s", (name, front: Front) => {
  let fixture: AwsFixture;
  let stack: RealStack;
  let args: object | undefined;
  beforeAll(async () => {
    fixture = await AwsFixture.open();
    const program = () => {
      if (args)
        new front.iam.DelegationRequest("acme", args as typeof asked, {
          additionalSecretOutputs: ["consoleDeepLink"],
        });
      return {};
    };
    stack = await pulumi.open({ program, env: fixture.env });
  });
  afterAll(async () => {
    await stack?.close();
    await fixture.close();
  });

  test("create, update, replace, renew and delete, and renew what an inbox tells of", async () => {
    const seen: string[] = [];
    const preview = async (title: string) => {
      const { text, errors } = await stack.run("preview", { diff: true });
      expect(errors).toEqual([]);
      seen.push(`# ${title}\n\n${withoutWhatVaries(text)}`);
    };
    for (const stage of stages) {
      args = stage.args;
      await preview(stage.title);
      await stack.run("up");
    }
    fixture.clock.advance("25h");
    await stack.run("refresh");
    await preview("renew");
    args = undefined;
    await preview("delete");
    const inbox = await openMailbox(fixture.emulator.endpoint, PARTNER);
    args = {
      ...{ ...asked, ownerAccountId: CUSTOMER, renewWhen: ["EXPIRED"] },
      ...{ notificationChannel: inbox.topicArn, inbox },
    };
    await stack.run("up");
    fixture.clock.advance("25h");
    // What is due happens when somebody looks.
    fixture.requests();
    await stack.run("refresh");
    await preview("renew, with an inbox");
    const file = resolve(FOLDER, `${name}.txt`);
    const text = `${seen.join("\n")}`;
    if (process.env["RECORD"]) await writeFile(file, text);
    expect(text).toBe(await readFile(file, "utf8"));
  });
});

/** The resource's part of a preview, with the same text in every run. */
const withoutWhatVaries = (text: string): string =>
  text
    .split("\n")
    .filter(
      (line) =>
        !/^\s*(Previewing|\[provider=|\[urn=|Resources:|\S+ ?\d+ to |\d+ unchanged)|pulumi:pulumi:Stack/.test(
          line,
        ),
    )
    .join("\n")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/proj\/dev::acme\/[0-9a-f]+/g, "proj/dev::acme/RANDOM")
    .replace(/\n{2,}/g, "\n")
    .replace(/^\n/, "");
