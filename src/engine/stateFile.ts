import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { EngineError, UnsupportedFeatureError } from "./errors";
import { PULUMI_VERSION } from "./pulumiVersion";
import { Crypter } from "./secrets";
import type { Snapshot } from "./snapshot";
import {
  type ExportedDeployment,
  type PendingOperation,
  type ResourceState,
  readResource,
  writeResource,
} from "./state";
import { containsSecrets } from "./values";

/** A resource as it was last written: its field values then, and the resulting JSON. */
interface SerializedResource {
  values: unknown[];
  hasSecrets: boolean;
  text?: { crypter: Crypter | undefined; json: string };
}

/** The indentation of resources in the file; like Pulumi's, it is indented by four spaces per level. */
const RESOURCE_INDENT = " ".repeat(12);
const NO_RESOURCES = '"resources": []';

/** The version of Pulumi that a state names as its writer. */
const WRITER_VERSION = `v${PULUMI_VERSION}`;

export interface LoadedState {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** The state of one stack, as a file in the format of `pulumi stack export`. */
export class StateFile {
  private crypter: Crypter | undefined;
  private writing: Promise<void> = Promise.resolve();
  private queued: Promise<void> | undefined;
  private abandoned = false;
  private readonly serialized = new WeakMap<ResourceState, SerializedResource>();

  constructor(
    readonly path: string,
    private readonly passphrase: string,
  ) {}

  /** Locks the file for one operation. @throws EngineError if this or another running process has locked it */
  lock(): () => void {
    mkdirSync(dirname(this.path), { recursive: true });
    const release = acquireLock(`${this.path}.lock`);
    this.abandoned = false;
    return release;
  }

  read(): LoadedState {
    const text = readIfExists(this.path);
    return text === undefined ? { resources: [], pendingOperations: [] } : this.load(parse(text, this.path));
  }

  /** Reads a deployment in the format of `pulumi stack export`. */
  load(exported: ExportedDeployment): LoadedState {
    if (exported.version !== 3 || exported.deployment === undefined) {
      throw new EngineError(`expected a deployment of version 3, got version ${exported.version}`);
    }
    const { deployment } = exported;
    const crypter = this.openSecrets(deployment.secrets_providers);
    for (const feature of ["snippets", "extensions"]) {
      if (Object.keys(deployment[feature] ?? {}).length > 0) {
        throw new UnsupportedFeatureError(`${feature} (in the state)`);
      }
    }
    return {
      resources: (deployment.resources ?? []).map((stored) => readResource(stored, crypter)),
      pendingOperations: (deployment.pending_operations ?? []).map(({ resource, type }) => ({
        resource: readResource(resource, crypter),
        type: type as PendingOperation["type"],
      })),
    };
  }

  /** The deployment that `pulumi stack export` would print. */
  export({ resources, pendingOperations }: LoadedState): ExportedDeployment {
    this.createCrypter([...resources, ...pendingOperations.map(({ resource }) => resource)]);
    return exportDeployment(resources, pendingOperations, this.crypter);
  }

  /** Created only when needed, because deriving a key is slow. */
  private createCrypter(resources: ResourceState[]): void {
    if (this.crypter === undefined && resources.some((resource) => this.serializedOf(resource).hasSecrets)) {
      this.crypter = Crypter.create(this.passphrase);
    }
  }

  private openSecrets(provider: ExportedDeployment["deployment"]["secrets_providers"]): Crypter | undefined {
    const salt = provider?.state?.["salt"];
    if (provider === undefined) {
      return undefined;
    }
    if (provider.type !== "passphrase" || typeof salt !== "string") {
      throw new EngineError(
        `the state's secrets are encrypted by "${provider.type}"; the offline engine reads passphrase secrets only`,
      );
    }
    if (this.crypter?.salt !== salt) {
      this.crypter = Crypter.open(this.passphrase, salt);
    }
    return this.crypter;
  }

