/** The HTTP server: what comes in from strangers, bounded in size and time, and how they are answered. */
import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  maxHeaderSize,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { AwsError } from "./errors";
import type { WireAnswer, WireRequest } from "./protocols/protocol";
import { UNNAMED_XML } from "./protocols/unnamed";

/** No request of the emulated services comes near. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** How long a client may take, in milliseconds. */
export interface Patience {
  /** Until a request's headers are there, from the connection or from the request's first byte. */
  readonly headersMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** How often we look: so much later a slow client may be answered. */
  readonly checkMs: number;
}

const PATIENCE: Patience = { headersMs: 20_000, requestMs: 60_000, checkMs: 5_000 };

/** Answers a request; undefined drops the connection. Must not reject. */
export type Answerer = (request: WireRequest, gone: AbortSignal) => Promise<WireAnswer | undefined>;

/** A server that listens on 127.0.0.1. */
export interface Listening {
  readonly port: number;
  /** Answers requests from now on: call it at once. */
  serve(answerer: Answerer): void;
  unref(): void;
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/** Rejects with the system's error when the port is taken. */
export async function listen(port: number, patience = PATIENCE): Promise<Listening> {
  const server = createServer({
    keepAliveTimeout: 0,
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.checkMs,
    // We refuse it ourselves, with an error of AWS's shape.
    requireHostHeader: false,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  return {
    port: address.port,
    serve: (answerer) => serve(server, answerer),
    unref() {
      server.unref();
      server.on("connection", (socket) => socket.unref());
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function serve(server: Server, answerer: Answerer): void {
  /** The latest response of each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on("request", async (incoming, response) => {
    responses.set(incoming.socket, response);
    if (incoming.httpVersion === "1.1" && incoming.headers.host === undefined) {
      return send(response, refusal(malformed("a request of HTTP/1.1 must have the header Host")));
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    // Rejected when the client goes away before it has sent its request: nothing was called, nobody is to be answered.
    const request = await readRequest(incoming).catch(() => undefined);
    if (request === undefined) return;
    const answer = await answerer(request, gone.signal);
    if (answer === undefined) incoming.socket.destroy();
    else send(response, answer);
  });
  server.on("checkExpectation", (incoming, response) => {
    responses.set(incoming.socket, response);
    send(
      response,
      refusal(new AwsError("ExpectationFailed", 417, "Nothing but 100-continue can be expected.")),
    );
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refuse = () => {
      if (socket.writable) socket.end(wireForm(refusal(errorOf(error))), () => socket.destroy());
      else socket.destroy();
    };
    const response = responses.get(socket);
    const unanswered = response !== undefined && !response.writableFinished;
    // Requests that came whole before the broken one are answered before it.
    if (unanswered && response.req.complete) response.once("close", refuse);
    else if (unanswered && response.headersSent) socket.destroy();
    else refuse();
  });
}

/** Reads a whole request. Rejects when the client goes away before it has sent it. */
async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // What is beyond the limit is read and thrown away, so that the client gets to read the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  // Who believes to talk to a proxy sends a whole address.
  const target = (incoming.url ?? "/").replace(/^https?:\/\/[^/?]*/i, "");
  const [path = "", ...query] = target.split("?");
  return {
    method: incoming.method ?? "GET",
    path: path === "" ? "/" : path,
    query: new URLSearchParams(query.join("?")),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    tooLarge: size > MAX_BODY_BYTES,
  };
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  // As text: of a response in a queue, Node would send "100 Continue" between the headers and the bytes of a buffer.
  response.end(body);
}

/** Nobody knows of a request that could not be read which service it is for. */
const refusal = (error: AwsError): WireAnswer => {
  const answer = UNNAMED_XML.failure(error, randomUUID());
  return { ...answer, headers: { ...answer.headers, connection: "close" } };
};

/** What an error of Node's HTTP parser is in AWS's words. */
function errorOf({ code, message }: NodeJS.ErrnoException): AwsError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new AwsError("RequestTimeout", 408, "The request was not sent in time.");
    case "HPE_HEADER_OVERFLOW":
      return new AwsError(
        "RequestHeaderSectionTooLarge",
        431,
        `The request line and headers are longer than ${maxHeaderSize} bytes.`,
      );
    default:
      return malformed(message);
  }
}

const malformed = (reason: string) =>
  new AwsError("MalformedHttpRequestException", 400, `The request is not HTTP: ${reason}.`);

/** An answer where there is no response object to send it with. */
function wireForm({ status, headers, body }: WireAnswer): string {
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`;
}
