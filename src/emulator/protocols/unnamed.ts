import type { Protocol, WireRequest } from "./protocol";
import { queryProtocol } from "./query";
import { restJsonProtocol } from "./restJson";

/** Speaks for no service: answers those who named none. */
export const UNNAMED_XML = queryProtocol({
  version: "",
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
});
const UNNAMED_JSON = restJsonProtocol([]);

/** Which kind of error a client expects that named no service we know. */
export function guessProtocol(request: WireRequest): Protocol {
  const json = request.headers["x-amz-target"] !== undefined || request.path !== "/";
  return json ? UNNAMED_JSON : UNNAMED_XML;
}
