import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AwsError } from "../errors";
import { isAllowed } from "../policy";
import type { HttpRequest, HttpResponse } from "../protocols/protocol";
import { FAUXQS_HOST, formToFauxqs, jsonFromFauxqs, jsonToFauxqs, xmlFromFauxqs } from "./account";

interface FauxqsRequest {
  method: "POST";
  url: string;
  headers: Record<string, string>;
  payload: string;
}

/** The messages to and from the worker. */
export interface WorkerRequest {
  readonly id: number;
  readonly account: string;
  readonly request: FauxqsRequest;
}
export type WorkerReply = { readonly id: number } & (
  | { readonly answer: { status: number; headers: Record<string, unknown>; body: string } }
  | { readonly failure: { code?: string; message: string } }
);

// The compiled file, also when this file runs from source: nothing compiles a worker's TypeScript.
const WORKER = join(__dirname, "../../../dist/emulator/messaging/fauxqs.worker.js");

/** A message that an AWS service publishes by itself, on behalf of a resource of an account. */
export interface ServicePublication {
  readonly topicArn: string;
  readonly message: string;
  readonly service: string;
  readonly sourceAccount: string;
}

/** SNS and SQS: fauxqs in a worker thread, which the first call starts. */
export class Messaging {
  private worker: Worker | undefined;
  private readonly waiting = new Map<
    number,
    { resolve(reply: WorkerReply): void; reject(error: Error): void }
  >();
  private lastId = 0;
  private closed = false;
  /** Accounts that have made a call. The others have no topics. */
  private readonly accounts = new Set<string>();

  constructor(private readonly endpoint: string) {}

  /** Has fauxqs answer a call to SNS or SQS. */
  async forward(request: HttpRequest, account: string, region: string): Promise<HttpResponse> {
    const of = { account, region, endpoint: this.endpoint };
    const headers: Record<string, string> = { host: FAUXQS_HOST };
    for (const name of ["content-type", "x-amz-target", "authorization"]) {
      const value = request.headers[name];
      if (typeof value === "string") headers[name] = value;
    }
    const text = request.body.toString("utf8");
    if (isForm(headers)) refuseWhatFauxqsTakes(new URLSearchParams(text), account);
    const payload = isForm(headers) ? formToFauxqs(text, of) : jsonToFauxqs(text, of);
    const answer = await this.call(account, { method: "POST", url: "/", headers, payload });
    const body = isForm(headers) ? xmlFromFauxqs(answer.body, of) : jsonFromFauxqs(answer.body, of);
    return { ...answer, body };
  }

  /** Publishes for an AWS service if the topic's policy allows it. Answers the reason when it was not published. */
  async publish({
    topicArn,
    message,
    service,
    sourceAccount,
  }: ServicePublication): Promise<string | undefined> {
    const [, , , region = "", account = ""] = topicArn.split(":");
    if (!this.accounts.has(account)) return `there is no topic ${topicArn}`;
    const attributes = await this.sns(account, region, { Action: "GetTopicAttributes", TopicArn: topicArn });
    if (attributes.status !== 200) return `there is no topic ${topicArn}`;
    const allowed = isAllowed(policyIn(attributes.body), {
      service,
      action: "sns:Publish",
      resource: topicArn,
      context: { "aws:sourceaccount": sourceAccount },
    });
    if (!allowed) {
      return `the policy of ${topicArn} does not allow ${service} SNS:Publish`;
    }
    const published = await this.sns(account, region, {
      Action: "Publish",
      TopicArn: topicArn,
      Message: message,
    });
    return published.status === 200 ? undefined : `SNS answered ${published.status}`;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private sns(account: string, region: string, parameters: Record<string, string>): Promise<HttpResponse> {
    return this.forward(
      {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: `AWS4-HMAC-SHA256 Credential=${account}/20000101/${region}/sns/aws4_request`,
        },
        body: Buffer.from(new URLSearchParams(parameters).toString()),
        tooLarge: false,
      },
      account,
      region,
    );
  }

