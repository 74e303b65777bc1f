import type { AwsClients } from "../aws/clients";
import type { MailboxAddress } from "../mailbox/address";
import { drain } from "../mailbox/drain";
import { mayNotDrain } from "../mailbox/queue";
import { type CallOptions, MailboxTable } from "../mailbox/table";
import type { RequestCache } from "./cache";
import { CommandError } from "./exitCodes";
import type { InboxOptions } from "./options";
import { warn } from "./output";

/** A mailbox by its table, or by its whole address. */
export type NamedMailbox = Pick<MailboxAddress, "tableArn"> & Partial<MailboxAddress>;

/** A table that keeps what customers decided, and the queue before it. */
export class Mailbox {
  /** False once SQS has refused it. */
  mayDrain = true;
  private readonly logged = new Set<string>();
  private address: MailboxAddress | undefined;

  constructor(
    private readonly named: NamedMailbox,
    readonly clients: AwsClients,
  ) {}

  get tableArn(): string {
    return this.named.tableArn;
  }

  table(): Promise<MailboxTable> {
    return MailboxTable.open(this.clients, this.tableArn);
  }

  /** @throws CommandError when the table belongs to no inbox */
  async locate(options: CallOptions = {}): Promise<MailboxAddress> {
    const { queueUrl } = this.named;
    this.address ??=
      queueUrl === undefined ? await (await this.table()).findInbox(options) : { ...this.named, queueUrl };
    if (this.address) return this.address;
    throw new CommandError(
      `The table ${this.tableArn} belongs to no inbox: it has no item that names the queue, as ApprovalInbox writes it. ` +
        "Check --table, or run pulumi up for the stack of the inbox.",
    );
  }

  /**
   * Takes up to ten messages from the queue into the table. A caller who may not do so relies on others who do, and is warned.
   * @returns the requests that notifications were saved of; undefined when no message came
   */
  async drain(
    waitSeconds: number,
    { abortSignal }: CallOptions = {},
  ): Promise<ReadonlySet<string> | undefined> {
    if (!this.mayDrain) return undefined;
    const address = await this.locate({ abortSignal });
    try {
      const log = (line: string) => this.logOnce(line);
      const options = { waitSeconds, log, abortSignal };
      const { received, requestIds } = await drain(address, this.clients, options);
      return received === 0 ? undefined : requestIds;
    } catch (error) {
      if (!mayNotDrain(error)) throw error;
      this.mayDrain = false;
      this.logOnce(
        `${(error as Error).message} The messages are left to others, and what they save is read.`,
      );
      return undefined;
    }
  }

  private logOnce(line: string): void {
    if (!this.logged.has(line)) warn(line);
    this.logged.add(line);
  }
}

/**
 * Finds the mailbox of each request. Its table is the first of: `--table`, that of the stack when the stack is given or has
 * been read, the one in which it was found the last time, that of the stack of this folder.
 */
export class Mailboxes {
  private readonly found = new Map<string, Mailbox>();

  constructor(
    /** With the stack, once it has been read. */
    readonly options: InboxOptions,
    private readonly clients: AwsClients,
    private readonly cache: RequestCache,
  ) {}

  /** @throws CommandError when nothing names its table */
  async find(requestId: string): Promise<Mailbox> {
    const named = await this.named(requestId);
    const mailbox = this.found.get(named.tableArn) ?? new Mailbox(named, this.clients);
    this.found.set(named.tableArn, mailbox);
    return mailbox;
  }

  /** The requests of each mailbox. */
  async group(requestIds: readonly string[]): Promise<Map<Mailbox, string[]>> {
    const groups = new Map<Mailbox, string[]>();
    for (const id of requestIds) {
      const mailbox = await this.find(id);
      const group = groups.get(mailbox);
      if (group) group.push(id);
      else groups.set(mailbox, [id]);
    }
    return groups;
  }

  private async named(requestId: string): Promise<NamedMailbox> {
    const { table, loaded, stack, stateFile } = this.options;
    if (table !== undefined) return { tableArn: table };
    const isStackGiven = Boolean(loaded ?? stack ?? stateFile);
    const given = isStackGiven ? await this.inStack(requestId) : undefined;
    if (given) return given;
    const tableArn = this.cache.tableArn(requestId);
    if (tableArn !== undefined) return { tableArn };
    const found = isStackGiven ? undefined : await this.inStack(requestId);
    if (found) return found;
    throw new CommandError(
      "The stack doesn't say which table the request's notifications are kept in. " +
        "Give --table ARN, or export the table's ARN from the stack as tableArn.",
    );
  }

  private async inStack(requestId: string): Promise<NamedMailbox | undefined> {
    const { Stack } = await import("./stack");
    this.options.loaded = await Stack.load(this.options);
    return this.options.loaded.findMailbox(requestId);
  }
}

/** The mailbox that is named by its table, or else those of the stack. */
export async function findInboxes(options: InboxOptions, clients: AwsClients): Promise<Mailbox[]> {
  if (options.table !== undefined) return [new Mailbox({ tableArn: options.table }, clients)];
  const { Stack } = await import("./stack");
  const named = (await Stack.load(options)).mailboxes();
  if (named.length > 0) return named.map((one) => new Mailbox(one, clients));
  throw new CommandError("The stack has no inbox with a table. Give --table ARN.");
}
