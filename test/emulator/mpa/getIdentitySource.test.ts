import { conforms } from "../conformance";
import { arnOf, INSTANCE_ARN, PARTNER, START } from "../harness";
import { ARN, created, freshAccount, get } from "./identitySources";

const call = (caller: string, of = caller) => ({ caller, input: { IdentitySourceArn: arnOf(of) } });

const harness = conforms({
  service: "mpa",
  operation: "GetIdentitySource",
  example: async (running) => call(await created(running)),
  sharper: { IdentitySourceArn: ARN },
  errors: {
    ValidationException: () => ({ caller: PARTNER, input: { IdentitySourceArn: "not-an-arn" } }),
    ResourceNotFoundException: () => call(freshAccount()),
    AccessDeniedException: async (running) => call(PARTNER, await created(running)),
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("tells all of a source", async () => {
  harness().clock.set(START);
  const account = await created(harness());
  harness().clock.advance("1s");
  expect((await get(harness(), account)).body).toEqual({
    IdentitySourceType: "IAM_IDENTITY_CENTER",
    IdentitySourceParameters: {
      IamIdentityCenter: {
        InstanceArn: INSTANCE_ARN,
        Region: "eu-central-1",
        ApprovalPortalUrl: `${harness().emulator.endpoint}/mpa/home/approval-portal/${account}`,
      },
    },
    IdentitySourceArn: arnOf(account),
    CreationTime: START.toISOString(),
    Status: "ACTIVE",
  });
});
