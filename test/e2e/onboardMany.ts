// Many customers on one inbox: colleagues and a pipeline, each with a home folder of their own, read one mailbox. One
// process after the other is killed in the middle of its work. Everything must arrive nevertheless.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ApprovalInbox, CustomerAccess } from "../../src";
import { AwsClients } from "../../src/aws/clients";
import type { Call } from "../../src/emulator";
import type { MailboxAddress } from "../../src/mailbox/address";
import { drain } from "../../src/mailbox/drain";
import { startEmulator, type TestEmulator, testStack, VENDOR_ACCOUNT } from "../../src/testing";

const COMMAND = resolve(__dirname, "../../bin/aws-approvals.js");
const REGION = "us-east-1";
const client = (
  { endpoint }: TestEmulator,
  credentials = { accessKeyId: VENDOR_ACCOUNT, secretAccessKey: "x" },
) => ({
  ...{ endpoint, region: REGION, credentials },
});

/** The call at which a process is killed: before AWS has done it, or before the answer arrives. */
type KillPoint = readonly [operation: string, phase: Call["phase"], nth: number];

/** Of a process that drains the queue and looks into the table. */
const WAIT_KILLS: readonly KillPoint[] = [
  ["BatchGetItem", "after-effect", 1],
  ["ReceiveMessage", "before-effect", 1],
  ["ReceiveMessage", "after-effect", 1],
  ["UpdateItem", "before-effect", 1],
  // A token is written by three updates, and messages are saved at once.
  ["UpdateItem", "after-effect", 1],
  ["UpdateItem", "after-effect", 4],
  ["UpdateItem", "after-effect", 5],
  ["DeleteMessageBatch", "before-effect", 1],
  ["DeleteMessageBatch", "after-effect", 1],
];

/** Of a process that fetches credentials. */
const CREDENTIALS_KILLS: readonly KillPoint[] = [
  ["GetItem", "before-effect", 1],
  ["GetItem", "after-effect", 1],
  ["GetDelegatedAccessToken", "before-effect", 1],
  ["GetDelegatedAccessToken", "after-effect", 1],
];

export interface Onboarded {
  /** The outcomes that the colleague who waits for all was told, by the customers' names. */
  outcomes: Readonly<Record<string, string>>;
  /** What the colleague who waits for one customer was told. */
  one: { outcome: string; hasToken: boolean };
  /** The account that the pipeline's credentials act in. */
  account: string | undefined;
  /** In the table, at the end. */
  states: Readonly<Record<string, string>>;
  tokens: readonly string[];
  /** In the queue and the dead-letter queue, at the end. */
  left: number;
  figures: Figures;
}

export interface Figures {
  customers: number;
  kills: number;
  /** From the first customer's click on. */
  secondsUntilAllWereKnown: number;
  messages: number;
  receives: number;
  writes: number;
  looks: number;
}

/** Every tenth customer rejects, and all others approve. */
export const isRejecting = (i: number): boolean => i % 10 === 9;
export const customerName = (i: number): string => `customer-${i}`;
export const customerAccount = (i: number): string => String(200_000_000_000 + i);

/** Asks customers for access, and lets colleagues and a pipeline wait for them. Ends when everything has arrived. */
export async function onboardMany(customers: number): Promise<Onboarded> {
  const play = await Play.open(customers);
  try {
    return await play.run();
  } finally {
    await play.close();
  }
}

