import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DELEGATION_REQUEST_STATES, type DelegationRequestState } from "../aws/delegationRequestState";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import type { DelegationNotification } from "../mailbox/messages";
import { type KnownRequest, merge } from "../mailbox/order";
import { Secret } from "../mailbox/secret";
import { CREDENTIALS_FILE, cacheFolder, requestsFolder } from "./cachedCredentials";
import { warn } from "./output";

/** Where news of a request arrives. */
export interface InboxAddress {
  queueUrl: string;
  /** The only topic to hear. Absent when it isn't known, or when the queue gets messages without an envelope. */
  topicArn?: string;
}

/** What is kept of a request. */
export interface CachedRequest {
  known?: KnownRequest & { ownerAccountId?: string };
  /** Absent once the access has ended. */
  token?: Secret;
  inbox?: InboxAddress;
}

type StateFile = { state: DelegationRequestState; updatedAt: string; ownerAccountId?: string };
type AccessFile = { endsAt: string; token?: string };

const ACCESS_FILE = "access.json";
const INBOX_FILE = "inbox.json";
const stateFile = (state: DelegationRequestState) => `${state}.json`;

const PLAIN_FILES: ReadonlySet<string> = new Set([
  ACCESS_FILE,
  INBOX_FILE,
  ...DELEGATION_REQUEST_STATES.map(stateFile),
]);

const KEPT_FOR_MS = 30 * 86_400_000;

/**
 * What is known of requests, kept for other processes and other days as the AWS CLI keeps its SSO tokens: a folder
 * that only its user may enter, with a folder for each request.
 *
 * A file holds one fact (a state that was reached, the token, the credentials) and appears whole, by a rename. So
 * processes need no lock: two that write different facts write different files, two that write the same one are both
 * right, and what is known is what the facts together say, by the rule for notifications.
 *
 * When the disk can't be written, facts stay in memory, and stderr says so once.
 */
export class RequestCache {
  private readonly unwritten = new Map<string, unknown>();
  private warned = false;

  read(requestId: string): CachedRequest {
    const access = this.access(requestId);
    const states = DELEGATION_REQUEST_STATES.flatMap(
      (state) => this.get<StateFile>(requestId, stateFile(state)) ?? [],
    );
    const known = states.reduce<KnownRequest | undefined>((before, { state, updatedAt }) => {
      const told = { requestId, requestorWorkflowId: "", state, updatedAt: new Date(updatedAt) };
      return merge(before, { type: "StateChange", ...told });
    }, undefined);
    const ownerAccountId = states.findLast((state) => state.ownerAccountId)?.ownerAccountId;
    const inbox = this.get<InboxAddress>(requestId, INBOX_FILE);
    return {
      ...(known && {
        known: {
          ...known,
          ...(access && { tokenExpiresAt: new Date(access.endsAt) }),
          ...(ownerAccountId && { ownerAccountId }),
        },
      }),
      ...(access?.token && new Date(access.endsAt) > new Date() && { token: new Secret(access.token) }),
      ...(inbox && { inbox }),
    };
  }

  /** Keeps what a notification tells. Whether it is on disk now, so that the message may go. */
  merge(notification: DelegationNotification): boolean {
    const { requestId, state, updatedAt, ownerAccountId } = notification;
    const { known } = this.read(requestId);
    const now = merge(known, notification);
    if (now === known) return !this.isUnwritten(requestId);
    const kept = notification.type !== "ExchangeToken" || this.keepToken(notification, known);
    const fact: StateFile = {
      state,
      updatedAt: updatedAt.toISOString(),
      ...(ownerAccountId && { ownerAccountId }),
    };
    return this.put(requestId, stateFile(state), fact) && kept;
  }

  /** Keeps what a token was traded in for, and the token if it didn't come by a notification. */
  keepAccess(requestId: string, access: DelegatedAccess, token: Secret): void {
    const { expiration } = access.credentials;
    this.put(requestId, ACCESS_FILE, { endsAt: expiration, token: token.reveal() } satisfies AccessFile);
    if (!this.read(requestId).known) {
      this.put(requestId, stateFile("FINALIZED"), {
        state: "FINALIZED",
        updatedAt: new Date(0).toISOString(),
      });
    }
    this.put(requestId, CREDENTIALS_FILE, access);
  }

