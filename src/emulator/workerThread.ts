/**
 * Another emulator in a worker thread. It keeps that emulator's work off the thread that serves requests, its environment
 * and globals apart, and works inside Jest's module sandbox, which can neither import ES modules nor load addons twice.
 */
import { join } from "node:path";
import { parentPort, Worker } from "node:worker_threads";
import { AwsError } from "./errors";

/** A request to the instance that plays a service for an account and region. */
export interface InstanceRequest {
  readonly account: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  /** The emulator's time. Left out, the system's. */
  readonly now?: Date;
}

export interface InstanceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Numbered {
  readonly id: number;
  readonly request: InstanceRequest;
}

type Reply = { readonly id: number } & (
  | { readonly answer: InstanceAnswer }
  | { readonly failure: { code?: string | undefined; message: string } }
);

/** What runs in a worker thread. */
export interface EmbeddedEmulator {
  /** The services that it plays, for messages. */
  readonly services: string;
  /** The package and its major version, as npm installs it. */
  readonly installed: `${string}@${number}`;
  /** The worker's compiled file, below `dist/emulator`. */
  readonly file: string;
}

/** The side that sends requests. The first one starts the thread, which keeps no process alive. */
export class WorkerThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  private lastId = 0;
  private closed = false;

  constructor(private readonly emulator: EmbeddedEmulator) {}

  async send(request: InstanceRequest): Promise<InstanceAnswer> {
    if (this.closed) throw this.ended();
    this.worker ??= this.start();
    const { worker } = this;
    const id = ++this.lastId;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request } satisfies Numbered);
    });
    if ("failure" in reply) throw this.unavailable(reply.failure);
    return reply.answer;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private start(): Worker {
    // The compiled file, also when this file runs from source: nothing compiles a worker's TypeScript.
    const worker = new Worker(join(__dirname, "../../dist/emulator", this.emulator.file));
    worker.unref();
    worker.on("message", (reply: Reply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    const fail = (error: Error) => {
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
      this.worker = undefined;
    };
    worker.on("error", fail);
    worker.on("exit", () => fail(this.ended()));
    return worker;
  }

  private ended(): AwsError {
    return new AwsError("ServiceUnavailable", 503, `The embedded ${this.emulator.services} have ended.`);
  }

  private unavailable({ code, message }: { code?: string | undefined; message: string }): AwsError {
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND")
      return new AwsError("ServiceUnavailable", 503, message);
    const { services, installed } = this.emulator;
    const [name] = installed.split("@");
    return new AwsError(
      "NotImplemented",
      501,
      `For ${services} the embedded AWS needs ${name}, which is not installed: npm install --save-dev ${installed}`,
    );
  }
}

/** The side in the worker thread: answers every request by `answer`. */
export function answerRequests(answer: (request: InstanceRequest) => Promise<InstanceAnswer>): void {
  parentPort?.on("message", async ({ id, request }: Numbered) => {
    try {
      parentPort?.postMessage({ id, answer: await answer(request) } satisfies Reply);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      parentPort?.postMessage({ id, failure: { code, message } } satisfies Reply);
    }
  });
}
