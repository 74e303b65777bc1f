/** Associations of teams with operations of AWS Payment Cryptography, each in an account of its own. */
import { type Harness, signed } from "../harness";
import { httpRequest } from "../httpRequest";
import { activeTeam, type Team } from "../mpa/approvalTeams";

export const ACTION = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";

/** A call of the control plane, whose official client in every registry does not have these operations. */
export async function call(
  { emulator }: Pick<Harness, "emulator">,
  account: string,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const { status, text } = await httpRequest(emulator.endpoint, {
    method: "POST",
    headers: {
      ...signed("payment-cryptography", { accessKeyId: account }),
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `PaymentCryptographyControlPlane.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const body: { __type?: string; MpaTeamAssociation?: Record<string, unknown> } = Object(JSON.parse(text));
  if (status >= 400) throw new Error(body.__type);
  return body.MpaTeamAssociation ?? {};
}

/** A team that can vote, in an account without an association. */
export const freshTeam = (harness: Harness): Promise<Team> => activeTeam(harness);

/** A team that decides about the import of root certificates in its account. */
export async function associated(harness: Harness): Promise<Team> {
  const team = await freshTeam(harness);
  await call(harness, team.account, "AssociateMpaTeam", { Action: ACTION, MpaTeamArn: team.arn });
  return team;
}
