/** The HTTP server. It limits the size and duration of requests, and answers what is not HTTP. */
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
import type { HttpRequest, HttpResponse } from "./protocols/protocol";
import { UNKNOWN_SERVICE_XML } from "./protocols/unknownService";

/** Far more than any request of the emulated services has. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** How long a client may take, in milliseconds. */
interface Timeouts {
  /** Until the headers are complete, counted from the connection or from the request's first byte. */
  readonly headersMs: number;
  /** Until the request is complete. */
  readonly requestMs: number;
  /** The interval of the checks: a slow client may be answered this much later. */
  readonly checkMs: number;
}

const TIMEOUTS: Timeouts = { headersMs: 20_000, requestMs: 60_000, checkMs: 5_000 };

/** Answers a request; undefined drops the connection. Must not reject. */
type RequestHandler = (request: HttpRequest, abortSignal: AbortSignal) => Promise<HttpResponse | undefined>;

/** A server that listens on 127.0.0.1. */
export interface HttpServer {
  readonly port: number;
  /** Starts to answer requests. Call it directly after the start. */
  serve(handler: RequestHandler): void;
  unref(): void;
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/** The port can't be listened on. */
export class PortError extends Error {
  override readonly name = "PortError";

  /** @param code the system's, such as EADDRINUSE */
  constructor(
    port: number,
    readonly reason: string,
    readonly code: string,
  ) {
    super(`port ${port} ${reason}: give startEmulator another \`port\`, or none for any free one.`);
  }
}

const PORT_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use",
  EACCES: "may not be used by this user",
};

/** @throws PortError when the port is in use, or reserved for other users */
export async function listen(port: number, timeouts = TIMEOUTS): Promise<HttpServer> {
  const server = createServer({
    keepAliveTimeout: 0,
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
    // Checked below, where it is answered with an error in AWS's format.
    requireHostHeader: false,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const { code = "" } = error;
      const reason = PORT_REASONS[code];
      reject(reason === undefined ? error : new PortError(port, reason, code));
    });
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  return {
    port: address.port,
    serve: (handler) => serve(server, handler),
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

function serve(server: Server, handler: RequestHandler): void {
  /** The latest response of each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on("request", async (incoming, response) => {
    responses.set(incoming.socket, response);
    if (incoming.httpVersion === "1.1" && incoming.headers.host === undefined) {
      return send(response, refusal(malformed("an HTTP/1.1 request must have a Host header")));
    }
    const disconnected = new AbortController();
    response.once("close", () => disconnected.abort());
    // Rejects when the client disconnects before it has sent its request: there is nobody to answer.
    const request = await readRequest(incoming).catch(() => undefined);
    if (request === undefined) return;
    const answer = await handler(request, disconnected.signal);
    if (answer === undefined) incoming.socket.destroy();
    else send(response, answer);
  });
  server.on("checkExpectation", (incoming, response) => {
    responses.set(incoming.socket, response);
    send(
      response,
      refusal(new AwsError("ExpectationFailed", 417, "Only Expect: 100-continue is supported.")),
    );
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refuse = () => {
      if (socket.writable) socket.end(serialize(refusal(errorOf(error))), () => socket.destroy());
      else socket.destroy();
    };
    const response = responses.get(socket);
    const unanswered = response !== undefined && !response.writableFinished;
    // Pipelined requests that were complete before the broken one are answered first.
    if (unanswered && response.req.complete) response.once("close", refuse);
    else if (unanswered && response.headersSent) socket.destroy();
    else refuse();
  });
}

/** Reads a whole request. Rejects when the client disconnects before it has sent it. */
async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // Bytes beyond the limit are read and discarded: a client reads the response only after it has sent its request.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  // A client that takes us for a proxy sends an absolute URL.
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

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.sendDate = false;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  // A string, not a Buffer: for a pipelined response Node would send "100 Continue" between headers and Buffer.
  response.end(body);
}

/** The response to a request that could not be read, so that its service is unknown. */
const refusal = (error: AwsError): HttpResponse => {
  const answer = UNKNOWN_SERVICE_XML.failure(error, randomUUID());
  return { ...answer, headers: { ...answer.headers, connection: "close" } };
};

/** The AWS error for an error of Node's HTTP parser. */
function errorOf({ code, message }: NodeJS.ErrnoException): AwsError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new AwsError("RequestTimeout", 408, "The request did not arrive in time.");
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

/** The bytes of a response, for a socket without a ServerResponse. */
function serialize({ status, headers, body }: HttpResponse): string {
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`;
}
