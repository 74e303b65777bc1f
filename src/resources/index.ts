import type { ResourceDeclaration } from "../provider/properties";
import { delegationRequest } from "./iam/delegationRequest/properties";
import { approvalTeam } from "./mpa/approvalTeam/properties";
import { identitySource } from "./mpa/identitySource/properties";

/** All resource types, by their names in the provider's entry. */
export const resources = { delegationRequest, identitySource, approvalTeam } as const satisfies Record<
  string,
  ResourceDeclaration
>;
