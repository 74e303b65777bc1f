import { awsJsonService } from "../service";
import { associateMpaTeam } from "./associateMpaTeam";
import { disassociateMpaTeam } from "./disassociateMpaTeam";
import { getMpaTeamAssociation } from "./getMpaTeamAssociation";

/** The control plane of AWS Payment Cryptography, API version 2021-09-14: the teams that decide about its operations. */
export const paymentCryptography = awsJsonService({
  name: "payment-cryptography",
  targetPrefix: "PaymentCryptographyControlPlane",
  version: "1.0",
  operations: [associateMpaTeam, disassociateMpaTeam, getMpaTeamAssociation],
});
