import { type Clock, systemClock } from "../clock";
import { AwsError } from "../errors";
import { isAllowed } from "../policy";
import type { HttpRequest, HttpResponse } from "../protocols/protocol";
import { type InstanceRequest, WorkerThread } from "../workerThread";
import { FAUXQS_HOST, formToFauxqs, jsonFromFauxqs, jsonToFauxqs, xmlFromFauxqs } from "./account";
import { sqs } from "./services";

/** A message that an AWS service publishes by itself, on behalf of a resource of an account. */
export interface ServicePublication {
  readonly topicArn: string;
  readonly message: string;
  readonly service: string;
  readonly sourceAccount: string;
}

/** In real time, on another clock than the system's. */
const LONGEST_POLL_SECONDS = 0.02;

/** SNS and SQS: fauxqs in a worker thread. */
export class Messaging {
  private readonly fauxqs = new WorkerThread({
    services: "SNS and SQS",
    installed: "fauxqs@1",
    file: "messaging/fauxqs.worker.js",
  });
  /** Accounts that have made a call. The others have no topics. */
  private readonly accounts = new Set<string>();

  constructor(
    private readonly endpoint: string,
    private readonly clock: Clock,
  ) {}

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
    const payload = isForm(headers)
      ? formToFauxqs(text, of)
      : jsonToFauxqs(sqs.operationOf(request), text, of, this.longestPoll(request));
    const answer = await this.call({ account, region, headers, payload });
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

  close(): Promise<void> {
    return this.fauxqs.close();
  }

  /** On a clock that stands still, a poll would last for ever. */
  private longestPoll(request: HttpRequest): number | undefined {
    const isManual = this.clock !== systemClock;
    return isManual && sqs.operationOf(request) === "ReceiveMessage" ? LONGEST_POLL_SECONDS : undefined;
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

  private async call(request: InstanceRequest): Promise<HttpResponse> {
    this.accounts.add(request.account);
    const now = this.clock === systemClock ? {} : { now: this.clock.now() };
    const { status, headers, body } = await this.fauxqs.send({ ...request, ...now });
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
}

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

/** The `Policy` in a response of GetTopicAttributes. */
function policyIn(xml: string): string | undefined {
  const [, escaped] = /<key>Policy<\/key><value>([^<]*)<\/value>/.exec(xml) ?? [];
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return escaped?.replace(/&(lt|gt|quot|apos|amp);/g, (entity, name: string) => characters[name] ?? entity);
}
