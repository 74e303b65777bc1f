import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REQUEST_ID } from "../aws/delegationRequestState";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { writeAtomically } from "./atomicFile";
import { CREDENTIALS_FILE, requestsFolder } from "./cachedCredentials";
import { warn } from "./output";

/** Holds a {@link InboxRecord}. */
const INBOX_FILE = "inbox.json";
const FILES = [CREDENTIALS_FILE, INBOX_FILE];

interface InboxRecord {
  tableArn: string;
}

const RETENTION_MS = 30 * 86_400_000;

/**
 * What is kept on disk of the requests that this user has used, as the AWS CLI keeps its SSO tokens: the credentials until
 * they end, and in which table the request was found. A folder for each request, which only its user may enter, and in it a
 * file for each record. No other file or folder is changed, whatever lies beside it.
 *
 * When the disk can't be written, a warning on stderr says so once, and the commands go on.
 */
export class RequestCache {
  private warned = false;

  /** The table in which the request was found the last time. */
  tableArn(requestId: string): string | undefined {
    const record = readJson<Partial<InboxRecord>>(join(folderOf(requestId), INBOX_FILE));
    return typeof record?.tableArn === "string" ? record.tableArn : undefined;
  }

  saveTable(requestId: string, tableArn: string): void {
    if (this.tableArn(requestId) === tableArn) return;
    const record: InboxRecord = { tableArn };
    // There may be thousands at once. A torn record is as good as none, so it need not be flushed.
    this.put(requestId, INBOX_FILE, (file) => writeFileSync(file, JSON.stringify(record), { mode: 0o600 }));
  }

  saveCredentials(requestId: string, access: DelegatedAccess): void {
    this.put(requestId, CREDENTIALS_FILE, (file) => writeAtomically(file, JSON.stringify(access)));
  }

  deleteCredentials(requestId: string): void {
    this.tryWrite(() => rmSync(join(folderOf(requestId), CREDENTIALS_FILE), { force: true }));
  }

  /** Removes all that is kept of a request. @returns whether there was anything */
  forget(requestId: string): boolean {
    const folder = folderOf(requestId);
    const kept = FILES.filter((file) => exists(join(folder, file)));
    for (const file of kept) rmSync(join(folder, file), { force: true });
    removeIfEmpty(folder);
    return kept.length > 0;
  }

  /** The requests of which something is kept. */
  requestIds(): string[] {
    try {
      const ids = readdirSync(requestsFolder()).filter((name) => REQUEST_ID.test(name));
      return ids.filter((id) => FILES.some((file) => exists(join(folderOf(id), file))));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  /** Removes credentials that have ended, and where requests were found more than 30 days ago. */
  prune(): void {
    this.tryWrite(() => {
      for (const requestId of this.requestIds()) {
        const files = FILES.map((name) => join(folderOf(requestId), name));
        for (const file of files.filter(isOver)) rmSync(file, { force: true });
        removeIfEmpty(folderOf(requestId));
      }
    });
  }

  private put(requestId: string, file: string, write: (path: string) => void): void {
    this.tryWrite(() => {
      mkdirSync(folderOf(requestId), { recursive: true, mode: 0o700 });
      write(join(folderOf(requestId), file));
    });
  }

  private tryWrite(change: () => void): void {
    try {
      change();
    } catch (error) {
      if (!this.warned) {
        const { message } = error as Error;
        warn(`${message}. Nothing can be kept here. Set AWS_APPROVALS_HOME to use another folder.`);
      }
      this.warned = true;
    }
  }
}

const folderOf = (requestId: string): string => join(requestsFolder(), requestId);

/** False, too, where this user may not look. */
function exists(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether a file is ours and no longer of use. */
function isOver(file: string): boolean {
  const content = readJson<Partial<DelegatedAccess & InboxRecord>>(file);
  if (content?.credentials) return Date.parse(content.credentials.expiration) <= Date.now();
  return content?.tableArn !== undefined && Date.now() - statSync(file).mtimeMs > RETENTION_MS;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Something is kept in it, or lies in it that is not ours.
    if (!isNotFound(error) && !hasErrorCode(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
}

/** Undefined when the file is missing, unreadable, or not JSON and so not ours. */
function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

const hasErrorCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException).code ?? "");

/** The path does not exist, or a part of it that should be a folder is a file. */
const isNotFound = (error: unknown): boolean => hasErrorCode(error, "ENOENT", "ENOTDIR");
