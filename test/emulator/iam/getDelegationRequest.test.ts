import { GetDelegationRequestCommand } from "@aws-sdk/client-iam";
import { conforms } from "../conformance";
import { type Credentials, CUSTOMER, failure, PARTNER, roleSession, TEMPLATE_ARN } from "../harness";
import { act, created, DENIED, get, UNKNOWN } from "./delegationRequests";

const call = (DelegationRequestId: string) => ({
  caller: CUSTOMER,
  input: { DelegationRequestId, DelegationPermissionCheck: true },
});

const harness = conforms({
  service: "iam",
  operation: "GetDelegationRequest",
  example: async (running) => {
    const id = await created(running, ["associate"], {
      Permissions: {
        PolicyTemplateArn: TEMPLATE_ARN,
        Parameters: [{ Name: "buckets", Values: ["a", "b"], Type: "stringList" }],
      },
      RequestMessage: "for workspace 7",
      RedirectUrl: "https://partner.example/done",
      OnlySendByOwner: true,
    });
    await act(running, CUSTOMER, "update", id, "please look");
    return call(id);
  },
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    ServiceFailureException: "injected",
  },
});

it("checks permissions on request", async () => {
  const id = await created(harness());
  const check = (who: string | Credentials) =>
    harness()
      .iam(who)
      .send(new GetDelegationRequestCommand({ DelegationRequestId: id, DelegationPermissionCheck: true }));
  expect(await check(CUSTOMER)).toMatchObject({
    PermissionCheckStatus: "COMPLETE",
    PermissionCheckResult: "ALLOWED",
  });
  expect(await check(await roleSession(harness(), CUSTOMER))).toMatchObject({
    PermissionCheckResult: "UNSURE",
  });
});

it("is denied to whom the request is none of their business", async () => {
  const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
  expect(await failure(get(harness(), PARTNER, id))).toMatchObject(DENIED);
});
