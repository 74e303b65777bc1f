import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { authorize, find, mayRead } from "./delegationRequest";

const input = structure({ EntityArn: string({ min: 20, max: 2048 }), Locale: string({ min: 2, max: 12 }) }, [
  "EntityArn",
]);

/** A fixed English text; AWS lets a language model write one. */
export const getHumanReadableSummary = operation("GetHumanReadableSummary", input, (given, invocation) => {
  const [, id] = /^arn:aws[a-z-]*:iam::(?:\d{12})?:delegation-request\/([\w-]+)$/.exec(given.EntityArn) ?? [];
  if (id === undefined) {
    throw new AwsError("InvalidInput", 400, "EntityArn must be the ARN of a delegation request.");
  }
  const request = find(id, invocation);
  authorize(mayRead(request, invocation.caller), "GetHumanReadableSummary", request, invocation.caller);
  return {
    SummaryContent:
      `Account ${request.requestorId} asks for access for ${request.sessionDuration} seconds ` +
      `with the policy template ${request.permissions.PolicyTemplateArn}.`,
    Locale: "en",
    SummaryState: "AVAILABLE",
  };
});
