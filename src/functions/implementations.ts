import type { AwsClients } from "../aws/clients";
import type { FunctionDeclaration, ValuesOf } from "../declaration/properties";
import type { functions } from ".";
import { findApprover } from "./mpa/findApprover";
import { findIdentitySource, findIdentitySources } from "./mpa/findIdentitySources";
import { findPolicies } from "./mpa/findPolicies";
import { findSession, findSessions } from "./mpa/findSessions";
import { findTeam, findTeams } from "./mpa/findTeams";
import { tradeIn } from "./sts/tradeIn";

type Implementation<D extends FunctionDeclaration> = (
  args: ValuesOf<D["inputs"]>,
  clients: AwsClients,
) => Promise<ValuesOf<D["outputs"]>>;

/** What each function does, for both fronts. */
export const implementations: {
  readonly [Name in keyof typeof functions]: Implementation<(typeof functions)[Name]>;
} = {
  getDelegatedAccessToken: ({ tradeInToken }, clients) => tradeIn(tradeInToken, clients),
  approver: findApprover,
  getApprovalTeam: ({ arn }, clients) => findTeam(arn, clients),
  getApprovalTeams: async ({ region }, clients) => ({ approvalTeams: await findTeams(region, clients) }),
  getIdentitySource: ({ arn }, clients) => findIdentitySource(arn, clients),
  getIdentitySources: async ({ region }, clients) => ({
    identitySources: await findIdentitySources(region, clients),
  }),
  getSession: ({ sessionArn }, clients) => findSession(sessionArn, clients),
  listPolicies: async ({ region }, clients) => ({ policies: await findPolicies(region, clients) }),
  listSessions: async ({ approvalTeamArn, filters }, clients) => ({
    sessions: await findSessions(approvalTeamArn, filters, clients),
  }),
};
