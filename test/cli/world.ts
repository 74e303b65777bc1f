import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  IAMClient,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Call, type Emulator, type Fault, ManualClock, startEmulator } from "../../src/emulator";

export const PARTNER = "111122223333";
export const CUSTOMER = "444455556666";
export const TOPIC = `arn:aws:sns:us-east-1:${PARTNER}:approvals`;

const BIN = resolve(__dirname, "../../bin/aws-approvals.js");

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Settings {
  stdin?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** A command that runs the command. */
  through?: string[];
}

export interface Running {
  ended: Promise<Ended>;
  /** Resolves when stderr and stdout together match. */
  says(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** The request that an ExchangeToken message is about, and what it says beside. */
export interface Message {
  Type?: string;
  RequestId: string;
  State?: string;
  UpdatedAt?: string;
  ExchangeToken?: string;
  ExpiresAt?: string;
}

/** One embedded AWS for all worlds of a file, since its SNS and SQS take a while to start. */
const clock = new ManualClock();
let emulator: Emulator | undefined;
let current: World | undefined;
let workflows = 0;
afterAll(async () => {
  await current?.close();
  await emulator?.close();
  emulator = undefined;
});

/**
 * A partner's inbox and a customer in an embedded AWS, and the command in processes of its own. One at a time: `close`
 * leaves the AWS as if nothing had been.
 */
export class World {
  /** What becomes of a call; undefined: what AWS does. */
  fault: ((call: Call) => Fault | undefined) | undefined;
  readonly home = mkdtempSync(join(tmpdir(), "aws-approvals-cli-"));
  private readonly clients: { destroy(): void }[] = [];
  private readonly customer: IAMClient;
  private readonly partner: IAMClient;
  private readonly sqs: SQSClient;
  private readonly callsBefore: number;
  /** What the clock of the embedded AWS shows, until it is advanced. */
  readonly clock = clock;

  private constructor(
    readonly emulator: Emulator,
    readonly queueUrl: string,
  ) {
    this.callsBefore = emulator.calls.length;
    this.customer = this.remember(new IAMClient(configuration(emulator, CUSTOMER)));
    this.partner = this.remember(new IAMClient(configuration(emulator, PARTNER)));
    this.sqs = this.remember(new SQSClient(configuration(emulator, PARTNER)));
  }

  static async open(): Promise<World> {
    clock.set(new Date());
    emulator ??= await startEmulator({ clock, intercept: (call) => current?.fault?.(call) });
    current = new World(emulator, await openInbox(emulator));
    return current;
  }

  async close(): Promise<void> {
    if (current !== this) return;
    current = undefined;
    await closeInbox(this.emulator, this.queueUrl);
    // What is left lapses now, unheard, and not in a later test.
    clock.advance("365d");
    expect([...this.emulator.store.delegationRequests.keys()]).toEqual([]);
    for (const client of this.clients) client.destroy();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** A new delegation request of the partner's; its id. */
  async request(): Promise<string> {
    const { DelegationRequestId = "" } = await this.partner.send(
      new CreateDelegationRequestCommand({
        Description: "Back up",
        Permissions: { PolicyTemplateArn: `arn:aws:iam::${PARTNER}:delegation-template/backup` },
        RequestorWorkflowId: `workflow-${++workflows}`,
        NotificationChannel: TOPIC,
        SessionDuration: 3600,
      }),
    );
    return DelegationRequestId;
  }

  async claim(DelegationRequestId: string): Promise<void> {
    await this.customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  }

  async accept(DelegationRequestId: string): Promise<void> {
    await this.claim(DelegationRequestId);
    await this.customer.send(new AcceptDelegationRequestCommand({ DelegationRequestId }));
  }

  async grant(DelegationRequestId: string): Promise<void> {
    await this.accept(DelegationRequestId);
    await this.send(DelegationRequestId);
  }

  async send(DelegationRequestId: string): Promise<void> {
    await this.customer.send(new SendDelegationTokenCommand({ DelegationRequestId }));
  }

  async reject(DelegationRequestId: string): Promise<void> {
    await this.claim(DelegationRequestId);
    await this.customer.send(new RejectDelegationRequestCommand({ DelegationRequestId }));
  }

  /** Puts a message on the queue as if SNS had delivered it. */
  async deliver(message: Message, { topicArn = TOPIC, queueUrl = this.queueUrl } = {}): Promise<void> {
    const common = { RequestorWorkflowId: "workflow", OwnerAccountId: CUSTOMER };
    const Message = JSON.stringify({
      Type: "StateChange",
      UpdatedAt: new Date().toISOString(),
      ...common,
      ...message,
    });
    await this.deliverBody(JSON.stringify({ Type: "Notification", TopicArn: topicArn, Message }), queueUrl);
  }

  async deliverBody(MessageBody: string, QueueUrl = this.queueUrl): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Another queue of the partner's; its URL. */
  async queue(QueueName: string): Promise<string> {
    return (await this.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  }

  /** The messages that anybody could receive now; they stay. */
  async visible(): Promise<Record<string, string>[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body = "" }) => JSON.parse(JSON.parse(Body).Message));
  }

  /** How many messages there are, whether somebody holds them or not. */
  async depth(): Promise<number> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.queueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  /** How often an operation was called. */
  count(operation: string): number {
    const calls = this.emulator.calls.slice(this.callsBefore);
    return calls.filter((call) => call.operation === operation).length;
  }

  start(args: string[], { stdin = "", env = {}, cwd = this.home, through = [] }: Settings = {}): Running {
    const [command = "", ...rest] = [...through, process.execPath, BIN, ...args];
    const child = spawn(command, rest, { cwd, env: { ...this.env, ...env } });
    const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
    let heard = () => {};
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        ended[stream] += text;
        heard();
      });
    }
    child.stdin.on("error", () => {}).end(stdin);
    const end = new Promise<Ended>((done, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => done({ ...ended, code, signal }));
    });
    return {
      ended: end,
      says: (pattern) =>
        new Promise((done, failed) => {
          const matches = () => pattern.test(ended.stdout + ended.stderr);
          heard = () => matches() && done();
          heard();
          void end.then(
            () => !matches() && failed(new Error(`ended without ${pattern}: ${ended.stderr}`)),
            failed,
          );
        }),
      kill: (signal) => child.kill(signal),
    };
  }

  run(args: string[], settings?: Settings): Promise<Ended> {
    return this.start(args, settings).ended;
  }

  /** The command's own folder. */
  get cache(): string {
    return join(this.home, ".aws-approvals");
  }

  /** Everything in it, as one text. */
  get kept(): string {
    const files = readdirSync(this.cache, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
  }

  /** The environment of somebody of the partner's, who has nothing else. */
  get env(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: this.home,
      AWS_ENDPOINT_URL: this.emulator.endpoint,
      AWS_ACCESS_KEY_ID: PARTNER,
      AWS_SECRET_ACCESS_KEY: "the-secret-access-key",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  private remember<Client extends { destroy(): void }>(client: Client): Client {
    this.clients.push(client);
    return client;
  }
}

const configuration = (emulator: Emulator, account: string) => ({
  endpoint: emulator.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: account, secretAccessKey: "secret" },
});

async function openInbox(emulator: Emulator): Promise<string> {
  const Principal = { Service: "iam.amazonaws.com" };
  const Statement = [{ Effect: "Allow", Principal, Action: "SNS:Publish", Resource: TOPIC }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  return messaging(emulator, async (sns, sqs) => {
    await sns.send(new CreateTopicCommand({ Name: "approvals", Attributes: { Policy } }));
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "inbox" }));
    const Endpoint = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
    await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "sqs", Endpoint }));
    return QueueUrl;
  });
}

const closeInbox = (emulator: Emulator, QueueUrl: string): Promise<void> =>
  messaging(emulator, async (sns, sqs) => {
    await sns.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });

async function messaging<T>(
  emulator: Emulator,
  act: (sns: SNSClient, sqs: SQSClient) => Promise<T>,
): Promise<T> {
  const sns = new SNSClient(configuration(emulator, PARTNER));
  const sqs = new SQSClient(configuration(emulator, PARTNER));
  try {
    return await act(sns, sqs);
  } finally {
    sns.destroy();
    sqs.destroy();
  }
}
