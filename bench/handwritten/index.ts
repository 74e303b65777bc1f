import * as pulumi from "@pulumi/pulumi";
import { asked } from "../request";

// What one writes for a start: an inline provider that makes the request and knows nothing else.
const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    const { IAMClient, CreateDelegationRequestCommand } = require("@aws-sdk/client-iam");
    const iam = new IAMClient({ region: "us-east-1" });
    const answer = await iam.send(
      new CreateDelegationRequestCommand({
        OwnerAccountId: inputs.ownerAccountId,
        Description: inputs.description,
        Permissions: {
          PolicyTemplateArn: inputs.permissions.policyTemplateArn,
          Parameters: inputs.permissions.parameters.map(
            (parameter: { name: string; type: string; values: string[] }) => ({
              Name: parameter.name,
              Type: parameter.type,
              Values: parameter.values,
            }),
          ),
        },
        RequestorWorkflowId: require("node:crypto").randomUUID(),
        NotificationChannel: inputs.notificationChannel,
        SessionDuration: inputs.sessionDuration,
      }),
    );
    return { id: answer.DelegationRequestId, outs: { ...inputs, consoleDeepLink: answer.ConsoleDeepLink } };
  },
};

class DelegationRequest extends pulumi.dynamic.Resource {
  constructor(name: string, args: typeof asked) {
    super(provider, name, { ...args, consoleDeepLink: undefined });
  }
}

for (let i = 0; i < new pulumi.Config().requireNumber("count"); i++) {
  new DelegationRequest(`request-${i}`, asked);
}
