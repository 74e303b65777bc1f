export type { IamIdentityCenter, IdentitySourceArgs } from "./identitySource";
export { IdentitySource } from "./identitySource";
