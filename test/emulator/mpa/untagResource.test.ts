import { conforms } from "../conformance";
import { arnOf, PARTNER, tagsPath } from "../harness";
import { ARN, created, freshAccount } from "./identitySources";

const call = (caller: string, of = caller) => ({
  caller,
  input: { ResourceArn: arnOf(of), TagKeys: ["stage"] },
});

const harness = conforms({
  service: "mpa",
  operation: "UntagResource",
  example: async (running) => call(await created(running, { Tags: { stage: "dev" } })),
  sharper: { ResourceArn: ARN },
  errors: {
    ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn", TagKeys: [] } }),
    ResourceNotFoundException: () => call(freshAccount()),
    AccessDeniedException: async (running) => call(PARTNER, await created(running)),
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("removes the tags that there are", async () => {
  const account = await created(harness(), { Tags: { stage: "dev", team: "a" } });
  const { mpa } = harness();
  const untagged = await mpa(account, "POST", tagsPath(account), { TagKeys: ["team", "__proto__", "none"] });
  expect(untagged.body).toEqual({});
  expect((await mpa(account, "GET", tagsPath(account))).body).toEqual({ Tags: { stage: "dev" } });
});
