import { setImmediate as nextRound } from "node:timers/promises";
import type { AwsClients } from "../../aws/clients";
import type { MailboxAddress } from "../../mailbox/address";
import { mayNotDrain } from "../../mailbox/queue";
import type { RequestRecord } from "../../mailbox/table";
import type { Context } from "../../provider/lifecycle";

/**
 * How long a look goes on taking messages out of the queue, and waits for one. A second finds what a queue has: a shorter poll
 * does not ask all of SQS's servers. After the first look of a process, it will do: it finds what has come since, as when a
 * test lets the process live on.
 */
const FIRST = { drainMs: 10_000, waitSeconds: 1 };
const LATER = { drainMs: 1_000, waitSeconds: 0 };

const UNREAD_MESSAGES = "may have unread messages, because its queue could not be read";

const keyOf = ({ tableArn, queueUrl }: MailboxAddress): string => `${tableArn} ${queueUrl}`;

/** By the clients of a run, then by table and queue. */
const mailboxes = new WeakMap<AwsClients, Map<string, Mailbox>>();

/**
 * The last look of this process into each queue. The next one waits for it: what it has received, and not saved yet, is
 * neither in the queue nor in the table. Each class of dynamic resources has a provider, and so clients, of its own.
 */
const lastLooks = new Map<string, Promise<boolean>>();

/** What a refresh finds of a request. */
export interface News {
  /** Missing while nothing has arrived, and when the table cannot be read. */
  record?: RequestRecord;
  /** Whether more may have arrived, which could not be read: that nobody has answered is not certain. */
  isBehind: boolean;
}

interface Found extends Pick<News, "isBehind"> {
  records: ReadonlyMap<string, RequestRecord>;
}

/** What a run shares of a mailbox: looks at the same time drain its queue together, and are one call. */
export class Mailbox {
  private hasLooked = false;
  private draining: Promise<unknown> | undefined;
  private batch: { ids: Set<string>; found: Promise<Found> } | undefined;

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
    private readonly logger: Pick<Context, "log" | "logOnce">,
  ) {}

  /** A mailbox that cannot be read is logged once. */
  async findNews(requestId: string): Promise<News> {
    this.batch ??= this.startBatch();
    const { ids, found } = this.batch;
    ids.add(requestId);
    try {
      const { records, isBehind } = await found;
      const record = records.get(requestId);
      return { isBehind, ...(record && { record }) };
    } catch (error) {
      this.warn("could not be read, so the last known states of its requests are kept", messageOf(error));
      return { isBehind: true };
    }
  }

  /**
   * What there is of a request now, for a wait, which short outages do not end: takes messages out of the queue each time,
   * unless that is left to others. Undefined while nothing has arrived, and when AWS is not reached.
   */
  async lookAgain(requestId: string): Promise<RequestRecord | undefined> {
    this.draining ??= this.drain(FIRST.waitSeconds).finally(() => {
      this.draining = undefined;
    });
    try {
      await this.draining;
    } catch (error) {
      if (!mayNotDrain(error) && !(await isTransient(error))) throw error;
      this.warn(UNREAD_MESSAGES, messageOf(error));
    }
    try {
      return (await this.findStates([requestId])).get(requestId);
    } catch (error) {
      if (!(await isTransient(error))) throw error;
      this.warn("could not be read, and is read again", messageOf(error));
      return undefined;
    }
  }

  private startBatch() {
    const ids = new Set<string>();
    const findAll = async (): Promise<Found> => {
      const isEmptied = await this.drainAll();
      await nextRound();
      this.batch = undefined;
      return { records: await this.findStates(ids), isBehind: !isEmptied };
    };
    return { ids, found: findAll() };
  }

  private async drainAll(): Promise<boolean> {
    const key = keyOf(this.address);
    const last = lastLooks.get(key);
    const how = last || this.hasLooked ? LATER : FIRST;
    this.hasLooked = true;
    const look = (last ?? Promise.resolve()).then(() => this.look(how));
    lastLooks.set(key, look);
    try {
      return await look;
    } finally {
      if (lastLooks.get(key) === look) lastLooks.delete(key);
    }
  }

  /**
   * A queue that cannot be read is no reason not to look into the table: others may have drained it.
   * @returns whether all that the queue had is in the table now, or is left to others
   */
  private async look({ drainMs, waitSeconds }: typeof FIRST): Promise<boolean> {
    const start = performance.now();
    let isSaved = true;
    try {
      while (performance.now() - start < drainMs) {
        const { received, failed } = await this.drain(waitSeconds);
        isSaved &&= failed === 0;
        if (received === 0) return isSaved;
      }
      this.warn("has more messages than a refresh takes the time to read", "Refresh again.");
      return false;
    } catch (error) {
      this.warn(UNREAD_MESSAGES, messageOf(error));
      return mayNotDrain(error);
    }
  }

  private async drain(waitSeconds: number) {
    const { drain } = await import("../../mailbox/drain");
    const log = (line: string) => this.logger.logOnce(line, line);
    return drain(this.address, this.aws, { waitSeconds, log });
  }

  private async findStates(ids: Iterable<string>): Promise<Map<string, RequestRecord>> {
    const { MailboxTable } = await import("../../mailbox/table");
    const table = await MailboxTable.open(this.aws, this.address.tableArn);
    return table.findStates(ids, { consistentRead: true });
  }

  private warn(what: string, more: string): void {
    const { tableArn } = this.address;
    this.logger.logOnce(`mailbox ${tableArn} ${what}`, `The mailbox ${tableArn} ${what}. ${more}`);
  }
}

const messageOf = (error: unknown): string => (error as Error).message;

const isTransient = async (error: unknown): Promise<boolean> =>
  (await import("../../aws/transient")).isTransient(error);
