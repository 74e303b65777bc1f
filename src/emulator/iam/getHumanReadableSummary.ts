import { AwsError } from "../errors";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { authorize, mayRead } from "./delegationRequest";

/** A fixed English text. In AWS a language model writes it. */
export const getHumanReadableSummary = operation(
  {
    name: "GetHumanReadableSummary",
    input: structure({ EntityArn: string({ min: 20, max: 2048 }), Locale: string({ min: 2, max: 12 }) }, [
      "EntityArn",
    ]),
  },
  (given, { caller, cloud }) => {
    const [, id] =
      /^arn:aws[a-z-]*:iam::(?:\d{12})?:delegation-request\/([\w-]+)$/.exec(given.EntityArn) ?? [];
    if (id === undefined) {
      throw new AwsError("InvalidInput", 400, "EntityArn must be the ARN of a delegation request.");
    }
    const request = cloud.iam.findDelegationRequest(id);
    authorize(mayRead(request, caller), "GetHumanReadableSummary", request, caller);
    return {
      SummaryContent:
        `Account ${request.requestorId} asks for access for ${request.sessionDuration} seconds ` +
        `with the policy template ${request.permissions.PolicyTemplateArn}.`,
      Locale: "en",
      SummaryState: "AVAILABLE",
    };
  },
);
