import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A server that records what it is asked and gives the prepared answers in turn, the last one for ever. */
export class RecordingServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  answers: (Answer | "drop")[] = [{}];
  private readonly server = createServer((request, response) => {
    void this.record(request).then(() => {
      const [next = {}] = this.answers.length > 1 ? this.answers.splice(0, 1) : this.answers;
      if (next === "drop") {
        request.socket.destroy();
        return;
      }
      const { status = 200, headers = {}, body = {} } = next;
      response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get bodies(): unknown[] {
    return this.requests.map(({ body }) => JSON.parse(body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async record(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    this.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
  }
}