interface Running {
  child: ChildProcess;
  /** What it printed, once it has ended. */
  ended: Promise<{ signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

class Play {
  private kills = 0;
  /** The kill that is due, and how many of its calls are still let pass. */
  private due: { point: KillPoint; left: number; child: () => ChildProcess } | undefined;

  private constructor(
    private readonly customers: number,
    private readonly folder: string,
    private readonly emulator: TestEmulator,
    private readonly outputs: Required<MailboxAddress>,
    private readonly requestIds: Readonly<Record<string, string>>,
  ) {}

  static async open(customers: number): Promise<Play> {
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-many-"));
    const play: { opened?: Play } = {};
    const emulator = await startEmulator({ intercept: (call) => play.opened?.intercept(call) });
    const stack = await testStack({ emulator, inlineProvider: true, program: () => declare(customers) });
    try {
      const { outputs } = await stack.up();
      await writeFile(join(folder, "state.json"), JSON.stringify(stack.exportState()), { mode: 0o600 });
      const { requestIds, ...address } = outputs;
      const { tableArn, queueUrl, topicArn, deadLetterQueueUrl = "" } = address;
      play.opened = new Play(
        customers,
        folder,
        emulator,
        { tableArn, queueUrl, topicArn, deadLetterQueueUrl },
        requestIds,
      );
      return play.opened;
    } finally {
      await stack.close();
    }
  }

  async run(): Promise<Onboarded> {
    const start = performance.now();
    const decide = this.decisions();
    for (const point of WAIT_KILLS) {
      await decide(Math.ceil(this.customers / WAIT_KILLS.length));
      await this.killAt(point, () => this.start("colleague", this.waitForAll));
    }
    await decide(this.customers);
    const forAll = this.start("colleague", this.waitForAll);
    const forOne = this.start("another", ["wait", "--request", customerName(0), ...this.stateFile, "--json"]);
    const [all, one] = await Promise.all([forAll.ended, forOne.ended]);
    const secondsUntilAllWereKnown = (performance.now() - start) / 1_000;
    for (const point of CREDENTIALS_KILLS) {
      await this.killAt(point, () => this.start("pipeline", this.credentials));
    }
    const credentials = await this.start("pipeline", this.credentials).ended;
    await this.drainRest();
    return {
      outcomes: outcomesOf(all),
      one: requestsOf(one)[0] ?? { outcome: one.stderr, hasToken: false },
      account: await this.accountOf(credentials),
      ...(await this.stored()),
      left: await this.messagesLeft(),
      figures: {
        customers: this.customers,
        kills: this.kills,
        secondsUntilAllWereKnown,
        ...this.callCounts(),
      },
    };
  }

  private readonly stateFile = ["--state-file", "state.json"];
  private readonly waitForAll = ["wait", ...this.stateFile, "--json", "--timeout", "2m"];

  /** Of a customer whom nobody waits for by name, on a machine that has no stack. */
  private get credentials(): string[] {
    const id = this.requestIds[customerName(2)] ?? "";
    return ["credentials", "--request", id, "--table", this.outputs.tableArn];
  }

  /** Lets the next so many customers decide. */
  private decisions(): (count: number) => Promise<void> {
    let next = 0;
    return async (count) => {
      const end = Math.min(next + count, this.customers);
      for (; next < end; next++) {
        const id = this.requestIds[customerName(next)] ?? "";
        const customer = this.emulator.customer(customerAccount(next));
        await (isRejecting(next) ? customer.reject(id, "Not now") : customer.approve(id));
      }
    };
  }

  /** Kills a process at a call of its own, and waits until it is gone. */
  private async killAt(point: KillPoint, start: () => Running): Promise<void> {
    const [, , nth] = point;
    const started: { running?: Running } = {};
    const child = () => (started.running as Running).child;
    this.due = { point, left: nth, child };
    started.running = start();
    const { signal, stdout, stderr } = await started.running.ended;
    if (signal === "SIGKILL") return;
    throw new Error(`it ended before ${point.join(" ")}: ${stdout}${stderr}`);
  }

  private intercept({ operation, phase }: Call) {
    const { due } = this;
    if (due === undefined || due.point[0] !== operation || due.point[1] !== phase || --due.left > 0) return;
    this.due = undefined;
    this.kills++;
    due.child().kill("SIGKILL");
    return { drop: true };
  }

  private start(home: string, args: readonly string[]): Running {
    const env = {
      PATH: process.env["PATH"],
      HOME: join(this.folder, home),
      AWS_APPROVALS_HOME: join(this.folder, home),
      AWS_ENDPOINT_URL: this.emulator.endpoint,
      AWS_ACCESS_KEY_ID: VENDOR_ACCOUNT,
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: REGION,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
    const child = spawn(process.execPath, [COMMAND, ...args], {
      ...{ cwd: this.folder, env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        printed[stream] += text;
      });
    }
    const ended = new Promise<Awaited<Running["ended"]>>((done, failed) => {
      child.once("error", failed);
      child.once("close", (_, signal) => done({ ...printed, signal }));
    });
    return { child, ended };
  }

  private async accountOf({ stdout, stderr }: Awaited<Running["ended"]>): Promise<string | undefined> {
    if (stdout === "") throw new Error(`there are no credentials: ${stderr}`);
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
    const credentials = {
      ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    };
    const sts = new STSClient(client(this.emulator, credentials));
    const { Account } = await sts.send(new GetCallerIdentityCommand({})).finally(() => sts.destroy());
    return Account;
  }

  /** What the table holds, by the customers' names. */
  private async stored(): Promise<Pick<Onboarded, "states" | "tokens">> {
    const dynamodb = new DynamoDBClient(client(this.emulator));
    const states: Record<string, string> = {};
    const tokens: string[] = [];
    for (const [name, id] of Object.entries(this.requestIds)) {
      const Keys = [{ pk: { S: `state#${id}` } }, { pk: { S: `token#${id}` } }];
      const RequestItems = { [this.outputs.tableArn]: { Keys, ConsistentRead: true } };
      const { Responses = {} } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
      for (const { state, token } of Object.values(Responses).flat()) {
        if (state?.S !== undefined) states[name] = state.S;
        if (token?.S !== undefined) tokens.push(name);
      }
    }
    dynamodb.destroy();
    return { states, tokens: tokens.sort() };
  }

  /** Takes what killed processes had received, when it comes back: it must change nothing. */
  private async drainRest(): Promise<void> {
    const { endpoint } = this.emulator;
    const clients = new AwsClients({
      ...{ region: REGION, accessKey: VENDOR_ACCOUNT, secretKey: "x" },
      endpoints: { dynamodb: endpoint, sqs: endpoint },
    });
    const options = { waitSeconds: 20, log: () => {} };
    for (let i = 0; i < 3 && (await this.messagesLeft()) > 0; i++)
      await drain(this.outputs, clients, options);
  }

  private async messagesLeft(): Promise<number> {
    const sqs = new SQSClient(client(this.emulator));
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    let left = 0;
    for (const QueueUrl of [this.outputs.queueUrl, this.outputs.deadLetterQueueUrl]) {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes = {} } = await sqs.send(command);
      for (const name of names) left += Number(Attributes[name]);
    }
    sqs.destroy();
    return left;
  }

  private callCounts() {
    const count = (operation: string) =>
      this.emulator.calls.filter((call) => call.operation === operation && call.account === VENDOR_ACCOUNT)
        .length;
    const rejected = Array.from({ length: this.customers }, (_, i) => i).filter(isRejecting).length;
    return {
      // Three states and a token, or two states.
      messages: 4 * (this.customers - rejected) + 2 * rejected,
      receives: count("ReceiveMessage"),
      writes: count("UpdateItem"),
      looks: count("BatchGetItem"),
    };
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function declare(customers: number) {
  const inbox = new ApprovalInbox("approvals");
  const ids = Array.from({ length: customers }, (_, i) => {
    const { delegationRequestId } = new CustomerAccess(customerName(i), {
      inbox,
      request: {
        ownerAccountId: customerAccount(i),
        description: "Read the list of buckets, to set up backups",
        permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
        sessionDuration: 3600,
      },
    });
    return [customerName(i), delegationRequestId] as const;
  });
  const { tableArn, queueUrl, topicArn, deadLetterQueueUrl } = inbox;
  return { tableArn, queueUrl, topicArn, deadLetterQueueUrl, requestIds: Object.fromEntries(ids) };
}

interface RequestResult {
  name: string;
  outcome: string;
  hasToken: boolean;
}

const requestsOf = ({ stdout, stderr }: Awaited<Running["ended"]>): RequestResult[] => {
  if (stdout === "") throw new Error(`nothing was printed: ${stderr}`);
  return JSON.parse(stdout).requests;
};

const outcomesOf = (ended: Awaited<Running["ended"]>): Record<string, string> =>
  Object.fromEntries(requestsOf(ended).map(({ name, outcome }) => [name, outcome]));
