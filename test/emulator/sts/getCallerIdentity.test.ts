import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import {
  ADMINISTRATOR,
  ADMINISTRATOR_ARN,
  type Credentials,
  CUSTOMER,
  PARTNER,
  roleSession,
  useHarness,
} from "../harness";

const harness = useHarness();

const identity = async (who: string | Credentials) => {
  const { Account, Arn, UserId } = await harness().sts(who).send(new GetCallerIdentityCommand());
  return { Account, Arn, UserId };
};

it("is the root user of the account that the access key id is", async () => {
  expect(await identity(PARTNER)).toEqual({
    Account: PARTNER,
    Arn: `arn:aws:iam::${PARTNER}:root`,
    UserId: PARTNER,
  });
});

it("is the role Administrator of the account that comes before it in the access key id", async () => {
  expect(await identity(ADMINISTRATOR)).toEqual({
    Account: CUSTOMER,
    Arn: ADMINISTRATOR_ARN,
    UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:console$/),
  });
});

it.each(["test", "AKIAIOSFODNN7EXAMPLE", "12345678901", "1234567890123", "Administrator"])(
  "is of the account 000000000000 for %s",
  async (key) => {
    expect(await identity(key)).toMatchObject({ Account: "000000000000" });
  },
);

it("is the role's session for its credentials", async () => {
  expect(await identity(await roleSession(harness(), CUSTOMER))).toEqual({
    Account: CUSTOMER,
    Arn: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`,
    UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:alice$/),
  });
});
