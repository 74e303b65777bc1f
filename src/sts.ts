export {
  type GetDelegatedAccessTokenArgs,
  type GetDelegatedAccessTokenOptions,
  getDelegatedAccessToken,
} from "./functions/sts/getDelegatedAccessToken";
export type { DelegatedAccess } from "./functions/sts/tradeIn";
