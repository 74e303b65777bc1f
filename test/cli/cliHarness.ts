// Runs the command, against an embedded AWS that has a partner with an inbox and a customer.
// A test acts as the customer (`accept`, `reject`), runs the command as the partner (`run`, `start`), and looks at what
// the command printed, cached and called.

import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceInUseException,
} from "@aws-sdk/client-dynamodb";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  IAMClient,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Call, type Emulator, type Fault, ManualClock, startEmulator } from "../../src/emulator";
import { BIN } from "./bin";
import { type Outputs, runInThisProcess, Text } from "./inThisProcess";

export const PARTNER = "111122223333";
export const CUSTOMER = "444455556666";
export const TOPIC = `arn:aws:sns:us-east-1:${PARTNER}:approvals`;
export const TABLE = tableArn("mailbox");
/** How the command says when something ends that was an hour away a moment ago. */
export const WITHIN_THE_HOUR = String.raw`in (1 h|\d+ min( \d+ s)?)`;

const FAKEABLE = [
  ...(["Date", "hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate"] as const),
  ...(["clearImmediate", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const),
];

/** Sets these to a time that only `jest.advanceTimersByTime` moves, and leaves all others as they are. */
export const fakeOnly = (faked: (typeof FAKEABLE)[number][], now = Date.now()) =>
  jest.useFakeTimers({ doNotFake: FAKEABLE.filter((one) => !faked.includes(one)), now });

export interface CommandResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string;
  env?: Record<string, string>;
  cwd?: string;
}

export interface ProcessOptions extends RunOptions {
  /** A program and its arguments, which gets the command as further arguments. */
  wrapper?: string[];
}

export interface RunningCommand {
  result: Promise<CommandResult>;
  /** Resolves once stdout and stderr together match. */
  waitForOutput(pattern: RegExp): Promise<void>;
}

export interface RunningProcess extends RunningCommand {
  kill(signal: NodeJS.Signals): void;
}

/** The part of a notification that the tests vary. */
export interface Message {
  Type?: string;
  RequestId: string;
  State?: string;
  UpdatedAt?: string;
  OwnerAccountId?: string;
  ExchangeToken?: string;
  ExpiresAt?: string;
}

/**
 * All tests of a file share one embedded AWS with the partner's topic and table, because its SNS and SQS take a while to
 * start, and the clients, each of which takes as long to make as some calls.
 */
const clock = new ManualClock();
let stage: Stage | undefined;
let current: CliHarness | undefined;
let workflows = 0;
afterAll(async () => {
  await current?.close();
  await stage?.close();
  stage = undefined;
});

class Stage {
  readonly customer: IAMClient;
  readonly partner: IAMClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;

  private constructor(readonly emulator: Emulator) {
    this.customer = new IAMClient(configuration(emulator, `${CUSTOMER}Administrator`));
    this.partner = new IAMClient(configuration(emulator, PARTNER));
    this.sqs = new SQSClient(configuration(emulator, PARTNER));
    this.dynamodb = new DynamoDBClient(configuration(emulator, PARTNER));
  }

  static async open(): Promise<Stage> {
    const emulator = await startEmulator({ clock, intercept: (call) => current?.fault?.(call) });
    const opened = new Stage(emulator);
    await createTopic(emulator);
    await createTable(opened.dynamodb, "mailbox", `${emulator.endpoint}/${PARTNER}/inbox`);
    return opened;
  }

  async close(): Promise<void> {
    for (const client of [this.customer, this.partner, this.sqs, this.dynamodb]) client.destroy();
    await this.emulator.close();
  }
}

/** Only one can be open at a time; `close` removes what it left in the embedded AWS. */
export class CliHarness {
  /** The fault to inject into a call, if any. */
  fault: ((call: Call) => Fault | undefined) | undefined;
  readonly home = mkdtempSync(join(tmpdir(), "aws-approvals-cli-"));
  /** The command is installed for all folders. */
  private readonly bin = join(this.home, "bin");
  private readonly children = new Set<ChildProcess>();
  /** The last command in this process. */
  private running: Promise<unknown> | undefined;
  private readonly callsBefore: number;
  /** The clock of the embedded AWS. */
  readonly clock = clock;

  private constructor(
    private readonly stage: Stage,
    readonly queueUrl: string,
  ) {
    mkdirSync(this.bin);
    symlinkSync(BIN, join(this.bin, "aws-approvals"));
    this.callsBefore = stage.emulator.calls.length;
  }

  static async open(): Promise<CliHarness> {
    clock.set(new Date());
    stage ??= await Stage.open();
    current = new CliHarness(stage, await createQueues(stage.sqs, "inbox"));
    return current;
  }

  get emulator(): Emulator {
    return this.stage.emulator;
  }

