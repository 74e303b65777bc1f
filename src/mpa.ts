export type { IamIdentityCenter, IdentitySourceArgs } from "./resources/mpa/identitySource/resource";
export { IdentitySource } from "./resources/mpa/identitySource/resource";
