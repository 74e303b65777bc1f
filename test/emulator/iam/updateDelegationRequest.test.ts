import { conforms } from "../conformance";
import { CUSTOMER, failure, PARTNER, STRANGER } from "../harness";
import { act, created, DENIED, get, UNKNOWN } from "./delegationRequests";

const call = (DelegationRequestId: string) => ({
  caller: CUSTOMER,
  input: { DelegationRequestId, Notes: "please look" },
});

const harness = conforms({
  service: "iam",
  operation: "UpdateDelegationRequest",
  example: async (running) => call(await created(running, ["associate"])),
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    InvalidInputException: async (running) => call(await created(running, ["associate", "accept"])),
    ServiceFailureException: "injected",
    ConcurrentModificationException: "injected",
  },
});

it("forwards the request with a note, which the next one replaces", async () => {
  const id = await created(harness(), ["associate"]);
  for (const Notes of ["please look", "once more"]) {
    harness().clock.advance("1h");
    await act(harness(), CUSTOMER, "update", id, Notes);
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({
      State: "PENDING_APPROVAL",
      Notes,
      UpdatedTime: harness().clock.now(),
    });
  }
});

it("is the owner's", async () => {
  const id = await created(harness(), ["associate"]);
  for (const who of [STRANGER, PARTNER]) {
    expect(await failure(act(harness(), who, "update", id))).toMatchObject(DENIED);
  }
});