  async close(): Promise<void> {
    if (current !== this) return;
    current = undefined;
    for (const child of this.children) child.kill("SIGKILL");
    for (const QueueUrl of [this.queueUrl, deadLettersOf(this.queueUrl)])
      await this.stage.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    // Without its queue it ends.
    await this.running;
    // Requests expire now, without a queue, so that no later test gets their notifications.
    clock.advance("365d");
    expect([...this.emulator.store.delegationRequests.keys()]).toEqual([]);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Creates a delegation request as the partner, and resolves to its id. */
  async createRequest(): Promise<string> {
    const { DelegationRequestId = "" } = await this.stage.partner.send(
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
    await this.stage.customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  }

  async accept(DelegationRequestId: string): Promise<void> {
    await this.claim(DelegationRequestId);
    await this.stage.customer.send(new AcceptDelegationRequestCommand({ DelegationRequestId }));
  }

  async grant(DelegationRequestId: string): Promise<void> {
    await this.accept(DelegationRequestId);
    await this.sendToken(DelegationRequestId);
  }

  async sendToken(DelegationRequestId: string): Promise<void> {
    await this.stage.customer.send(new SendDelegationTokenCommand({ DelegationRequestId }));
  }

  /** Ends the access that was granted, as the customer does in the console. */
  revoke(delegationRequestId: string): void {
    this.emulator.revokeAccess(delegationRequestId, CUSTOMER);
  }

  async reject(DelegationRequestId: string): Promise<void> {
    await this.claim(DelegationRequestId);
    await this.stage.customer.send(new RejectDelegationRequestCommand({ DelegationRequestId }));
  }

  /** Puts a message on the queue as if SNS had delivered it. */
  async deliver(message: Message, { topicArn = TOPIC, queueUrl = this.queueUrl } = {}): Promise<void> {
    await this.deliverBody(bodyOf(message, topicArn), queueUrl);
  }

  /** Puts many messages on the queue. */
  async deliverMany(count: number, message: (index: number) => Message): Promise<void> {
    for (let start = 0; start < count; start += 10) {
      const Entries = Array.from({ length: Math.min(10, count - start) }, (_, index) => ({
        Id: String(index),
        MessageBody: bodyOf(message(start + index), TOPIC),
      }));
      await this.stage.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }

  /** Takes all messages, as a reader that crashes then. They come back. */
  async receiveAndCrash(VisibilityTimeout: number): Promise<void> {
    const receive = { QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout };
    await this.stage.sqs.send(new ReceiveMessageCommand(receive));
  }

  /** Resolves once an operation is called the next time. */
  waitForCall(operation: string): Promise<void> {
    const { fault } = this;
    return new Promise((resolve) => {
      this.fault = (call) => {
        if (call.operation === operation) resolve();
        return fault?.(call);
      };
    });
  }

  async deliverBody(MessageBody: string, QueueUrl = this.queueUrl): Promise<void> {
    await this.stage.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Creates another queue of the partner with one for dead letters, and resolves to its URL. */
  async createQueue(QueueName: string): Promise<string> {
    return createQueues(this.stage.sqs, QueueName);
  }

  /** What is in the dead-letter queue: the bodies by their reasons. It remains there. */
  async deadLetters(): Promise<Record<string, string>> {
    const { Messages = [] } = await this.stage.sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl: deadLettersOf(this.queueUrl), MaxNumberOfMessages: 10, VisibilityTimeout: 0 },
        MessageAttributeNames: ["All"],
      }),
    );
    return Object.fromEntries(
      Messages.map(({ Body = "", MessageAttributes = {} }) => [
        MessageAttributes["reason"]?.StringValue ?? "",
        Body,
      ]),
    );
  }

  /** Creates a table of the partner, unless it is there, that names an inbox if a queue is given. Resolves to its ARN. */
  createTable(name: string, queueUrl: string, topicArn = TOPIC): Promise<string> {
    return createTable(this.stage.dynamodb, name, queueUrl, topicArn);
  }

  /** An item of the table, without its key: each attribute's text or number. */
  async item(pk: string, TableName = "mailbox"): Promise<Record<string, string> | undefined> {
    const { Item } = await this.stage.dynamodb.send(
      new GetItemCommand({ TableName, Key: { pk: { S: pk } } }),
    );
    if (Item === undefined) return undefined;
    const entries = Object.entries(Item).filter(([name]) => name !== "pk");
    return Object.fromEntries(entries.map(([name, value]) => [name, value.S ?? value.N ?? ""]));
  }

