import { setImmediate as nextRound } from "node:timers/promises";
import type { AwsClients } from "../../aws/clients";
import type { MailboxAddress } from "../../mailbox/address";
import type { RequestRecord } from "../../mailbox/table";
import type { Context } from "../../provider/lifecycle";

/**
 * How long a look goes on taking messages out of the queue, and waits for one. A second finds what a queue has: a shorter poll
 * does not ask all of SQS's servers. After the first look of a process, it will do: it finds what has come since, as when a
 * test lets the process live on.
 */
const FIRST = { drainMs: 10_000, waitSeconds: 1 };
const LATER = { drainMs: 1_000, waitSeconds: 0 };

const keyOf = ({ tableArn, queueUrl }: MailboxAddress): string => `${tableArn} ${queueUrl}`;

/** By the clients of a run, then by table and queue. */
const mailboxes = new WeakMap<AwsClients, Map<string, Mailbox>>();

/**
 * The last look of this process into each queue. The next one waits for it: what it has received, and not saved yet, is
 * neither in the queue nor in the table. Each class of dynamic resources has a provider, and so clients, of its own.
 */
const lastLooks = new Map<string, Promise<void>>();

/** What a run shares of a mailbox: looks at the same time drain its queue together, and are one call. */
export class Mailbox {
  private hasLooked = false;
  private draining: Promise<unknown> | undefined;
  private batch: { ids: Set<string>; records: Promise<Map<string, RequestRecord>> } | undefined;

  static of(address: MailboxAddress, { aws, log, logOnce }: Context): Mailbox {
    const ofRun = mailboxes.get(aws) ?? new Map<string, Mailbox>();
    mailboxes.set(aws, ofRun);
    const key = keyOf(address);
    const mailbox = ofRun.get(key) ?? new Mailbox(address, aws, { log, logOnce });
    ofRun.set(key, mailbox);
    return mailbox;
  }

  private constructor(
    private readonly address: MailboxAddress,
    private readonly aws: AwsClients,
    private readonly to: Pick<Context, "log" | "logOnce">,
  ) {}

  /**
   * What a refresh finds of a request. `record` is missing while nothing has arrived. Undefined when the mailbox cannot be
   * read, which is logged once.
   */
  async findNews(requestId: string): Promise<{ record?: RequestRecord } | undefined> {
    this.batch ??= this.startBatch();
    const { ids, records } = this.batch;
    ids.add(requestId);
    try {
      const record = (await records).get(requestId);
      return record ? { record } : {};
    } catch (error) {
      this.warn("could not be read, so the last known states of its requests are kept", error);
      return undefined;
    }
  }

  /** What there is of a request now, for a wait: takes messages out of the queue each time. */
  async lookAgain(requestId: string): Promise<RequestRecord | undefined> {
    this.draining ??= this.drain(FIRST.waitSeconds).finally(() => {
      this.draining = undefined;
    });
    await this.draining;
    return (await this.findStates([requestId])).get(requestId);
  }

  private startBatch() {
    const ids = new Set<string>();
    const records = this.drainAll()
      .then(() => nextRound())
      .then(() => {
        this.batch = undefined;
        return this.findStates(ids);
      });
    return { ids, records };
  }

  private async drainAll(): Promise<void> {
    const key = keyOf(this.address);
    const last = lastLooks.get(key);
    const how = last || this.hasLooked ? LATER : FIRST;
    this.hasLooked = true;
    const look = (last ?? Promise.resolve()).then(() => this.look(how));
    lastLooks.set(key, look);
    await look;
    if (lastLooks.get(key) === look) lastLooks.delete(key);
  }

  /** A queue that cannot be read is no reason not to look into the table: others may have drained it. */
  private async look({ drainMs, waitSeconds }: typeof FIRST): Promise<void> {
    const start = performance.now();
    try {
      while ((await this.drain(waitSeconds)).received > 0 && performance.now() - start < drainMs);
    } catch (error) {
      this.warn("may have unread messages, because its queue could not be read", error);
    }
  }

  private async drain(waitSeconds: number) {
    const { drain } = await import("../../mailbox/drain");
    const log = (line: string) => this.to.logOnce(line, line);
    return drain(this.address, this.aws, { waitSeconds, log });
  }

  private async findStates(ids: Iterable<string>): Promise<Map<string, RequestRecord>> {
    const { MailboxTable } = await import("../../mailbox/table");
    const table = await MailboxTable.open(this.aws, this.address.tableArn);
    return table.findStates(ids, { consistentRead: true });
  }

  private warn(what: string, error: unknown): void {
    const { tableArn } = this.address;
    this.to.logOnce(
      `mailbox ${tableArn} ${what}`,
      `The mailbox ${tableArn} ${what}. ${(error as Error).message}`,
    );
  }
}
