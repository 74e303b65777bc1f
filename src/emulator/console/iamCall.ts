import { administratorKey } from "../caller";
import type { HttpRequest, HttpResponse } from "../protocols/protocol";

/** Answers a request as if it had come over the network. Undefined when the connection is to be dropped. */
export type ApiCall = (request: HttpRequest, abortSignal: AbortSignal) => Promise<HttpResponse | undefined>;

/** An error response of the API. */
export interface ApiError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * The request that an AWS SDK sends for an operation of IAM with an administrator's credentials. The console makes such
 * calls, so that they are checked, recorded, intercepted and published like those of any client.
 */
export function iamRequest(account: string, parameters: Readonly<Record<string, string>>): HttpRequest {
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-amz-date": "20000101T000000Z",
      authorization:
        `AWS4-HMAC-SHA256 Credential=${administratorKey(account)}/20000101/us-east-1/iam/aws4_request, ` +
        `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    },
    body: Buffer.from(new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString()),
    tooLarge: false,
  };
}

/** Undefined when the operation succeeded. */
export const errorIn = ({ status, body }: HttpResponse): ApiError | undefined =>
  status < 400 ? undefined : { status, code: textOf("Code", body), message: textOf("Message", body) };

const CHARACTERS: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&", "#xD": "\r" };

function textOf(name: string, xml: string): string {
  const [, escaped = ""] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return escaped.replace(/&([^;]+);/g, (entity, character: string) => CHARACTERS[character] ?? entity);
}
