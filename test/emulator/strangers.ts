import { connect } from "node:net";
import { signed } from "./harness";

/** An answer, read from the bytes of a connection. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The code of an error of AWS's shape. */
  readonly code: string | undefined;
}

/** What came back on a connection until it was closed. */
export interface Heard {
  readonly answers: readonly Answer[];
  /** What is no HTTP answer. */
  readonly rest: string;
}

/**
 * Says the pieces, one write each, to a port and listens until the connection is closed. `end` says at the end that
 * nothing more will come, as a client does that has sent its last request.
 */
export async function exchange(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { end = true } = {},
): Promise<Heard> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk) => chunks.push(chunk));
    // Whoever talks nonsense may be cut off in the middle of it.
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    for (const piece of pieces) socket.write(piece);
    if (end) socket.end();
  });
  return answersIn(Buffer.concat(chunks).toString("latin1"));
}

function answersIn(text: string): Heard {
  const answers: Answer[] = [];
  let rest = text;
  for (;;) {
    const [head, status] = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(rest) ?? [];
    if (head === undefined) return { answers, rest };
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

/** A well-formed call, to see that the emulator is alive. */
export const IDENTITY_CALL = wire(
  "POST",
  "/",
  {
    ...signed("sts"),
    "content-type": "application/x-www-form-urlencoded",
  },
  "Action=GetCallerIdentity&Version=2011-06-15",
);

/** A request as it goes over the wire. */
export function wire(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): string {
  const lines = Object.entries({ host: "127.0.0.1", "content-length": Buffer.byteLength(body), ...headers });
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
