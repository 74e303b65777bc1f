import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsConfiguration } from "./configuration";
import { CREDENTIAL_SETTINGS, call, ReadableError } from "./errors";
import { keyOf } from "./settings";

/**
 * Checks the account of the credentials against `allowedAccountIds` and `forbiddenAccountIds`, if the configuration has
 * them.
 *
 * Source: `sts:GetCallerIdentity`, which needs no permission.
 * @throws ReadableError when the account is not allowed, or forbidden
 */
export async function checkAccount(
  configuration: AwsConfiguration,
  sts: () => Promise<STSClient>,
): Promise<void> {
  // An empty list is the same as none, as in the aws provider.
  const [allowed, forbidden] = [
    configuration.allowedAccountIds ?? [],
    configuration.forbiddenAccountIds ?? [],
  ];
  if (allowed.length + forbidden.length === 0) return;
  const key = keyOf(configuration, allowed.length > 0 ? "allowedAccountIds" : "forbiddenAccountIds");
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const client = await sts();
  const { Account = "" } = await call("sts:GetCallerIdentity", key, () =>
    client.send(new GetCallerIdentityCommand({})),
  ).finally(() => client.destroy());
  if (Account === "") throw new ReadableError(key, "sts:GetCallerIdentity returned no account.");
  if (allowed.length > 0 && !allowed.includes(Account))
    throw accountError(key, Account, "which is not in that list");
  if (forbidden.includes(Account))
    throw accountError(keyOf(configuration, "forbiddenAccountIds"), Account, "which is in that list");
}

function accountError(key: string, account: string, why: string): ReadableError {
  return new ReadableError(
    key,
    `the credentials belong to account ${account}, ${why}. Nothing was read or changed. Use credentials of another account (${CREDENTIAL_SETTINGS}), or correct ${key}.`,
  );
}
