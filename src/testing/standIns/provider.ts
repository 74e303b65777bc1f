import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PluginHost, PropertyMap, PropertyValue } from "../../engine";
import { type Credentials, callQuery, xmlElement } from "../emulatorClient";
import type { Cloud } from "./cloud";

/**
 * The cloud that an `aws.Provider` acts in, by its inputs `region`, `accessKey` and `token`, `profile`,
 * `sharedConfigFiles`, `sharedCredentialsFiles` and `allowedAccountIds`; the others change nothing. As the provider's plugin
 * does, it asks STS who it is before anything else.
 * @throws Error when there are no credentials, STS refuses them, or they are of another account than those allowed
 */
export async function cloudOfProvider(cloud: Cloud, config: PropertyMap, host: PluginHost): Promise<Cloud> {
  const region = textOf(config["region"]) ?? cloud.region;
  const credentials = await credentialsOf(config, host);
  if (credentials === undefined) return { ...cloud, region };
  const caller = { ...cloud, region, credentials };
  const identity = { service: "sts", operation: "GetCallerIdentity", version: "2011-06-15" } as const;
  const account = xmlElement(await callQuery(identity, {}, caller), "Account") ?? "";
  const allowed = listOf(config["allowedAccountIds"]);
  if (allowed.length > 0 && !allowed.includes(account))
    throw new Error(`AWS account ID not allowed: ${account}`);
  return { ...caller, account };
}

async function credentialsOf(config: PropertyMap, host: PluginHost): Promise<Credentials | undefined> {
  const [accessKeyId, sessionToken, profile] = [
    textOf(config["accessKey"]),
    textOf(config["token"]),
    textOf(config["profile"]),
  ];
  if (accessKeyId !== undefined) return { accessKeyId, ...(sessionToken && { sessionToken }) };
  if (profile === undefined) return undefined;
  const [configFilepath] = listOf(config["sharedConfigFiles"]);
  const [filepath] = listOf(config["sharedCredentialsFiles"]);
  const init = { profile, ...(configFilepath && { configFilepath }), ...(filepath && { filepath }) };
  return resolveProfile(init, host);
}

/** Run where the plugin would: a profile's `credential_process` depends on the folder and the environment. */
const RESOLVE = `
  const [module, init] = process.argv.slice(1);
  require(module).fromIni(JSON.parse(init))().then(
    ({ accessKeyId, sessionToken }) => process.stdout.write(JSON.stringify({ accessKeyId, sessionToken })),
    (error) => {
      process.stderr.write(error.message);
      process.exitCode = 1;
    },
  );
`;

async function resolveProfile(init: { profile: string }, { cwd, env }: PluginHost): Promise<Credentials> {
  const module = require.resolve("@aws-sdk/credential-provider-ini");
  const args = ["-e", RESOLVE, module, JSON.stringify(init)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`unable to validate AWS credentials of the profile ${init.profile}: ${stderr}`, {
      cause: error,
    });
  }
}

const textOf = (value: PropertyValue | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Pulumi sends what is no text as JSON to a provider. */
function listOf(value: PropertyValue | undefined): string[] {
  const list: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list.map(String) : [];
}
