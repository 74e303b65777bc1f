import type { ResourceDeclaration } from "../provider/properties";
import { delegationRequest } from "./iam/delegationRequest/properties";
import { identitySource } from "./mpa/identitySource/properties";

/** All resource types, by their names in the provider's entry. */
export const resources = { delegationRequest, identitySource } as const satisfies Record<
  string,
  ResourceDeclaration
>;
