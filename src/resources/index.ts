import type { ResourceDeclaration } from "../provider/properties";
import { delegationRequest } from "./iam/delegationRequest/properties";
import { identitySource } from "./mpa/identitySource/properties";

/** Every kind of resource, by the name that the provider's entry gives it. A new kind is a folder and a line here. */
export const resources = { delegationRequest, identitySource } as const satisfies Record<
  string,
  ResourceDeclaration
>;
