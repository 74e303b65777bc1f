import { AwsError } from "../errors";
import { operation } from "../operation";
import { document, string, structure, type ValueOf } from "../shapes";
import type { User } from "./user";

const text = { min: 1, max: 256, pattern: "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", sensitive: true } as const;
const alternateIdentifier = structure(
  {
    ExternalId: structure({ Issuer: string(text), Id: string(text) }, ["Issuer", "Id"]),
    UniqueAttribute: structure(
      {
        AttributePath: string({
          min: 1,
          max: 255,
          pattern: "(?:\\p{L}+:\\p{L}+:\\p{L}+(?:\\.\\p{L}+){0,3}|\\p{L}+(?:\\.\\p{L}+){0,2})",
        }),
        AttributeValue: document,
      },
      ["AttributePath", "AttributeValue"],
    ),
  },
  [],
);

/** Finds a user by a user name or an e-mail address. The emulated users have no external ids. */
export const getUserId = operation(
  {
    name: "GetUserId",
    input: structure(
      {
        IdentityStoreId: string({
          min: 1,
          max: 93,
          pattern:
            "(arn:aws[a-z-]*:identitystore::\\d{12}:identitystore/)?(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        }),
        AlternateIdentifier: alternateIdentifier,
      },
      ["IdentityStoreId", "AlternateIdentifier"],
    ),
  },
  ({ IdentityStoreId, AlternateIdentifier }, { cloud }) => {
    const isAskedFor = matcherOf(AlternateIdentifier);
    const store = IdentityStoreId.replace(/^.*\//, "");
    const user = cloud.settings.users.find((one) => one.identityStoreId === store && isAskedFor(one));
    if (user === undefined) throw new AwsError("ResourceNotFoundException", 400, "USER not found.");
    const { userId: UserId } = user;
    return { IdentityStoreId, UserId, UserArn: `arn:aws:identitystore:::user/${UserId}` };
  },
);

function matcherOf(given: ValueOf<typeof alternateIdentifier>): (user: User) => boolean {
  const { ExternalId, UniqueAttribute } = given;
  if ((ExternalId === undefined) === (UniqueAttribute === undefined))
    throw invalid("AlternateIdentifier must have exactly one member set");
  if (UniqueAttribute === undefined) return () => false;
  const { AttributePath, AttributeValue } = UniqueAttribute;
  if (AttributePath === "userName") return ({ userName }) => userName === AttributeValue;
  if (AttributePath === "emails.value") return ({ email }) => email === AttributeValue;
  throw invalid("AttributePath must be userName or emails.value");
}

const invalid = (message: string) => new AwsError("ValidationException", 400, message);
