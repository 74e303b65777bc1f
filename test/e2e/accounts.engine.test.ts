// What only the real engine has: refresh and destroy that run the program.

import { mpa } from "pulumi-aws-approvals";
import { AwsFixture } from "./awsFixture";
import { pulumi } from "./engines";

const OLD_KEYS = "111111111111";
const NEW_KEYS = "444444444444";

test("--run-program makes refresh and destroy use the present configuration, and its allowedAccountIds", async () => {
  const fixture = await AwsFixture.open();
  const keysOf = (account: string) => ({
    "aws:region": "us-east-1",
    "aws:accessKey": account,
    "aws:secretKey": { value: "x", secret: true as const },
    "aws:allowedAccountIds": JSON.stringify([OLD_KEYS]),
  });
  const iamIdentityCenter = {
    instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    region: "us-east-1",
  };
  const program = () => void new mpa.IdentitySource("people", { iamIdentityCenter });
  const stack = await pulumi.open({ program, env: fixture.env, config: keysOf(OLD_KEYS) });
  try {
    expect((await stack.run("up")).errors).toEqual([]);
    await stack.configure(keysOf(NEW_KEYS));
    for (const operation of ["refresh", "destroy"] as const) {
      const { errors } = await stack.run(operation, { runProgram: true });
      expect(errors.join("\n")).toContain(
        `aws:allowedAccountIds: the credentials belong to account ${NEW_KEYS}`,
      );
    }
    expect(fixture.emulator.store.identitySources.size).toBe(1);

    await stack.configure({ ...keysOf(NEW_KEYS), "aws:allowedAccountIds": JSON.stringify([NEW_KEYS]) });
    // It is found by the old keys only, and is not taken for gone.
    const { errors } = await stack.run("refresh", { runProgram: true });
    expect(errors.join("\n")).toContain("AccessDenied");
    await stack.configure(keysOf(OLD_KEYS));
    expect(await stack.run("destroy", { runProgram: true })).toMatchObject({
      errors: [],
      changes: ["delete people"],
    });
    expect(fixture.emulator.store.identitySources.size).toBe(0);
  } finally {
    await stack.close();
    await fixture.close();
  }
});