  /**
   * Writes the snapshot to a temporary file and renames it, so that no reader ever sees an incomplete file. Calls during
   * a write share the next one.
   */
  write(snapshot: Snapshot): Promise<void> {
    this.queued ??= this.writing.then(async () => {
      this.queued = undefined;
      this.writing = this.replace(snapshot.resources(), snapshot.pendingOperations());
      await this.writing;
    });
    return this.queued;
  }

  /** Ignores all writes until the file is locked again, as if this process had died. */
  abandon(): void {
    this.abandoned = true;
  }

  private async replace(resources: ResourceState[], pendingOperations: PendingOperation[]): Promise<void> {
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    await writeFile(temporary, this.stateText(resources, pendingOperations), { mode: 0o600 });
    await (this.abandoned ? rm(temporary) : rename(temporary, this.path));
  }

  /** The JSON of the deployment. Every step writes the whole state, so the JSON of unchanged resources is reused. */
  private stateText(resources: ResourceState[], pendingOperations: PendingOperation[]): string {
    this.createCrypter([...resources, ...pendingOperations.map(({ resource }) => resource)]);
    const envelope = JSON.stringify(exportDeployment([], pendingOperations, this.crypter), undefined, 4);
    if (resources.length === 0) {
      return `${envelope}\n`;
    }
    const texts = resources.map((resource) => this.resourceText(resource)).join(",\n");
    // The first match is the deployment's `resources`; pending operations come after it.
    return `${envelope.replace(NO_RESOURCES, () => `"resources": [\n${texts}\n        ]`)}\n`;
  }

  private resourceText(resource: ResourceState): string {
    const written = this.serializedOf(resource);
    if (written.text === undefined || written.text.crypter !== this.crypter) {
      const json = JSON.stringify(writeResource(resource, this.crypter), undefined, 4);
      written.text = {
        crypter: this.crypter,
        json: RESOURCE_INDENT + json.replaceAll("\n", `\n${RESOURCE_INDENT}`),
      };
    }
    return written.text.json;
  }

  /** The cached JSON, or a new entry if a field was reassigned. Field values themselves are never modified in place. */
  private serializedOf(resource: ResourceState): SerializedResource {
    const values = Object.values(resource);
    const known = this.serialized.get(resource);
    if (known?.values.length === values.length && values.every((value, i) => value === known.values[i])) {
      return known;
    }
    const hasSecrets = containsSecrets(resource.inputs) || containsSecrets(resource.outputs);
    const fresh: SerializedResource = { values, hasSecrets };
    this.serialized.set(resource, fresh);
    return fresh;
  }
}

function exportDeployment(
  resources: ResourceState[],
  pendingOperations: PendingOperation[],
  crypter: Crypter | undefined,
): ExportedDeployment {
  return {
    version: 3,
    deployment: {
      manifest: {
        time: new Date().toISOString(),
        magic: createHash("sha256").update(WRITER_VERSION).digest("hex"),
        version: WRITER_VERSION,
      },
      ...(crypter && { secrets_providers: { type: "passphrase", state: { salt: crypter.salt } } }),
      resources: resources.map((resource) => writeResource(resource, crypter)),
      ...(pendingOperations.length > 0 && {
        pending_operations: pendingOperations.map(({ resource, type }) => ({
          resource: writeResource(resource, crypter),
          type,
        })),
      }),
      metadata: {},
    },
  };
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function parse(text: string, path: string): ExportedDeployment {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError(`${path} is not a Pulumi deployment`, { cause });
  }
}

const held = new Set<string>();

function acquireLock(path: string): () => void {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
    const holder = Number(readFileSync(path, "utf8"));
    if (holder === process.pid ? held.has(path) : isAlive(holder)) {
      throw new EngineError(
        `the stack is locked: process ${holder} is running an operation on it (${path}); ` +
          "wait until it ends",
      );
    }
    // The process that held the lock was killed. If two processes remove the file, the second `wx` write fails above.
    rmSync(path, { force: true });
    return acquireLock(path);
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
