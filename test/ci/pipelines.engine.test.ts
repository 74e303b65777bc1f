// The pipelines of examples/ci: every shell step is run as it is, on Pulumi's engine and an embedded AWS. A server on the
// loopback interface takes the comments, as GitHub and GitLab do.

import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { AwsFixture, CUSTOMER, PARTNER } from "../e2e/awsFixture";
import { PROJECT, pulumi, type RealStack } from "../e2e/engines";
import { leaveOut } from "../leaveOut";
import { realEngine } from "../realEngine";
import { ASKED } from "../review/steps";

const ROOT = resolve(__dirname, "../..");
const EXAMPLES = join(ROOT, "examples/ci");
const TOKEN = "the token of the job";

interface Comment {
  id: number;
  body: string;
  user: { login: string };
  author: { id: number };
}

/** Keeps comments as GitHub and GitLab do: a page has up to a hundred, and only who has the token may write. */
class Comments {
  readonly all: Comment[] = [];
  readonly written: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(({ status, value }) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    return new Promise((closed) => this.server.close(closed));
  }

  add(body: string, login: string, author: number): Comment {
    const comment = { id: this.all.length + 1, body, user: { login }, author: { id: author } };
    this.all.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; value?: unknown }> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://localhost");
    const isAllowed = headers.authorization === `Bearer ${TOKEN}` || headers["private-token"] === TOKEN;
    if (!isAllowed) return { status: 401, value: {} };
    if (url.pathname === "/user") return { status: 200, value: { id: 7 } };
    const { groups: { id } = {} } = /\/(?:comments|notes)(?:\/(?<id>\d+))?$/.exec(url.pathname) ?? {};
    if (method === "GET") {
      const begin = (Number(url.searchParams.get("page")) - 1) * Number(url.searchParams.get("per_page"));
      return { status: 200, value: this.all.slice(begin, begin + 100) };
    }
    this.written.push(method);
    const sent = await text(request);
    if (method === "POST")
      return { status: 201, value: this.add(JSON.parse(sent).body, "github-actions[bot]", 7) };
    const index = this.all.findIndex((one) => one.id === Number(id));
    const [found] = this.all.slice(index, index + 1);
    if (found === undefined) return { status: 404, value: {} };
    if (method === "DELETE") {
      this.all.splice(index, 1);
      return { status: 204 };
    }
    found.body = JSON.parse(sent).body;
    return { status: 200, value: found };
  }
}

/** The steps of a pipeline, each of which is one script. */
interface Pipeline {
  title: "github" | "gitlab";
  review: string[];
  plan: string[];
  deploy: string[];
}

interface Job {
  steps: { run?: string }[];
  script: string[];
}

const stepsOf = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

async function pipelines(): Promise<Pipeline[]> {
  const read = async (file: string) => parse(await readFile(join(EXAMPLES, file), "utf8"));
  const [review, deploy, gitlab] = [
    await read("github/review.yml"),
    await read("github/deploy.yml"),
    await read("gitlab/.gitlab-ci.yml"),
  ];
  const ofGitLab = (job: string): string[] => [...gitlab.default.before_script, ...gitlab[job].script];
  const ofGitHub = (jobs: Record<string, Job>, name: string) => stepsOf(jobs[name] as Job);
  return [
    {
      title: "github",
      review: ofGitHub(review.jobs, "review"),
      plan: ofGitHub(deploy.jobs, "plan"),
      deploy: ofGitHub(deploy.jobs, "deploy"),
    },
    { title: "gitlab", review: ofGitLab("review"), plan: ofGitLab("plan"), deploy: ofGitLab("deploy") },
  ];
}

const hasYaml = realEngine?.runsYaml ?? false;
if (!hasYaml) leaveOut("the pipelines of examples/ci", "there is no pulumi-language-yaml beside the engine");

