import { regionOf } from "../../aws/arn";
import type { AwsClients } from "../../aws/clients";
import { call, hasCode } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import type { Vote } from "./vote";

/**
 * Whether a vote is about the removal of the team, and not about another one in its place, which the services that have teams
 * do not tell.
 * @returns undefined when the caller may not see the session, as of a team that another account shares
 */
export async function isAboutRemoval(
  { mpaSessionArn }: Vote,
  resource: string,
  aws: AwsClients,
): Promise<boolean | undefined> {
  if (mpaSessionArn === undefined) return undefined;
  const { GetSessionCommand } = loadMpa();
  const mpa = await aws.mpa(regionOf(mpaSessionArn));
  const command = new GetSessionCommand({ SessionArn: mpaSessionArn });
  try {
    const { ActionName = "" } = await call("mpa:GetSession", resource, () => mpa.send(command));
    return /associate/i.test(ActionName) ? /disassociate/i.test(ActionName) : undefined;
  } catch (error) {
    if (hasCode(error, "AccessDenied", "ResourceNotFound")) return undefined;
    throw error;
  }
}
