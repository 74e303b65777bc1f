import type { AwsClients } from "../../../aws/clients";
import { call, hasCode } from "../../../aws/errors";
import { loadPaymentCryptography } from "../../../aws/paymentCryptography";
import { type Binding, type BindingService, bindingLifecycle } from "../../binding/lifecycle";
import { teamAssociation } from "./properties";

/** What is bound, and by which properties. */
export const operationBinding: Binding = {
  declaration: teamAssociation,
  noun: "operation",
  missing: "AWS Payment Cryptography does not have the operation.",
  names: {
    target: "action",
    team: "mpaTeamArn",
    pendingTeam: "pendingMpaTeamArn",
    refusedTeam: "refusedMpaTeamArn",
    vote: "mpaStatus",
  },
  targetOf: (id) => id.slice(id.indexOf("/") + 1),
  open,
};

/** The lifecycle of a team's association. Its id is `REGION/ACTION`. */
export const teamAssociationLifecycle = bindingLifecycle(operationBinding);

type Action = (typeof teamAssociation.inputs.action.enum)[number];

async function open(aws: AwsClients, id?: string): Promise<BindingService> {
  const module = loadPaymentCryptography();
  const given = id?.split("/").slice(0, -1)[0];
  const client = await aws.client("paymentcryptography", async () => module.PaymentCryptographyClient, given);
  const region = await client.config.region();
  return {
    async find(target, resource) {
      const command = new module.GetMpaTeamAssociationCommand({ Action: target as Action });
      const operation = "payment-cryptography:GetMpaTeamAssociation";
      const unbound = { id: `${region}/${target}`, team: undefined, answer: {} };
      try {
        const { MpaTeamAssociation: answer = {} } = await call(operation, resource, () =>
          client.send(command),
        );
        return { ...unbound, team: answer.MpaTeamArn, answer };
      } catch (error) {
        if (hasCode(error, "ResourceNotFound")) return unbound;
        throw error;
      }
    },

    async associate({ target, team: MpaTeamArn, comment: RequesterComment, resource }) {
      const input = { Action: target as Action, MpaTeamArn, RequesterComment };
      const command = new module.AssociateMpaTeamCommand(input);
      await call("payment-cryptography:AssociateMpaTeam", resource, () => client.send(command));
    },

    async disassociate({ target, comment: RequesterComment, resource }) {
      const command = new module.DisassociateMpaTeamCommand({ Action: target as Action, RequesterComment });
      await call("payment-cryptography:DisassociateMpaTeam", resource, () => client.send(command));
    },
  };
}
