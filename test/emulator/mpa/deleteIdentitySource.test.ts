import { conforms } from "../conformance";
import { arnOf, PARTNER } from "../harness";
import { ARN, created, expectError, get, remove, use } from "./identitySources";

const call = (caller: string, of = caller) => ({ caller, input: { IdentitySourceArn: arnOf(of) } });

const harness = conforms({
  service: "mpa",
  operation: "DeleteIdentitySource",
  example: async (running) => call(await created(running)),
  sharper: { IdentitySourceArn: ARN },
  errors: {
    ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
    AccessDeniedException: async (running) => call(PARTNER, await created(running)),
    ConflictException: async (running) => {
      const account = await created(running);
      use(running, account);
      return call(account);
    },
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("deletes on the clock, and twice is fine", async () => {
  const account = await created(harness());
  expect((await remove(harness(), account)).status).toBe(200);
  expect((await get(harness(), account)).body).toMatchObject({ Status: "DELETING" });
  expect((await remove(harness(), account)).status).toBe(200);
  harness().clock.advance("1s");
  expectError(await get(harness(), account), 404, "ResourceNotFoundException");
  expect((await remove(harness(), account)).status).toBe(200);
});

it("can fail", async () => {
  const account = await created(harness());
  const outcome = { statusCode: "DELETION_FAILED", statusMessage: "in the way" } as const;
  harness().emulator.identitySourceDeletion = { delayMs: 0, outcome };
  await remove(harness(), account);
  harness().emulator.identitySourceDeletion = {};
  expect((await get(harness(), account)).body).toMatchObject({
    Status: "ERROR",
    StatusCode: "DELETION_FAILED",
  });
});

it("leaves a source as it is that a team uses", async () => {
  const account = await created(harness());
  harness().clock.advance("1s");
  use(harness(), account);
  await remove(harness(), account);
  expect((await get(harness(), account)).body).toMatchObject({ Status: "ACTIVE" });
});
