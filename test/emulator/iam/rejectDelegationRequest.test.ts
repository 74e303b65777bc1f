import { conforms } from "../conformance";
import { CUSTOMER, failure, PARTNER, STRANGER } from "../harness";
import { act, created, DENIED, get, type Step, UNKNOWN } from "./delegationRequests";

const call = (DelegationRequestId: string) => ({
  caller: CUSTOMER,
  input: { DelegationRequestId, Notes: "not now" },
});

const harness = conforms({
  service: "iam",
  operation: "RejectDelegationRequest",
  example: async (running) => call(await created(running, ["associate"])),
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    InvalidInputException: async (running) => call(await created(running, ["associate", "reject"])),
    ServiceFailureException: "injected",
    ConcurrentModificationException: "injected",
  },
});

it.each<Step[]>([["associate"], ["associate", "update"], ["associate", "accept"]])(
  "keeps the reason, after %s",
  async (...steps) => {
    const id = await created(harness(), steps);
    await act(harness(), CUSTOMER, "reject", id, "not now");
    expect(await get(harness(), CUSTOMER, id)).toMatchObject({
      State: "REJECTED",
      RejectionReason: "not now",
    });
  },
);

it("is the owner's", async () => {
  const id = await created(harness(), ["associate"]);
  for (const who of [STRANGER, PARTNER]) {
    expect(await failure(act(harness(), who, "reject", id))).toMatchObject(DENIED);
  }
});
