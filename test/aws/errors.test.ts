import { attemptsOf, call, hasCode, type OperationError } from "../../src/aws/errors";
import { redact } from "../../src/aws/redaction";

const failing = (error: unknown, remedies = {}) =>
  call("iam:CreateDelegationRequest", "DelegationRequest acme", () => Promise.reject(error), remedies).then(
    () => Promise.reject(new Error("did not fail")),
    (failure: OperationError) => failure,
  );

const awsError = (name: string, message: string, metadata = {}) =>
  Object.assign(new Error(message), { name, $metadata: metadata });

test("one message: operation, resource, what AWS said, what to do", async () => {
  const failure = await failing(awsError("ThrottlingException", "Rate exceeded"));
  expect(failure.message).toBe(
    "iam:CreateDelegationRequest for DelegationRequest acme: Throttling: Rate exceeded. " +
      "AWS throttled the call, and retries did not help. Run again later, with less --parallel, or with a larger aws:maxRetries.",
  );
});

test("what Pulumi's provider process prints of it is the message, once, and no stack trace", async () => {
  const failure = await failing(awsError("AccessDenied", "User x may not do this."));
  expect(`${failure}: ${failure.stack}`).toBe(failure.message);
  expect(failure.message).not.toContain("\n");
});

test.each([
  ["CredentialsProviderError", "Check the credentials"],
  ["InvalidClientTokenId", "Check the credentials"],
  ["ExpiredTokenException", "Check the credentials"],
  ["AccessDeniedException", "needs the permission iam:CreateDelegationRequest"],
  ["ServiceQuotaExceededException", "A quota of the account is exceeded"],
  ["LimitExceededException", "A quota of the account is exceeded"],
])("%s has a remedy", async (name, remedy) => {
  expect((await failing(awsError(name, "no"))).message).toContain(remedy);
});

test("an operation's own remedy wins", async () => {
  const failure = await failing(awsError("AccessDenied", "no"), {
    AccessDenied: "Ask your partner manager.",
  });
  expect(failure.message).toMatch(/AccessDenied: no\. Ask your partner manager\.$/);
});

test("an endpoint that cannot be reached is named, also when every address of it failed", async () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), {
    code: "ECONNREFUSED",
    address: "127.0.0.1",
    port: 1,
  });
  for (const error of [refused, Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" })]) {
    const { message } = await failing(error);
    expect(message).toContain("The endpoint (127.0.0.1:1) cannot be reached");
    expect(message).toContain("AWS_ENDPOINT_URL");
  }
});

test("codes are matched without the suffix that only some services have", async () => {
  const failure = await failing(awsError("NoSuchEntityException", "gone", { attempts: 2 }));
  expect(hasCode(failure, "NoSuchEntity")).toBe(true);
  expect(hasCode(failure, "Conflict")).toBe(false);
  expect(hasCode(new Error("NoSuchEntity"), "NoSuchEntity")).toBe(false);
  expect(attemptsOf(failure)).toBe(2);
});

test.each([
  ["Value 'hush hush' at 'description' failed", "Value '<Description>' at 'description' failed"],
  ["hush hush? hush hush!", "<Description>? <Description>!"],
  ["Values '[Tag(key=k, value=hus…)]' at 'tags' failed", "Values '…' at 'tags' failed"],
  [
    "Value 'it's' at 'team' failed; Value 'no' at 'b' failed",
    "Value '…' at 'team' failed; Value '…' at 'b' failed",
  ],
  ["Duration 77 is less than 770, or 7.77", "Duration <SessionDuration> is less than 770, or 7.77"],
  ["a cat is not an 'a'", "a cat is not an '<Values>'"],
  ["hush", "hush"],
])("what was sent is called by its name: %s", (text, expected) => {
  const sent = [
    ["Description", "hush hush"],
    ["SessionDuration", "77"],
    ["Values", "a"],
    ["RequestMessage", ""],
  ] as const;
  expect(redact(text, sent)).toBe(expected);
});
