import { conforms } from "../conformance";
import { arnOf, PARTNER, tagsPath } from "../harness";
import { ARN, created, freshAccount } from "./identitySources";

const call = (caller: string, of = caller) => ({ caller, input: { ResourceArn: arnOf(of) } });

const harness = conforms({
  service: "mpa",
  operation: "ListTagsForResource",
  example: async (running) => call(await created(running, { Tags: { stage: "dev" } })),
  sharper: { ResourceArn: ARN },
  errors: {
    ValidationException: () => ({ caller: PARTNER, input: { ResourceArn: "not-an-arn" } }),
    ResourceNotFoundException: () => call(freshAccount()),
    AccessDeniedException: async (running) => call(PARTNER, await created(running)),
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("lists the tags, or none", async () => {
  const { mpa } = harness();
  const [tagged, bare] = [await created(harness(), { Tags: { stage: "dev" } }), await created(harness())];
  expect((await mpa(tagged, "GET", tagsPath(tagged))).body).toEqual({ Tags: { stage: "dev" } });
  expect((await mpa(bare, "GET", tagsPath(bare))).body).toEqual({ Tags: {} });
});
