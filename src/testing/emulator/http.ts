import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireAnswer, WireRequest } from "./protocols/protocol";

/** No request of the emulated services comes near. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Reads a whole request. Rejects when the client goes away before it has sent it. */
export async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // What is beyond the limit is read and thrown away, so that the client gets to read the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  const [path = "/", ...query] = (incoming.url ?? "/").split("?");
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query.join("?")),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    tooLarge: size > MAX_BODY_BYTES,
  };
}

export function send(response: ServerResponse, answer: WireAnswer): void {
  const body = Buffer.from(answer.body, "utf8");
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.end(body);
}
