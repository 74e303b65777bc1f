import { conforms } from "../conformance";
import { arnOf, PARTNER } from "../harness";
import { created, freshAccount, get } from "./identitySources";

const harness = conforms({
  service: "mpa",
  operation: "ListIdentitySources",
  example: async (running) => ({ caller: await created(running), input: { MaxResults: 1 } }),
  sharper: {
    NextToken: { why: "no answer ever gave one: an account has one source", code: "ValidationException" },
  },
  errors: {
    ValidationException: () => ({ caller: PARTNER, input: { NextToken: "made-up" } }),
    AccessDeniedException: "injected",
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("lists the account's source on the one page there is", async () => {
  const list = (account: string, more = "") =>
    harness().mpa(account, "POST", `/identity-sources/?List=${more}`);
  expect((await list(freshAccount())).body).toEqual({ IdentitySources: [] });
  const account = await created(harness());
  const { body: source } = await get(harness(), account);
  expect(source["IdentitySourceArn"]).toBe(arnOf(account));
  for (const more of ["", "&MaxResults=1", "&MaxResults=20"]) {
    expect((await list(account, more)).body).toEqual({ IdentitySources: [source] });
  }
});
