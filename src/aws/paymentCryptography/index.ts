import { isInstalled } from "../installed";

/** The client and the commands that we use. */
export type PaymentCryptographyModule = typeof import("./ownClient");

const OFFICIAL = "@aws-sdk/client-payment-cryptography";

/**
 * Loads `@aws-sdk/client-payment-cryptography` where it is installed and knows of teams, which its older versions do not, and
 * our own client of the same shape otherwise.
 *
 * @param from the `require` to resolve it with; ours by default
 */
export function loadPaymentCryptography(from: NodeJS.Require = require): PaymentCryptographyModule {
  const official: object = isInstalled(OFFICIAL, from) ? from(OFFICIAL) : {};
  return "AssociateMpaTeamCommand" in official
    ? (official as PaymentCryptographyModule)
    : require("./ownClient");
}
