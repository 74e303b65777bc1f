import { queryProtocol } from "../protocols/query";
import { restJsonProtocol } from "../protocols/restJson";
import type { ForwardedService } from "../service";

/** SNS, by fauxqs: topics that deliver to SQS queues. */
export const sns: ForwardedService = {
  name: "sns",
  protocol: queryProtocol({ version: "2010-03-31", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }),
  operationOf: ({ body }) => new URLSearchParams(body.toString("utf8")).get("Action") ?? "unknown",
};

/** SQS, by fauxqs. */
export const sqs: ForwardedService = {
  name: "sqs",
  protocol: restJsonProtocol([]),
  operationOf: ({ headers }) => String(headers["x-amz-target"] ?? "unknown").replace(/^AmazonSQS\./, ""),
};
