import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { startEmulator } from "../../src/emulator";
import type { Identity } from "./certificates";

/** A call of `sts:GetCallerIdentity`: how it was signed, and whom the answer names. */
export interface SeenCall {
  region: string | undefined;
  account: string | undefined;
}

/**
 * An embedded AWS that tells how it was called. It also answers `sts:AssumeRoleWithWebIdentity`, which the emulator does not
 * have: as the role, whatever the token.
 * @param identity makes it speak TLS
 */
export async function startSeeingAws(identity?: Identity) {
  const emulator = await startEmulator();
  const calls: SeenCall[] = [];
  const answer: RequestListener = async (request, response) => {
    const { action, status, body } = await forward(request, emulator.endpoint);
    if (action === "GetCallerIdentity")
      calls.push({
        region: /Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? "")?.[1],
        account: /<Account>(\d+)</.exec(body)?.[1],
      });
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  };
  const server = identity ? createSecureServer(identity, answer) : createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    port: (server.address() as AddressInfo).port,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await emulator.close();
    },
  };
}

const WEB_IDENTITY = "AssumeRoleWithWebIdentity";

/** An unsigned call is made as somebody's: the emulator wants to know whose it is. */
const SIGNED = `AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;

async function forward(request: IncomingMessage, endpoint: string) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = new URLSearchParams(Buffer.concat(chunks).toString());
  const action = body.get("Action");
  const headers = { "content-type": "application/x-www-form-urlencoded", ...signatureOf(request) };
  if (action === WEB_IDENTITY) {
    body.set("Action", "AssumeRole");
    body.delete("WebIdentityToken");
  }
  const answer = await fetch(endpoint, { method: "POST", headers, body: body.toString() });
  const text = await answer.text();
  const named = action === WEB_IDENTITY ? text.replaceAll("AssumeRoleRes", `${WEB_IDENTITY}Res`) : text;
  return { action, status: answer.status, body: named };
}

function signatureOf({ headers }: IncomingMessage): Record<string, string> {
  if (headers.authorization === undefined) return { authorization: SIGNED, "x-amz-date": "20260101T000000Z" };
  const names = ["authorization", "x-amz-date", "x-amz-security-token"];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
