import { AwsError } from "../errors";
import { parseObject, readJson, writeJson } from "./json";
import { mediaType, type Protocol } from "./protocol";

const CONTENT_TYPE = "application/x-amz-json-1.0";

/** AWS's JSON 1.0 protocol: the header `X-Amz-Target` names the operation. SQS speaks it. */
export function awsJsonProtocol(targetPrefix: string, namespace: string): Protocol {
  return {
    resolve(request) {
      const target = request.headers["x-amz-target"];
      if (request.method !== "POST" || mediaType(request) !== CONTENT_TYPE || typeof target !== "string") {
        throw new AwsError(
          "UnknownOperationException",
          404,
          `Send POST with content type ${CONTENT_TYPE} and a header X-Amz-Target; older protocols are not emulated.`,
        );
      }
      const operation = target.startsWith(`${targetPrefix}.`)
        ? target.slice(targetPrefix.length + 1)
        : target;
      return { operation, read: (shape) => readJson(parseObject(request.body), shape) };
    },
    success: (_operation, output, requestId) => answer(200, writeJson(output ?? {}), requestId),
    failure(error, requestId) {
      const body = writeJson({ __type: `${namespace}#${error.code}`, message: error.message });
      const legacy = `${LEGACY_CODES[error.code] ?? error.code};${error.fault}`;
      return answer(error.status, body, requestId, { "x-amzn-query-error": legacy });
    },
    unknownOperation: (operation) =>
      new AwsError("UnknownOperationException", 404, `The embedded AWS has no operation ${operation}`),
    codeOf: (error) => error.code,
  };
}

/** Codes by which clients knew these errors before SQS spoke JSON; the clients still expose them. */
const LEGACY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
};

const answer = (status: number, body: string, requestId: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId, ...headers },
  body,
});
