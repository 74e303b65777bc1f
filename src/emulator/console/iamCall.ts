import type { WireAnswer, WireRequest } from "../protocols/protocol";

/** Takes a request as if it had come over the wire. Answers undefined when the connection is to be dropped. */
export type Api = (request: WireRequest, gone: AbortSignal) => Promise<WireAnswer | undefined>;

/** What an API operation refused with. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * The request that an AWS SDK sends for an operation of IAM with an account's root credentials. The console changes
 * nothing in any other way: what it does is checked, recorded, made to fail by interceptors and told to topics like the
 * calls of every other client.
 */
export function iamRequest(account: string, parameters: Readonly<Record<string, string>>): WireRequest {
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-amz-date": "20000101T000000Z",
      authorization:
        `AWS4-HMAC-SHA256 Credential=${account}/20000101/us-east-1/iam/aws4_request, ` +
        `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    },
    body: Buffer.from(new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString()),
    tooLarge: false,
  };
}

/** Undefined when the operation succeeded. */
export const refusalIn = ({ status, body }: WireAnswer): Refusal | undefined =>
  status < 400 ? undefined : { status, code: textOf("Code", body), message: textOf("Message", body) };

const CHARACTERS: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&", "#xD": "\r" };

function textOf(name: string, xml: string): string {
  const [, escaped = ""] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return escaped.replace(/&([^;]+);/g, (entity, character: string) => CHARACTERS[character] ?? entity);
}
