import type { STSClient } from "@aws-sdk/client-sts";
import type { AccountList, AwsConfiguration } from "./configuration";
import { CREDENTIAL_SETTINGS, call, ReadableError } from "./errors";

/**
 * Checks the account of the credentials against `allowedAccountIds` and `forbiddenAccountIds`, if the configuration has
 * them.
 *
 * Source: `sts:GetCallerIdentity`, which needs no permission.
 * @throws ReadableError when the account is not allowed, or forbidden
 */
export async function checkAccount(
  { allowedAccounts, forbiddenAccounts }: AwsConfiguration,
  sts: () => Promise<STSClient>,
): Promise<void> {
  const list = allowedAccounts ?? forbiddenAccounts;
  if (list === undefined) return;
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const client = await sts();
  const { Account = "" } = await call("sts:GetCallerIdentity", list.key, () =>
    client.send(new GetCallerIdentityCommand({})),
  ).finally(() => client.destroy());
  if (Account === "") throw new ReadableError(list.key, "sts:GetCallerIdentity answered without an account.");
  if (allowedAccounts && !allowedAccounts.accountIds.includes(Account)) {
    throw accountError(allowedAccounts, Account, "which is not on that list");
  }
  if (forbiddenAccounts?.accountIds.includes(Account)) {
    throw accountError(forbiddenAccounts, Account, "which is on that list");
  }
}

function accountError({ key }: AccountList, account: string, why: string): ReadableError {
  return new ReadableError(
    key,
    `the credentials are of account ${account}, ${why}. Nothing was read or changed with them. Use those of another account (${CREDENTIAL_SETTINGS}), or correct ${key}.`,
  );
}
