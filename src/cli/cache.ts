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
import { type DelegationRequestStatus, merge, type NotifiedStatus } from "../mailbox/order";
import { Secret } from "../mailbox/secret";
import { CREDENTIALS_FILE, cacheFolder, requestsFolder } from "./cachedCredentials";
import { warn } from "./output";

/** Where the notifications of a request arrive. */
export interface InboxAddress {
  queueUrl: string;
  /** Messages of other topics are not read. Absent when it isn't known, or when messages come without an SNS envelope. */
  topicArn?: string;
}

/** What the cache holds of a request. */
export interface CachedRequest {
  status?: NotifiedStatus;
  /** Absent once the access has ended. */
  token?: Secret;
  inbox?: InboxAddress;
}

type StateRecord = { state: DelegationRequestState; updatedAt: string; ownerAccountId?: string };
type AccessRecord = { endsAt: string; token?: string };

const ACCESS_FILE = "access.json";
const INBOX_FILE = "inbox.json";
const stateFile = (state: DelegationRequestState) => `${state}.json`;

const FILES_WITHOUT_SECRETS: ReadonlySet<string> = new Set([
  ACCESS_FILE,
  INBOX_FILE,
  ...DELEGATION_REQUEST_STATES.map(stateFile),
]);

const RETENTION_MS = 30 * 86_400_000;

/**
 * What is known of requests, kept on disk between runs as the AWS CLI keeps its SSO tokens: a folder that only its user
 * may enter, with a folder for each request.
 *
 * A file holds one record (a state that was reached, the token, the credentials) and is replaced atomically, by a rename.
 * So processes need no lock: different records are different files, and two processes that write the same record write
 * the same content. The status of a request is merged from its records, as from notifications.
 *
 * When the disk can't be written, records stay in memory, and a warning on stderr says so once.
 */
export class RequestCache {
  private readonly unsaved = new Map<string, unknown>();
  private warned = false;

  read(requestId: string): CachedRequest {
    const access = this.access(requestId);
    const states = DELEGATION_REQUEST_STATES.flatMap(
      (state) => this.get<StateRecord>(requestId, stateFile(state)) ?? [],
    );
    const status = states.reduce<DelegationRequestStatus | undefined>((merged, { state, updatedAt }) => {
      const notification = { requestId, requestorWorkflowId: "", state, updatedAt: new Date(updatedAt) };
      return merge(merged, { type: "StateChange", ...notification });
    }, undefined);
    const ownerAccountId = states.findLast((state) => state.ownerAccountId)?.ownerAccountId;
    const inbox = this.get<InboxAddress>(requestId, INBOX_FILE);
    return {
      ...(status && {
        status: {
          ...status,
          ...(access && { tokenExpiresAt: new Date(access.endsAt) }),
          ...(ownerAccountId && { ownerAccountId }),
        },
      }),
      ...(access?.token && new Date(access.endsAt) > new Date() && { token: new Secret(access.token) }),
      ...(inbox && { inbox }),
    };
  }

  /** Saves what a notification says. @returns whether it is on disk, so that the message may be deleted */
  merge(notification: DelegationNotification): boolean {
    const { requestId, state, updatedAt, ownerAccountId } = notification;
    const { status } = this.read(requestId);
    if (merge(status, notification) === status) return !this.hasUnsaved(requestId);
    const tokenSaved = notification.type !== "ExchangeToken" || this.saveToken(notification, status);
    const record: StateRecord = {
      state,
      updatedAt: updatedAt.toISOString(),
      ...(ownerAccountId && { ownerAccountId }),
    };
    return this.put(requestId, stateFile(state), record) && tokenSaved;
  }

  /** Saves the credentials that a token was traded in for, and the token, which may not have come by a notification. */
  saveAccess(requestId: string, access: DelegatedAccess, token: Secret): void {
    const { expiration } = access.credentials;
    this.put(requestId, ACCESS_FILE, { endsAt: expiration, token: token.reveal() } satisfies AccessRecord);
    if (!this.read(requestId).status) {
      this.put(requestId, stateFile("FINALIZED"), {
        state: "FINALIZED",
        updatedAt: new Date(0).toISOString(),
      });
    }
    this.put(requestId, CREDENTIALS_FILE, access);
  }