  private async call(account: string, request: FauxqsRequest): Promise<HttpResponse> {
    if (this.closed) throw ended();
    this.worker ??= this.start();
    this.accounts.add(account);
    const { worker } = this;
    const id = ++this.lastId;
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, account, request } satisfies WorkerRequest);
    });
    if ("failure" in reply) throw unavailable(reply.failure);
    const { status, headers, body } = reply.answer;
    const contentType = String(headers["content-type"] ?? "text/xml");
    const error = headers["x-amzn-query-error"];
    return {
      status,
      headers: {
        "content-type": contentType,
        ...(typeof error === "string" && { "x-amzn-query-error": error }),
      },
      body,
    };
  }

  private start(): Worker {
    const worker = new Worker(WORKER);
    worker.unref();
    worker.on("message", (reply: WorkerReply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    const fail = (error: Error) => {
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
      this.worker = undefined;
    };
    worker.on("error", fail);
    worker.on("exit", () => fail(ended()));
    return worker;
  }
}

const ended = () => new AwsError("ServiceUnavailable", 503, "The embedded SNS and SQS have ended.");

const isForm = (headers: Record<string, string>) =>
  headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;

/** Throws for input that fauxqs accepts, and AWS or the emulator does not. */
function refuseWhatFauxqsTakes(parameters: URLSearchParams, account: string): void {
  const action = parameters.get("Action");
  if (action === "CreateTopic") refuseTopicName(parameters.get("Name") ?? "");
  if (action === "PublishBatch") refuseBatch(parameters);
  if (action === "Subscribe") refuseOtherAccountsQueue(parameters.get("Endpoint") ?? "", account);
}

function refuseTopicName(name: string): void {
  if (/^[\w-]{1,256}$/.test(name.replace(/\.fifo$/, ""))) return;
  throw new AwsError("InvalidParameter", 400, "Invalid parameter: Topic Name");
}

function refuseBatch(parameters: URLSearchParams): void {
  const entries = new Set<string>();
  for (const [name, value] of parameters) {
    const [, entry, member] = /^PublishBatchRequestEntries\.member\.(\d+)\.(\w+)/.exec(name) ?? [];
    if (entry === undefined) continue;
    entries.add(entry);
    if (member !== "Id" || /^[\w-]{1,80}$/.test(value)) continue;
    const rule = "letters, digits, hyphens and underscores, at most 80";
    throw new AwsError("InvalidBatchEntryId", 400, `The Id of a batch entry can only have ${rule}.`);
  }
  // fauxqs would scan all parameters for each entry.
  if (entries.size > 10) {
    throw new AwsError("TooManyEntriesInBatchRequest", 400, "A batch request can have at most 10 entries.");
  }
}

/** Each account has its own fauxqs, so a topic can't deliver to another account's queue. */
function refuseOtherAccountsQueue(endpoint: string, account: string): void {
  const [, , service, , owner] = endpoint.split(":");
  if (service !== "sqs" || owner === account) return;
  throw new AwsError(
    "InvalidParameter",
    400,
    `Invalid parameter: the embedded AWS delivers to queues of the topic's own account only, not of ${owner}`,
  );
}

function unavailable({ code, message }: { code?: string; message: string }): AwsError {
  if (code !== "ERR_MODULE_NOT_FOUND") return new AwsError("ServiceUnavailable", 503, message);
  const remedy =
    "SNS and SQS of the embedded AWS are fauxqs, which is not installed: npm install --save-dev fauxqs@1";
  return new AwsError("NotImplemented", 501, remedy);
}

/** The `Policy` in a response of GetTopicAttributes. */
function policyIn(xml: string): string | undefined {
  const [, escaped] = /<key>Policy<\/key><value>([^<]*)<\/value>/.exec(xml) ?? [];
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return escaped?.replace(/&(lt|gt|quot|apos|amp);/g, (entity, name: string) => characters[name] ?? entity);
}
