import { CreateTopicCommand } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { CUSTOMER, failure, type Harness, roleSession, signed, startHarness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

it("temporary credentials expire on the clock, for every service", async () => {
  const issued = await roleSession(harness, CUSTOMER, { DurationSeconds: 900 });
  const { sts, sns, emulator, clock } = harness;
  clock.advance("899s");
  expect(await sts(issued).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: CUSTOMER });
  clock.advance("1s");
  expect(await failure(sts(issued).send(new GetCallerIdentityCommand({})))).toMatchObject({
    code: "ExpiredToken",
    status: 403,
  });
  expect(await failure(sns(issued).send(new CreateTopicCommand({ Name: "t" })))).toMatchObject({
    status: 403,
  });
  const mpa = await fetch(`${emulator.endpoint}/identity-sources/?List=`, {
    method: "POST",
    headers: { ...signed("mpa", issued), "x-amz-security-token": issued.sessionToken ?? "" },
  });
  expect(mpa.status).toBe(403);
  expect(mpa.headers.get("x-amzn-errortype")).toBe("ExpiredTokenException");
});
