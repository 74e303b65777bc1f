export type { DelegatedAccess, GetDelegatedAccessTokenArgs } from "./functions/sts/getDelegatedAccessToken";
export { getDelegatedAccessToken } from "./functions/sts/getDelegatedAccessToken";
