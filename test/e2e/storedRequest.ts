import type { StoredResource } from "../../src/engine";
import { AwsFixture, PARTNER, SECRET_KEY } from "./awsFixture";
import type { Engine, StackSettings } from "./engines";
import { integrityErrors } from "./integrity";

export const fiveParameters = {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets, to set up backups",
  requestMessage: "Workspace acme, ticket 4711",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: ["bucketPrefix", "kmsKeyAlias", "vaultName", "scheduleName", "regions"].map((name) => ({
      ...{ name, type: "string" as const },
      values: ["acme-"],
    })),
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};

/** The delegation request that the state has after an up. Fails when the state contains one of the paths. */
export async function storedRequest(
  engine: Engine,
  settings: Omit<StackSettings, "env">,
  paths: string[] = [],
): Promise<StoredResource> {
  const fixture = await AwsFixture.open();
  const stack = await engine.open({ ...settings, env: fixture.env });
  try {
    expect((await stack.run("up")).errors).toEqual([]);
    const state = await stack.state();
    expect(integrityErrors(state, [...paths, SECRET_KEY])).toEqual([]);
    const found = state.resources?.find(({ type }) => type.endsWith(":DelegationRequest"));
    if (found === undefined) throw new Error("the request is not in the state");
    return found;
  } finally {
    await stack.close();
    await fixture.close();
  }
}
