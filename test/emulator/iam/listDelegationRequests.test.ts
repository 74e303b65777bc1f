import {
  AssociateDelegationRequestCommand,
  ListDelegationRequestsCommand,
  type ListDelegationRequestsCommandInput,
} from "@aws-sdk/client-iam";
import { conforms } from "../conformance";
import {
  type Credentials,
  CUSTOMER,
  failure,
  type Harness,
  PARTNER,
  roleSession,
  STRANGER,
} from "../harness";
import { act, created, UNKNOWN } from "./delegationRequests";

/** The customer's requests, made once: these tests only read. */
let made: Promise<string[]> | undefined;
const three = (running: Harness): Promise<string[]> => {
  const owned = async () => [
    await created(running, ["associate"]),
    await created(running, ["associate"]),
    await created(running, ["associate"]),
  ];
  made ??= owned();
  return made;
};
const ROOT = `arn:aws:iam::${CUSTOMER}:root`;

const harness = conforms({
  service: "iam",
  operation: "ListDelegationRequests",
  example: async (running) => {
    const [Marker = ""] = await three(running);
    return { caller: CUSTOMER, input: { OwnerId: ROOT, Marker, MaxItems: 1 } };
  },
  sharper: {
    Marker: { why: "a marker is what an answer gave", code: "InvalidInput" },
    OwnerId: { why: "the example's marker is of its own owner's list", code: "InvalidInput" },
  },
  errors: {
    InvalidInputException: () => ({ caller: CUSTOMER, input: { Marker: UNKNOWN } }),
    // What AWS does not find is not documented: to the emulator, an owner without requests has an empty list.
    NoSuchEntityException: "injected",
    ServiceFailureException: "injected",
  },
});

const list = async (who: string | Credentials, input: ListDelegationRequestsCommandInput = {}) => {
  const call = new ListDelegationRequestsCommand(input);
  const { DelegationRequests, isTruncated, Marker } = await harness().iam(who).send(call);
  return { ids: DelegationRequests?.map((request) => request.DelegationRequestId), isTruncated, Marker };
};

it("is the owner's view: whoever asks, and no requests without an owner", async () => {
  const ids = await three(harness());
  await created(harness(), [], { OwnerAccountId: CUSTOMER });
  expect(await list(CUSTOMER)).toEqual({ ids, isTruncated: false, Marker: undefined });
  expect(await list(PARTNER)).toEqual({ ids: [], isTruncated: false, Marker: undefined });
});

it.each([1, 2, 3])("goes page by page, %d to a page, and misses none", async (MaxItems) => {
  const ids = await three(harness());
  const pages: unknown[] = [];
  let Marker: string | undefined;
  do {
    const page = await list(CUSTOMER, { MaxItems, Marker });
    expect(page.ids?.length).toBeLessThanOrEqual(MaxItems);
    expect(page.isTruncated).toBe(page.Marker !== undefined);
    pages.push(...(page.ids ?? []));
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(pages).toEqual(ids);
});

it("takes a marker from whom it was given to", async () => {
  await three(harness());
  const { Marker } = await list(CUSTOMER, { MaxItems: 1 });
  expect(await failure(list(PARTNER, { Marker }))).toMatchObject({ code: "InvalidInput", status: 400 });
});

it("filters by owner", async () => {
  const owner = await roleSession(harness(), STRANGER);
  const [mine, theirs] = [await created(harness()), await created(harness())];
  await act(harness(), owner, "associate", mine);
  await act(harness(), STRANGER, "associate", theirs);
  const OwnerId = `arn:aws:sts::${STRANGER}:assumed-role/Admin/alice`;
  expect((await list(STRANGER, { OwnerId })).ids).toEqual([mine]);
  expect((await list(STRANGER)).ids).toEqual([mine, theirs]);
  expect((await list(owner)).ids).toEqual([mine]);
});

it("has 100 on a page unless told otherwise", async () => {
  const { iam } = harness();
  const ids = await Promise.all(Array.from({ length: 101 }, () => created(harness())));
  const owner = "888899990000";
  for (const DelegationRequestId of ids)
    await iam(owner).send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  const page = await list(owner);
  expect(page.ids).toHaveLength(100);
  expect((await list(owner, { Marker: page.Marker })).ids).toHaveLength(1);
});