  /** The messages that can be received now. They stay on the queue. */
  async visibleMessages(): Promise<Record<string, string>[]> {
    const { Messages = [] } = await this.stage.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body = "" }) => JSON.parse(JSON.parse(Body).Message));
  }

  /** The number of messages on the queue, including those in flight. */
  async messageCount(QueueUrl = this.queueUrl): Promise<number> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await this.stage.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  /** The number of calls of an operation since `open`. */
  callCount(operation: string): number {
    const calls = this.emulator.calls.slice(this.callsBefore);
    return calls.filter((call) => call.operation === operation).length;
  }

  /** Starts the command in a process of its own. */
  startProcess(
    args: string[],
    { stdin = "", env = {}, cwd = this.home, wrapper: through = [] }: ProcessOptions = {},
  ): RunningProcess {
    const [command = "", ...rest] = [...through, process.execPath, BIN, ...args];
    const child = spawn(command, rest, { cwd, env: { ...this.env, ...env } });
    this.children.add(child);
    child.once("close", () => this.children.delete(child));
    const outputs = { stdout: new Text(), stderr: new Text() };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").pipe(outputs[stream]);
    child.stdin.on("error", () => {}).end(stdin);
    const result = new Promise<CommandResult>((done, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => done({ ...textsOf(outputs), code, signal }));
    });
    return { ...running(outputs, result), kill: (signal) => child.kill(signal) };
  }

  /** Starts the command in this process, where one runs at a time. */
  start(args: string[], { stdin = "", env = {}, cwd = this.home }: RunOptions = {}): RunningCommand {
    const outputs = { stdout: new Text(), stderr: new Text() };
    const surroundings = { env: { ...this.env, ...env }, cwd, stdin };
    const ended = runInThisProcess(args, surroundings, outputs);
    const result = ended.then((end): CommandResult => ({ ...end, signal: null }));
    this.running = result.catch(() => undefined);
    return running(outputs, result);
  }

  /** Runs the command: in this process where that makes no difference to it. */
  async run(args: string[], options: ProcessOptions = {}): Promise<CommandResult> {
    // It gives its own outputs to another program.
    const givesOutputsOn = args[0] === "exec";
    const start = options.wrapper || givesOutputsOn ? this.startProcess : this.start;
    return start.call(this, args, options).result;
  }

  /** Writes a file into the home folder, and returns its path. */
  write(name: string, text: string): string {
    const file = join(this.home, name);
    writeFileSync(file, text);
    return file;
  }

  /** The folder in which the command keeps credentials. */
  get cacheFolder(): string {
    return join(this.home, ".aws-approvals");
  }

  /** The content of all files in the cache folder. */
  get cachedText(): string {
    if (!existsSync(this.cacheFolder)) return "";
    const files = readdirSync(this.cacheFolder, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
  }

  /** The whole environment of the command, which acts as the partner. */
  get env(): Record<string, string> {
    return {
      PATH: [this.bin, process.env["PATH"]].join(delimiter),
      HOME: this.home,
      AWS_ENDPOINT_URL: this.emulator.endpoint,
      AWS_ACCESS_KEY_ID: PARTNER,
      AWS_SECRET_ACCESS_KEY: "the-secret-access-key",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }
}

function running(outputs: Outputs, result: Promise<CommandResult>): RunningCommand {
  const waitForOutput = (pattern: RegExp) =>
    new Promise<void>((done, failed) => {
      const matches = () => pattern.test(outputs.stdout.text + outputs.stderr.text);
      const look = () => matches() && done();
      for (const output of Object.values(outputs)) output.on("text", look);
      look();
      void result.then(
        () => !matches() && failed(new Error(`ended without ${pattern}: ${outputs.stderr.text}`)),
        failed,
      );
    });
  return { result, waitForOutput };
}

const textsOf = ({ stdout, stderr }: Outputs) => ({ stdout: stdout.text, stderr: stderr.text });

/** A message as SNS delivers it. */
function bodyOf(message: Message, TopicArn: string): string {
  const common = { RequestorWorkflowId: "workflow", OwnerAccountId: CUSTOMER };
  const UpdatedAt = new Date().toISOString();
  const Message = JSON.stringify({ Type: "StateChange", UpdatedAt, ...common, ...message });
  return JSON.stringify({ Type: "Notification", TopicArn, Message });
}

const configuration = (emulator: Emulator, account: string) => ({
  endpoint: emulator.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: account, secretAccessKey: "secret" },
});

function tableArn(name: string): string {
  return `arn:aws:dynamodb:us-east-1:${PARTNER}:table/${name}`;
}

const deadLettersOf = (queueUrl: string): string => `${queueUrl}-dead-letters`;

async function createQueues(sqs: SQSClient, QueueName: string): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  await sqs.send(new CreateQueueCommand({ QueueName: `${QueueName}-dead-letters` }));
  return QueueUrl;
}

async function createTopic(emulator: Emulator): Promise<void> {
  const Principal = { Service: "iam.amazonaws.com" };
  const Statement = [{ Effect: "Allow", Principal, Action: "SNS:Publish", Resource: TOPIC }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const sns = new SNSClient(configuration(emulator, PARTNER));
  await sns.send(new CreateTopicCommand({ Name: "approvals", Attributes: { Policy } }));
  const Endpoint = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
  await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "sqs", Endpoint }));
  sns.destroy();
}

async function createTable(
  dynamodb: DynamoDBClient,
  TableName: string,
  queueUrl: string,
  topicArn = TOPIC,
): Promise<string> {
  const create = new CreateTableCommand({
    TableName,
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await dynamodb.send(create).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  if (queueUrl === "") return tableArn(TableName);
  const Item = {
    pk: { S: "inbox" },
    queueUrl: { S: queueUrl },
    topicArn: { S: topicArn },
    deadLetterQueueUrl: { S: deadLettersOf(queueUrl) },
  };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  return tableArn(TableName);
}
