import type { Cloud } from "./cloud";
import type { WireAnswer, WireRequest } from "./protocols/protocol";

/** Where a request's ConsoleDeepLink leads. */
export const consoleDeepLink = (id: string, cloud: Cloud): string =>
  `${cloud.endpoint}/iam/home/delegation-requests/${id}`;

/** Answers a browser that follows a ConsoleDeepLink; undefined for every other request. */
export function consolePage(request: WireRequest, cloud: Cloud): WireAnswer | undefined {
  const [, id] = /^\/iam\/home\/delegation-requests\/([\w-]+)$/.exec(request.path) ?? [];
  if (request.method !== "GET" || id === undefined) return undefined;
  cloud.settle();
  const found = cloud.delegationRequests.get(id);
  return {
    status: found === undefined ? 404 : 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body:
      found === undefined
        ? `The embedded AWS has no delegation request ${id}.\n`
        : `Delegation request ${id}: ${found.state}\n\nThis is the embedded AWS: play the customer with the AWS CLI or an SDK.\n`,
  };
}
