import type { FunctionDeclaration, Properties } from "../../declaration/properties";

const inputs = {
  /** The `ExchangeToken` that arrived at the request's `notificationChannel`. A secret. */
  tradeInToken: { type: "string", minLength: 1, secret: true },
} as const satisfies Properties;

/** Temporary credentials for the customer's account. */
export const credentials = {
  /** The access key id. */
  accessKeyId: { type: "string" },
  /** The secret access key. */
  secretAccessKey: { type: "string" },
  /** The session token. */
  sessionToken: { type: "string" },
  /** When the delegated access ends, ISO 8601. It does not change when the token is traded in again. */
  expiration: { type: "string" },
} as const satisfies Properties;

const outputs = {
  /** Temporary credentials for the customer's account. */
  credentials: { type: "object", properties: credentials, secret: true },
  /** The ARN that the credentials act as. */
  assumedPrincipal: { type: "string", optional: true, secret: true },
  /** The size of the session policy, in percent of the limit. AWS no longer returns it. */
  packedPolicySize: {
    type: "integer",
    minimum: 0,
    maximum: 100,
    unit: "percent",
    optional: true,
    secret: true,
  },
} as const satisfies Properties;

/** The declaration of `sts.getDelegatedAccessToken`. */
export const getDelegatedAccessToken = {
  token: "aws-approvals:sts:getDelegatedAccessToken",
  inputs,
  outputs,
} as const satisfies FunctionDeclaration;
