import { conforms } from "../conformance";
import { CUSTOMER, failure, roleSession, STRANGER } from "../harness";
import { act, call, created, DENIED, get, UNKNOWN } from "./delegationRequests";

const harness = conforms({
  service: "iam",
  operation: "AssociateDelegationRequest",
  example: async (running) => call(await created(running)),
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    InvalidInputException: async (running) => call(await created(running, ["associate"])),
    ServiceFailureException: "injected",
    ConcurrentModificationException: "injected",
  },
});

it("makes the caller the owner, and its account the owner account", async () => {
  const id = await created(harness());
  const owner = await roleSession(harness(), CUSTOMER);
  await act(harness(), owner, "associate", id);
  expect(await get(harness(), owner, id)).toMatchObject({
    State: "ASSIGNED",
    OwnerAccountId: CUSTOMER,
    OwnerId: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`,
  });
});

it("is for the owner account alone where the request names one", async () => {
  const id = await created(harness(), [], { OwnerAccountId: CUSTOMER });
  expect(await failure(act(harness(), STRANGER, "associate", id))).toMatchObject(DENIED);
  await act(harness(), CUSTOMER, "associate", id);
});
