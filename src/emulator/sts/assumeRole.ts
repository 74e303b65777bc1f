import { base32, issueSession } from "../caller";
import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, list, string, structure } from "../shapes";
import { flattenCredentials } from "./credentials";

const arn = string({
  min: 20,
  max: 2048,
  pattern:
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]+",
});
const SESSION_NAME = "[\\w+=,.@-]*";
const tagKey = string({ min: 1, max: 128, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+" });
const tagValue = string({ max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" });

const DEFAULT_DURATION_S = 3600;
const MAX_CHAINED_DURATION_S = 3600;

/** Any caller may assume any role of any account: roles and their trust policies are not emulated. */
export const assumeRole = operation(
  {
    name: "AssumeRole",
    input: structure(
      {
        RoleArn: arn,
        RoleSessionName: string({ min: 2, max: 64, pattern: SESSION_NAME }),
        // The maxima of the policies are those of the API reference's text: the model has none.
        PolicyArns: list(structure({ arn }, []), { max: 10 }),
        Policy: string({ min: 1, max: 2048, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" }),
        DurationSeconds: integer({ min: 900, max: 43_200 }),
        Tags: list(structure({ Key: tagKey, Value: tagValue }, ["Key", "Value"]), { max: 50 }),
        TransitiveTagKeys: list(tagKey, { max: 50 }),
        ExternalId: string({ min: 2, max: 1224, pattern: "[\\w+=,.@:\\/-]*" }),
        SerialNumber: string({ min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" }),
        TokenCode: string({ min: 6, max: 6, pattern: "[\\d]*" }),
        SourceIdentity: string({ min: 2, max: 256, pattern: SESSION_NAME }),
        ProvidedContexts: list(
          structure({ ProviderArn: arn, ContextAssertion: string({ min: 4, max: 3072 }) }, []),
          { min: 1, max: 5 },
        ),
        MinimumSessionTokenSize: integer({ min: 0, max: 4096 }),
      },
      ["RoleArn", "RoleSessionName"],
    ),
  },
  (given, { caller, now, cloud }) => {
    const [, account, roleName] =
      /^arn:aws:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]{1,64})$/.exec(given.RoleArn) ?? [];
    if (account === undefined || roleName === undefined) {
      throw new AwsError("ValidationError", 400, `${given.RoleArn} is invalid`);
    }
    const duration = given.DurationSeconds ?? DEFAULT_DURATION_S;
    if (caller.kind !== "root" && duration > MAX_CHAINED_DURATION_S) {
      throw new AwsError(
        "ValidationError",
        400,
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
      );
    }
    if (given.Policy !== undefined && !isJsonObject(given.Policy)) {
      throw new AwsError("MalformedPolicyDocument", 400, "The policy is not in the valid JSON format.");
    }
    const userId = `AROA${base32(17)}:${given.RoleSessionName}`;
    const assumed = `arn:aws:sts::${account}:assumed-role/${roleName}/${given.RoleSessionName}`;
    const session = issueSession(
      { account, arn: assumed, userId, kind: "assumed-role" },
      new Date(now.getTime() + duration * 1_000),
    );
    cloud.sessions.set(session.accessKeyId, session);
    return {
      Credentials: flattenCredentials(session),
      AssumedRoleUser: { AssumedRoleId: userId, Arn: assumed },
      SourceIdentity: given.SourceIdentity,
    };
  },
);

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
