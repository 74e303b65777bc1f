import { conforms } from "../conformance";
import { CUSTOMER, failure, roleSession } from "../harness";
import { act, call, created, DENIED, get, UNKNOWN } from "./delegationRequests";

const harness = conforms({
  service: "iam",
  operation: "SendDelegationToken",
  example: async (running) => call(await created(running, ["associate", "accept"])),
  sharper: { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } },
  errors: {
    NoSuchEntityException: () => call(UNKNOWN),
    InvalidInputException: async (running) => call(await created(running, ["associate"])),
    ServiceFailureException: "injected",
    ConcurrentModificationException: "injected",
  },
});

it("finalizes the request", async () => {
  const id = await created(harness(), ["associate", "accept"]);
  await act(harness(), CUSTOMER, "send", id);
  expect(await get(harness(), CUSTOMER, id)).toMatchObject({ State: "FINALIZED" });
});

it("is for the owner alone where the partner asked for it", async () => {
  const id = await created(harness(), [], { OnlySendByOwner: true });
  const owner = await roleSession(harness(), CUSTOMER);
  await act(harness(), owner, "associate", id);
  await act(harness(), CUSTOMER, "accept", id);
  expect(await failure(act(harness(), CUSTOMER, "send", id))).toMatchObject(DENIED);
  await act(harness(), owner, "send", id);
  expect(await get(harness(), owner, id)).toMatchObject({ State: "FINALIZED", OnlySendByOwner: true });
});
