export type { DelegatedAccess, GetDelegatedAccessTokenArgs } from "./delegatedAccessToken";
export { getDelegatedAccessToken } from "./delegatedAccessToken";
