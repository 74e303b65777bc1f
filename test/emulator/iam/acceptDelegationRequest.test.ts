import { conforms } from "../conformance";
import { CUSTOMER, failure, PARTNER, STRANGER } from "../harness";
import { act, call, created, DENIED, get, UNKNOWN } from "./delegationRequests";

const harness = conforms({
  service: "iam",
  operation: "AcceptDelegationRequest",
  example: async (running) => call(await created(running, ["associate"])),
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    ServiceFailureException: "injected",
    ConcurrentModificationException: "injected",
  },
});

it("makes the caller the approver", async () => {
  const id = await created(harness(), ["associate"]);
  for (const who of [STRANGER, PARTNER]) {
    expect(await failure(act(harness(), who, "accept", id))).toMatchObject(DENIED);
  }
  await act(harness(), CUSTOMER, "accept", id);
  expect(await get(harness(), CUSTOMER, id)).toMatchObject({
    State: "ACCEPTED",
    ApproverId: `arn:aws:iam::${CUSTOMER}:root`,
  });
});

it("answers InvalidInput in a state that forbids it, which AWS does not document", async () => {
  const id = await created(harness(), ["associate", "reject"]);
  expect(await failure(act(harness(), CUSTOMER, "accept", id))).toMatchObject({
    code: "InvalidInput",
    status: 400,
  });
});
