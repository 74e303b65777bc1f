export {
  type GetDelegatedAccessTokenArgs,
  getDelegatedAccessToken,
} from "./functions/sts/getDelegatedAccessToken";
export type { DelegatedAccess } from "./functions/sts/tradeIn";
