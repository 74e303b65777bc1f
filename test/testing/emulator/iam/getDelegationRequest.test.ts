import { GetDelegationRequestCommand } from "@aws-sdk/client-iam";
import { conforms } from "../conformance";
import { type Credentials, CUSTOMER, failure, PARTNER, roleSession } from "../harness";
import { created, DENIED, get, UNKNOWN } from "./delegationRequests";

const call = (DelegationRequestId: string) => ({
  caller: CUSTOMER,
  input: { DelegationRequestId, DelegationPermissionCheck: true },
});

const harness = conforms({
  service: "iam",
  operation: "GetDelegationRequest",
  example: async (running) => call(await created(running, ["associate", "update"])),
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