  saveInbox(requestId: string, inbox: InboxAddress): void {
    this.put(requestId, INBOX_FILE, inbox);
  }

  /** Removes the secrets of a request, and remembers when its access ended. */
  deleteSecrets(requestId: string, endedAt: Date): void {
    this.put(requestId, ACCESS_FILE, { endsAt: endedAt.toISOString() } satisfies AccessRecord);
    this.tryWrite(() => {
      const folder = join(requestsFolder(), requestId);
      const secrets = readdirSync(folder).filter((file) => !FILES_WITHOUT_SECRETS.has(file));
      for (const file of secrets) rmSync(join(folder, file), { force: true });
    });
  }

  /** Removes all that is kept of a request. @returns whether there was anything */
  forget(requestId: string): boolean {
    const existed = this.requestIds().includes(requestId);
    rmSync(join(requestsFolder(), requestId), { recursive: true, force: true });
    return existed;
  }

  requestIds(): string[] {
    try {
      return readdirSync(requestsFolder());
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  /** Removes the secrets of accesses that have ended, and all of requests that did not change for 30 days. */
  prune(): void {
    this.tryWrite(() => {
      for (const requestId of this.requestIds()) {
        const { mtimeMs } = statSync(join(requestsFolder(), requestId));
        const access = this.access(requestId);
        const ended = access && new Date(access.endsAt) <= new Date();
        if (Date.now() - mtimeMs > RETENTION_MS) this.forget(requestId);
        else if (ended && access.token) this.deleteSecrets(requestId, new Date(access.endsAt));
      }
    });
  }

  private saveToken(
    { requestId, exchangeToken, expiresAt }: DelegationNotification & { type: "ExchangeToken" },
    status: DelegationRequestStatus | undefined,
  ): boolean {
    if (status?.tokenExpiresAt && status.tokenExpiresAt >= expiresAt) return true;
    const isOver = expiresAt <= new Date();
    const record: AccessRecord = {
      endsAt: expiresAt.toISOString(),
      ...(!isOver && { token: exchangeToken.reveal() }),
    };
    return this.put(requestId, ACCESS_FILE, record);
  }

  private hasUnsaved(requestId: string): boolean {
    return [...this.unsaved.keys()].some((path) => path.startsWith(join(requestId, "/")));
  }

  private access(requestId: string): AccessRecord | undefined {
    const record = this.get<AccessRecord>(requestId, ACCESS_FILE);
    return record && Number.isFinite(Date.parse(record.endsAt)) ? record : undefined;
  }

  private get<Value>(requestId: string, file: string): Value | undefined {
    const path = join(requestId, file);
    try {
      return (this.unsaved.get(path) ?? readJson(join(requestsFolder(), path))) as Value | undefined;
    } catch (error) {
      this.warnOnce(error as Error);
      return undefined;
    }
  }

  /** @returns whether the record is on disk */
  private put(requestId: string, file: string, record: object): boolean {
    const path = join(requestId, file);
    const written = this.tryWrite(() => {
      mkdirSync(join(requestsFolder(), requestId), { recursive: true, mode: 0o700 });
      // The folder may exist already, with wider permissions.
      chmodSync(cacheFolder(), 0o700);
      writeAtomically(join(requestsFolder(), path), JSON.stringify(record));
    });
    if (written) this.unsaved.delete(path);
    else this.unsaved.set(path, record);
    return written;
  }

  private tryWrite(change: () => void): boolean {
    try {
      change();
      return true;
    } catch (error) {
      this.warnOnce(error as Error);
      return false;
    }
  }

  private warnOnce({ message }: Error): void {
    if (!this.warned) {
      warn(
        `${message}. Nothing can be saved, so messages stay in the queue. Set AWS_APPROVALS_HOME to use another folder.`,
      );
    }
    this.warned = true;
  }
}

/** Undefined when there is no such file, or it is not JSON and so not ours. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Readers see the old content or the new one, never a part, also after a crash. */
function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The path does not exist, or a part of it that should be a folder is a file. */
const isNotFound = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