  keepInbox(requestId: string, inbox: InboxAddress): void {
    this.put(requestId, INBOX_FILE, inbox);
  }

  /** Removes the secrets of a request, and remembers when its access ended. */
  end(requestId: string, endedAt: Date): void {
    this.put(requestId, ACCESS_FILE, { endsAt: endedAt.toISOString() } satisfies AccessFile);
    this.attempt(() => {
      const folder = join(requestsFolder(), requestId);
      const secrets = readdirSync(folder).filter((file) => !PLAIN_FILES.has(file));
      for (const file of secrets) rmSync(join(folder, file), { force: true });
    });
  }

  /** Removes all that is kept of a request. Whether there was anything. */
  forget(requestId: string): boolean {
    const there = this.requestIds().includes(requestId);
    rmSync(join(requestsFolder(), requestId), { recursive: true, force: true });
    return there;
  }

  /** The requests that something is kept of. */
  requestIds(): string[] {
    try {
      return readdirSync(requestsFolder());
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Ends every access that is over, and forgets requests that nothing was heard of for 30 days. */
  sweep(): void {
    this.attempt(() => {
      for (const requestId of this.requestIds()) {
        const { mtimeMs } = statSync(join(requestsFolder(), requestId));
        const access = this.access(requestId);
        const ended = access && new Date(access.endsAt) <= new Date();
        if (Date.now() - mtimeMs > KEPT_FOR_MS) this.forget(requestId);
        else if (ended && access.token) this.end(requestId, new Date(access.endsAt));
      }
    });
  }

  private keepToken(
    { requestId, exchangeToken, expiresAt }: DelegationNotification & { type: "ExchangeToken" },
    known: KnownRequest | undefined,
  ): boolean {
    if (known?.tokenExpiresAt && known.tokenExpiresAt >= expiresAt) return true;
    const isOver = expiresAt <= new Date();
    const fact: AccessFile = {
      endsAt: expiresAt.toISOString(),
      ...(!isOver && { token: exchangeToken.reveal() }),
    };
    return this.put(requestId, ACCESS_FILE, fact);
  }

  private isUnwritten(requestId: string): boolean {
    return [...this.unwritten.keys()].some((path) => path.startsWith(join(requestId, "/")));
  }

  private access(requestId: string): AccessFile | undefined {
    const fact = this.get<AccessFile>(requestId, ACCESS_FILE);
    return fact && Number.isFinite(Date.parse(fact.endsAt)) ? fact : undefined;
  }

  private get<Fact>(requestId: string, file: string): Fact | undefined {
    const path = join(requestId, file);
    try {
      return (this.unwritten.get(path) ?? readFact(join(requestsFolder(), path))) as Fact | undefined;
    } catch (error) {
      this.report(error as Error);
      return undefined;
    }
  }

  private put(requestId: string, file: string, fact: object): boolean {
    const path = join(requestId, file);
    const written = this.attempt(() => {
      mkdirSync(join(requestsFolder(), requestId), { recursive: true, mode: 0o700 });
      // It may be there since before, open to others.
      chmodSync(cacheFolder(), 0o700);
      writeWhole(join(requestsFolder(), path), JSON.stringify(fact));
    });
    if (written) this.unwritten.delete(path);
    else this.unwritten.set(path, fact);
    return written;
  }

  private attempt(change: () => void): boolean {
    try {
      change();
      return true;
    } catch (error) {
      this.report(error as Error);
      return false;
    }
  }

  private report({ message }: Error): void {
    if (!this.warned) {
      warn(
        `${message}. Nothing can be kept, so messages stay in the queue. AWS_APPROVALS_HOME names another folder.`,
      );
    }
    this.warned = true;
  }
}

/** A fact on disk. What isn't JSON was not written by us, and is no fact. */
function readFact(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Others see the file as it was, or as it is then; a crash leaves one of the two as well. */
function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Nothing is there, or a file where a folder should be. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