(hasYaml ? describe : describe.skip).each(["github", "gitlab"] as const)("the pipeline of %s", (title) => {
  let workDir: string;
  let fixture: AwsFixture;
  let stack: RealStack;
  let comments: Comments;
  let api: string;
  let pipeline: Pipeline;

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), "aws-approvals-ci-"));
    await cp(join(EXAMPLES, title, "comment.mjs"), join(workDir, "ci", "comment.mjs"));
    await cp(join(EXAMPLES, "approvals.json"), join(workDir, "ci", "approvals.json"));
    await mkdir(join(workDir, "node_modules", ".bin"), { recursive: true });
    await symlink(join(ROOT, "bin/aws-approvals.js"), join(workDir, "node_modules/.bin/aws-approvals"));
    await mkdir(join(workDir, "bin"));
    // What it would install is there already.
    await writeFile(join(workDir, "bin", "npm"), '#!/bin/sh\n[ "$*" = "ci --ignore-scripts" ]\n');
    await chmod(join(workDir, "bin", "npm"), 0o755);
    fixture = await AwsFixture.open();
    comments = new Comments();
    api = await comments.open();
    pipeline = (await pipelines()).find((one) => one.title === title) as Pipeline;
    await write({});
    stack = await pulumi.open({ program: { workDir }, env: fixture.env });
  });
  afterAll(async () => {
    await stack?.close();
    await comments?.close();
    await fixture?.close();
    await rm(workDir, { recursive: true, force: true });
  });

  const { state: _, ...inputs } = ASKED;
  const asked = { ...inputs, notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals` };
  const write = (resources: object) =>
    writeFile(
      join(workDir, "Pulumi.yaml"),
      stringify({ name: PROJECT, runtime: "yaml", resources }, { aliasDuplicateObjects: false }),
    );
  const request = (more: object = {}) => ({
    acme: { type: "aws-approvals:iam:DelegationRequest", properties: { ...asked, ...more } },
  });

  /** Of the resources whose customers have been asked. */
  const names = () => fixture.requests().map((one) => /::(.*)\//.exec(one.requestorWorkflowId)?.[1]);

  /** Runs the steps of a job until one fails. @returns its exit code, and all that was printed */
  async function run(
    job: "review" | "plan" | "deploy",
    more: Record<string, string> = {},
  ): Promise<{ code: number; output: string }> {
    let output = "";
    for (const step of pipeline[job]) {
      const env = {
        ...stack.environment(),
        PATH: [join(workDir, "bin"), process.env["PATH"]].join(delimiter),
        ...{ STACK: `organization/${PROJECT}/dev`, PULUMI_EXPERIMENTAL: job === "deploy" ? "true" : "" },
        ...{ RUNNER_TEMP: workDir, GITHUB_STEP_SUMMARY: join(workDir, "summary.md") },
        ...{
          GITHUB_API_URL: api,
          GITHUB_REPOSITORY: "example/customers",
          GITHUB_TOKEN: TOKEN,
          PULL_REQUEST: "1",
        },
        ...{ CI_API_V4_URL: api, CI_PROJECT_ID: "1", CI_MERGE_REQUEST_IID: "1", REVIEW_TOKEN: TOKEN },
        ...{ AWS_TOKEN: "an identity", AWS_WEB_IDENTITY_TOKEN_FILE: join(workDir, ".aws-token") },
        ...more,
      };
      // As the runner starts a step that names no shell.
      const args = [...(title === "github" ? ["-e"] : ["-eo", "pipefail"]), "-c", step];
      const {
        code = 0,
        stdout,
        stderr,
      } = (await promisify(execFile)("bash", args, { cwd: workDir, env }).catch(
        (error: { code: number; stdout: string; stderr: string }) => error,
      )) as { code?: number; stdout: string; stderr: string };
      output += stdout + stderr;
      if (code !== 0) return { code, output };
    }
    return { code: 0, output };
  }

  test("comments once, and edits its comment in place", async () => {
    comments.add(`<!-- aws-approvals review ${PROJECT}/dev -->\nNot by the pipeline.`, "somebody", 8);
    comments.add("<!-- aws-approvals review other/dev -->\nOf another project.", "github-actions[bot]", 7);
    for (let i = 0; i < 100; i++) comments.add("Discussion", "somebody", 8);
    await write(request());
    expect(await run("review")).toMatchObject({ code: 0 });
    expect(comments.all.at(-1)?.body).toContain(`Account \`${CUSTOMER}\` is asked for access for 1 h.`);
    await write(request({ sessionDuration: 7200 }));
    expect(await run("review")).toMatchObject({ code: 0 });
    expect(comments.all.at(-1)?.body).toContain("is asked for access for 2 h.");
    expect(comments.written).toEqual(["POST", title === "github" ? "PATCH" : "PUT"]);
    expect(fixture.requests()).toEqual([]);
  });

  test("fails when the change goes against a rule, with the comment that says so", async () => {
    await write(request({ sessionDuration: 43_200 }));
    expect(await run("review")).toMatchObject({ code: 6 });
    expect(comments.all.at(-1)?.body).toContain("**`session-longer-than`**");
  });

  test("leaves its comment when there is no preview to review", async () => {
    const before = [...comments.written];
    const failed = await run("review", { PULUMI_BACKEND_URL: "file:///nowhere" });
    expect(failed.code).not.toBe(0);
    expect(comments.written).toEqual(before);
    expect(comments.all.at(-1)?.body).toContain("session-longer-than");
  });

  test("removes its comment, and no other, when nothing concerns approvals any more", async () => {
    await write({});
    expect(await run("review")).toMatchObject({ code: 0 });
    expect(comments.written.at(-1)).toBe("DELETE");
    expect(comments.all).toHaveLength(102);
  });

  test("deploys what was planned, and asks nobody for anything else", async () => {
    await write(request());
    const planned = await run("plan");
    expect(planned).toMatchObject({ code: 0 });
    const shown = title === "github" ? await readFile(join(workDir, "summary.md"), "utf8") : planned.output;
    expect(shown).toContain(CUSTOMER);
    const deployed = await run("deploy");
    expect(deployed.code === 0 ? "" : deployed.output).toBe("");
    expect(names()).toEqual(["acme"]);
    // The program has changed since the plan was read.
    await write(request({ sessionDuration: 7200 }));
    expect(await run("plan")).toMatchObject({ code: 0 });
    await write({ ...request(), globex: request().acme });
    const refused = await run("deploy");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("plan");
    expect(names()).not.toContain("globex");
  });

  test("deploys no plan after a refresh that has seen a reason to ask again", async () => {
    await write(request({ ownerAccountId: undefined, renewWhen: ["EXPIRED"] }));
    expect(await run("plan")).toMatchObject({ code: 0 });
    expect(await run("deploy")).toMatchObject({ code: 0 });
    const asked = fixture.requests().length;
    expect(await run("plan")).toMatchObject({ code: 0 });
    fixture.clock.advance("25h");
    expect(await stack.run("refresh")).toMatchObject({ errors: [] });
    const refused = await run("deploy");
    expect(refused.output).toContain("violates plan");
    expect(refused.code).not.toBe(0);
    expect(fixture.requests()).toHaveLength(asked);
  });
});
