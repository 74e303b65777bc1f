import { sts } from "../../../src/emulator/sts/service";
import { describeConformance } from "../conformance";
import { CUSTOMER, PARTNER } from "../harness";
import { sentToken } from "../iam/notificationChannel";

const ROLE = `arn:aws:iam::${CUSTOMER}:role/`;
const assumption = {
  RoleArn: `${ROLE}path/Admin`,
  RoleSessionName: "alice",
  PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
  Policy: '{"Version":"2012-10-17","Statement":[]}',
  DurationSeconds: 3600,
  Tags: [{ Key: "team", Value: "a" }],
  TransitiveTagKeys: ["team"],
  ExternalId: "external",
  SerialNumber: `arn:aws:iam::${PARTNER}:mfa/alice`,
  TokenCode: "123456",
  SourceIdentity: "bob",
  ProvidedContexts: [
    { ProviderArn: "arn:aws:iam::aws:contextProvider/IdentityCenter", ContextAssertion: "token" },
  ],
  MinimumSessionTokenSize: 0,
};
const tradeIn = (TradeInToken: string) => ({ caller: PARTNER, input: { TradeInToken } });

describeConformance(sts, {
  GetCallerIdentity: { example: () => ({ caller: PARTNER, input: {} }), errors: {} },
  AssumeRole: {
    example: () => ({ caller: PARTNER, input: assumption }),
    restrictions: {
      RoleArn: {
        why: "the role's account and name are read from it",
        code: "ValidationError",
        valid: (length) => {
          const path = length - ROLE.length - "/R".length;
          return path < 1 ? undefined : `${ROLE}${"p".repeat(path)}/R`;
        },
      },
      Policy: {
        why: "it must be a JSON object",
        code: "MalformedPolicyDocument",
        valid: (length) => (length < 2 ? undefined : `{${" ".repeat(length - 2)}}`),
      },
    },
    errors: {
      MalformedPolicyDocumentException: () => ({ caller: PARTNER, input: { ...assumption, Policy: "[]" } }),
      PackedPolicyTooLargeException: "injected",
      RegionDisabledException: "injected",
      ExpiredTokenException: "injected",
      InvalidContextAssertionException: "injected",
    },
  },
  GetDelegatedAccessToken: {
    example: async (running) => tradeIn(await sentToken(running)),
    restrictions: {
      TradeInToken: { why: "only a token that was sent can be traded in", code: "ValidationError" },
    },
    errors: {
      ExpiredTradeInTokenException: async (running) => {
        const token = await sentToken(running);
        running.clock.advance("1h");
        return tradeIn(token);
      },
      PackedPolicyTooLargeException: async (running) => tradeIn(await sentToken(running, ["v".repeat(2048)])),
      RegionDisabledException: "injected",
    },
  },
});
