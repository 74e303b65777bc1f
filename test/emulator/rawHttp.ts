/** Raw HTTP over a TCP connection: malformed and pipelined requests, which no HTTP client sends. */
import { connect } from "node:net";
import { signed } from "./harness";

/** A response, parsed from the bytes of a connection. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The code of an error in AWS's format. */
  readonly code: string | undefined;
}

/** All that was received on a connection. */
export interface RawExchange {
  readonly responses: readonly RawResponse[];
  /** Bytes that are no HTTP response. */
  readonly rest: string;
}

/**
 * Sends the pieces to a port, one write each, and reads until the connection is closed. With `end` the client closes its
 * side after the last piece.
 */
export async function exchange(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { end = true } = {},
): Promise<RawExchange> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk) => chunks.push(chunk));
    // The server may reset the connection while we still send.
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    for (const piece of pieces) socket.write(piece);
    if (end) socket.end();
  });
  return parseResponses(Buffer.concat(chunks).toString("latin1"));
}

function parseResponses(text: string): RawExchange {
  const answers: RawResponse[] = [];
  let rest = text;
  for (;;) {
    const [head, status] = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(rest) ?? [];
    if (head === undefined) return { responses: answers, rest };
    const headers = Object.fromEntries(
      [...head.matchAll(/^([^:\r\n]+): (.*)\r$/gm)].map(([, name = "", value = ""]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const length = Number(headers["content-length"] ?? 0);
    const body = Buffer.from(rest.slice(head.length, head.length + length), "latin1").toString("utf8");
    rest = rest.slice(head.length + length);
    if (status !== "100")
      answers.push({ status: Number(status), headers, body, code: codeIn(headers, body) });
  }
}

const codeIn = (headers: Readonly<Record<string, string>>, body: string): string | undefined =>
  headers["x-amzn-errortype"] ?? /<Code>(.*?)<\/Code>/.exec(body)?.[1];

/** A well-formed call that succeeds. */
export const IDENTITY_CALL = formatRequest(
  "POST",
  "/",
  {
    ...signed("sts"),
    "content-type": "application/x-www-form-urlencoded",
  },
  "Action=GetCallerIdentity&Version=2011-06-15",
);

/** The text of a request. */
export function formatRequest(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): string {
  const lines = Object.entries({ host: "127.0.0.1", "content-length": Buffer.byteLength(body), ...headers });
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
