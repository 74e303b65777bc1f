import { AwsError } from "../errors";
import { jsonCodeOf, parseObject, readJson, writeJson } from "./json";
import { mediaType, type Protocol } from "./protocol";

/**
 * AWS's JSON protocol: a header names the operation, and the input is the body. The identity store and AWS Payment
 * Cryptography speak it; their versions differ in the content type.
 */
export function awsJsonProtocol({
  targetPrefix,
  version,
}: {
  targetPrefix: string;
  version: "1.0" | "1.1";
}): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const headers = (requestId: string) => ({
    "content-type": contentType,
    "x-amzn-requestid": requestId,
  });
  return {
    resolve(request) {
      const target = String(request.headers["x-amz-target"] ?? "");
      const [prefix, operation = ""] = target.split(".");
      if (prefix !== targetPrefix || request.method !== "POST") throw unknownOperation(target);
      return {
        operation,
        read(shape) {
          if (mediaType(request) !== contentType)
            throw new AwsError(
              "UnsupportedMediaTypeException",
              415,
              `The content type must be ${contentType}`,
            );
          return Object(readJson(parseObject(request.body), shape));
        },
      };
    },
    success: (_operation, output, requestId) => ({
      status: 200,
      headers: headers(requestId),
      body: writeJson(output ?? {}, "epochSeconds"),
    }),
    failure: (error, requestId) => ({
      status: error.status,
      headers: headers(requestId),
      body: writeJson({ __type: jsonCodeOf(error), Message: error.message }),
    }),
    unknownOperation,
    throttled: () => new AwsError("ThrottlingException", 400, "Rate exceeded"),
    codeOf: jsonCodeOf,
  };
}

const unknownOperation = (operation: string) =>
  new AwsError("UnknownOperationException", 404, `The embedded AWS has no operation ${operation}`);
