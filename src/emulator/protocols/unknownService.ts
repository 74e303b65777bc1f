import type { HttpRequest, Protocol } from "./protocol";
import { queryProtocol } from "./query";
import { restJsonProtocol } from "./restJson";

/** The error format for requests that could not be read as HTTP. */
export const UNKNOWN_SERVICE_XML = queryProtocol({
  version: "",
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
});
const UNKNOWN_SERVICE_JSON = restJsonProtocol([]);

/** The error format that a client most likely understands whose request names no emulated service. */
export function protocolOfUnknownService(request: HttpRequest): Protocol {
  const json = request.headers["x-amz-target"] !== undefined || request.path !== "/";
  return json ? UNKNOWN_SERVICE_JSON : UNKNOWN_SERVICE_XML;
}
