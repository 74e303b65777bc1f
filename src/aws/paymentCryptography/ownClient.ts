// The part of `@aws-sdk/client-payment-cryptography` that we need, with the same names.

import { epochSeconds, oneOf, sensitiveString, string, structure } from "../smithy/shape";
import { command } from "./client";

export { PaymentCryptographyClient, PaymentCryptographyServiceException } from "./client";

const action = oneOf("IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE");

const association = structure(
  {},
  {
    Action: action,
    MpaTeamArn: string,
    AssociationState: oneOf("ACTIVE", "UPDATE_PENDING", "DELETE_PENDING"),
    MpaStatus: structure(
      {},
      {
        MpaSessionArn: string,
        Status: oneOf("PENDING", "APPROVED", "FAILED", "CANCELLED"),
        InitiationDate: epochSeconds,
        StatusMessage: string,
      },
    ),
  },
);
const output = structure({}, { MpaTeamAssociation: association });

/** The first team is associated at once; about another one in its place, the present team votes. */
export class AssociateMpaTeamCommand extends command(
  "AssociateMpaTeam",
  ["POST", "/"],
  structure({ Action: action, MpaTeamArn: string }, { RequesterComment: sensitiveString }),
  output,
) {}

/** Asks the present team whether there is to be none. */
export class DisassociateMpaTeamCommand extends command(
  "DisassociateMpaTeam",
  ["POST", "/"],
  structure({ Action: action }, { RequesterComment: sensitiveString }),
  output,
) {}

export class GetMpaTeamAssociationCommand extends command(
  "GetMpaTeamAssociation",
  ["POST", "/"],
  structure({ Action: action }),
  output,
) {}
