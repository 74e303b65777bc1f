export type { TeamAssociationArgs } from "./resources/paymentcryptography/teamAssociation/resource";
export { TeamAssociation } from "./resources/paymentcryptography/teamAssociation/resource";
