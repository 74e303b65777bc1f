import { CUSTOMER, failure, type Harness, PARTNER, roleSession, STRANGER, startHarness } from "./harness";
import { act, createAs, created, DENIED, get, type Step } from "./iam/delegationRequests";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const role = (account: string, name = "Admin") =>
  roleSession(harness, account, { RoleArn: `arn:aws:iam::${account}:role/${name}` });

describe("who may read a request", () => {
  it("without owner and owner account: anyone", async () => {
    const id = await created(harness);
    for (const who of [PARTNER, CUSTOMER, STRANGER]) {
      expect(await get(harness, who, id)).toMatchObject({ State: "UNASSIGNED" });
    }
  });

  it("with an owner account: only its identities, not even the partner", async () => {
    const id = await created(harness, [], { OwnerAccountId: CUSTOMER });
    for (const who of [CUSTOMER, await role(CUSTOMER)]) {
      expect(await get(harness, who, id)).toMatchObject({ OwnerAccountId: CUSTOMER });
    }
    expect(await failure(get(harness, PARTNER, id))).toMatchObject(DENIED);
  });

  it("once owned: its owner, and the root user of the owner's account", async () => {
    const id = await created(harness);
    const owner = await role(CUSTOMER);
    await act(harness, owner, "associate", id);
    for (const who of [owner, CUSTOMER]) {
      expect(await get(harness, who, id)).toMatchObject({ State: "ASSIGNED" });
    }
    for (const who of [await role(CUSTOMER, "Reader"), PARTNER]) {
      expect(await failure(get(harness, who, id))).toMatchObject(DENIED);
    }
  });

  it("once owned: also the accounts that it was granted to, who still may not act on it", async () => {
    const id = await created(harness, ["associate"]);
    harness.emulator.store.delegationRequests.get(id)?.readableBy.add(PARTNER);
    expect(await get(harness, PARTNER, id)).toMatchObject({ State: "ASSIGNED", OwnerAccountId: CUSTOMER });
    expect(await failure(act(harness, PARTNER, "accept", id))).toMatchObject(DENIED);
    expect(await failure(get(harness, STRANGER, id))).toMatchObject(DENIED);
  });
});

describe("states", () => {
  it("go from claim to token", async () => {
    const id = await created(harness);
    const passed: [Step, string][] = [
      ["associate", "ASSIGNED"],
      ["update", "PENDING_APPROVAL"],
      ["accept", "ACCEPTED"],
      ["send", "FINALIZED"],
    ];
    for (const [step, State] of passed) {
      await act(harness, CUSTOMER, step, id);
      expect(await get(harness, CUSTOMER, id)).toMatchObject({ State });
    }
  });

  it.each<[string, Step[], Step[]]>([
    ["ASSIGNED", ["associate"], ["associate", "send"]],
    ["PENDING_APPROVAL", ["associate", "update"], ["associate", "send"]],
    ["ACCEPTED", ["associate", "accept"], ["associate", "update", "accept"]],
    ["REJECTED", ["associate", "reject"], ["associate", "update", "accept", "reject", "send"]],
    ["FINALIZED", ["associate", "accept", "send"], ["associate", "update", "accept", "reject", "send"]],
  ])("forbid, when %s, what does not lead on", async (State, steps, forbidden) => {
    const id = await created(harness, steps);
    for (const step of forbidden) {
      expect(await failure(act(harness, CUSTOMER, step, id))).toMatchObject({
        code: "InvalidInput",
        status: 400,
      });
    }
    expect(await get(harness, CUSTOMER, id)).toMatchObject({ State });
  });

  it("let nobody act but the owner and the root user of its account", async () => {
    const id = await created(harness, ["associate"], { OwnerAccountId: CUSTOMER });
    const other = await role(CUSTOMER);
    for (const step of ["update", "accept", "reject", "send"] as const) {
      for (const who of [STRANGER, PARTNER, other]) {
        expect(await failure(act(harness, who, step, id))).toMatchObject(DENIED);
      }
    }
  });

  it("need an owner first", async () => {
    const id = await created(harness);
    for (const step of ["update", "accept", "reject", "send"] as const) {
      expect(await failure(act(harness, CUSTOMER, step, id))).toMatchObject(DENIED);
    }
  });
});

describe("expiry", () => {
  it.each<[string, string, Step[]]>([
    ["UNASSIGNED", "1d", []],
    ["ASSIGNED", "7d", ["associate"]],
    ["PENDING_APPROVAL", "7d", ["associate", "update"]],
    ["ACCEPTED", "7d", ["associate", "accept"]],
    ["REJECTED", "7d", ["associate", "reject"]],
    ["FINALIZED", "7d", ["associate", "accept", "send"]],
  ])("ends %s after %s, counted from the state's start", async (State, lifetime, steps) => {
    const { clock } = harness;
    const { DelegationRequestId: id = "" } = await createAs(harness, PARTNER);
    if (steps.length > 0) clock.advance("23h");
    for (const step of steps) await act(harness, CUSTOMER, step, id);
    const { ExpirationTime } = await get(harness, CUSTOMER, id);
    clock.advance(lifetime);
    expect(clock.now()).toEqual(ExpirationTime);
    clock.set(new Date(clock.now().getTime() - 1));
    expect(await get(harness, CUSTOMER, id)).toMatchObject({ State });
    clock.advance(1);
    expect(await get(harness, CUSTOMER, id)).toMatchObject({ State: "EXPIRED", ExpirationTime });
    expect(await failure(act(harness, CUSTOMER, "reject", id))).toMatchObject(
      steps.length > 0 ? { code: "InvalidInput", status: 400 } : DENIED,
    );
  });

  it("deletes an expired request a day later", async () => {
    const id = await created(harness);
    harness.clock.advance("47h");
    expect(await get(harness, CUSTOMER, id)).toMatchObject({ State: "EXPIRED" });
    harness.clock.advance("1h");
    expect(await failure(get(harness, CUSTOMER, id))).toMatchObject({ code: "NoSuchEntity", status: 404 });
    expect(harness.emulator.store.delegationRequests.has(id)).toBe(false);
  });
});
