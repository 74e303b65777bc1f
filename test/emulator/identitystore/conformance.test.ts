import { identityStore } from "../../../src/emulator/identitystore/service";
import { describeConformance } from "../conformance";
import { type Harness, PARTNER } from "../harness";

const STORE = "d-1234567890";
const alice = {
  identityStoreId: STORE,
  userId: "1234567890-11111111-2222-3333-4444-555555555555",
  userName: "alice",
  email: "alice@example.com",
};
const UNION = { why: "a union has one member", code: "ValidationException" };

const asking = (UniqueAttribute: Record<string, string>, IdentityStoreId = STORE) => ({
  caller: PARTNER,
  input: { IdentityStoreId, AlternateIdentifier: { UniqueAttribute } },
});
const withAlice = ({ emulator }: Harness) => {
  if (!emulator.users.includes(alice)) emulator.users.push(alice);
};

describeConformance(identityStore, {
  GetUserId: {
    example: (running) => {
      withAlice(running);
      return asking({ AttributePath: "userName", AttributeValue: "alice" });
    },
    restrictions: {
      IdentityStoreId: { why: "the store has no such user", code: "ResourceNotFoundException" },
      "AlternateIdentifier.ExternalId": { ...UNION, absent: true },
      "AlternateIdentifier.UniqueAttribute": { ...UNION, required: true },
      "AlternateIdentifier.UniqueAttribute.AttributePath": {
        why: "users are found by the attributes of the guide only",
        code: "ValidationException",
      },
    },
    errors: {
      ResourceNotFoundException: () => asking({ AttributePath: "userName", AttributeValue: "mallory" }),
      ValidationException: () => asking({ AttributePath: "title", AttributeValue: "boss" }),
      AccessDeniedException: "injected",
      ThrottlingException: "injected",
      InternalServerException: "injected",
    },
  },
});
