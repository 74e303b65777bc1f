import { homedir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import type { AwsConfiguration } from "./configuration";
import { ReadableError } from "./errors";
import { keyOf, type Setting, type SettingName, settings } from "./settings";

/** The services that are called, as the keys of `endpoints` name them. */
export const SERVICES = [
  "iam",
  "sts",
  "mpa",
  "sqs",
  "dynamodb",
  "identitystore",
  "backup",
  "paymentcryptography",
] as const;
export type Service = (typeof SERVICES)[number];

/** How variables and the shared config file name a service, where that differs. */
const SDK_NAMES: Partial<Record<Service, string>> = { paymentcryptography: "payment_cryptography" };

/** The region of AWS's global services, used when nothing names a region. */
export const DEFAULT_REGION = "us-east-1";

/** The settings that apply: those of the configuration, then of the environment, then of the profile. */
export interface AwsSettings extends Omit<AwsConfiguration, "endpoints" | "maxRetries"> {
  region: string;
  endpoints: Partial<Record<Service, string>>;
  maxAttempts?: number;
  /** Where the profile is, as the AWS SDK's credential providers take it. */
  profileSource: { profile: string; configFilepath?: string; filepath?: string };
  /** The configuration names the profile, so it comes before the credentials of the environment. */
  profileIsConfigured: boolean;
}

/** A text, and how its source is called. */
interface Sourced {
  source: string;
  text: string;
}

/**
 * Completes the configuration from environment and profile. The AWS SDK does that only for what `AWS_PROFILE` names and for
 * the default files, and does not know `AWS_DEFAULT_REGION`; the order here is that of the AWS CLI and the `aws` provider.
 * An empty variable says nothing.
 *
 * @throws ReadableError when the profile or its services section is missing, or a value is malformed
 */
export async function withEnvironment(configuration: AwsConfiguration): Promise<AwsSettings> {
  const { env } = process;
  const profileSource = {
    profile: configuration.profile || fromEnvironment("profile")?.text || "default",
    configFilepath: configuration.sharedConfigFiles?.[0],
    filepath: configuration.sharedCredentialsFiles?.[0],
  };
  const { configFile, credentialsFile } = await loadSharedConfigFiles(profileSource);
  const { profile: name } = profileSource;
  if (!configFile[name] && !credentialsFile[name] && name !== "default") throw missingProfile(configuration);
  const profile: Values = { ...configFile[name], ...credentialsFile[name] };
  const find = (setting: SettingName, key: string): Sourced | undefined =>
    fromEnvironment(setting) ?? sourced([key], profile, "the profile's ");

  const { maxRetries, ...rest } = configuration;
  return {
    ...rest,
    profileSource,
    profileIsConfigured: Boolean(configuration.profile),
    region: configuration.region || find("region", "region")?.text || DEFAULT_REGION,
    endpoints: endpointsOf(configuration, env, profile, configFile),
    useFipsEndpoint: configuration.useFipsEndpoint ?? flag(find("useFipsEndpoint", "use_fips_endpoint")),
    useDualstackEndpoint:
      configuration.useDualstackEndpoint ?? flag(find("useDualstackEndpoint", "use_dualstack_endpoint")),
    // As in the aws provider, the first try counts.
    maxAttempts:
      maxRetries === undefined ? count(find("maxRetries", "max_attempts")) : Math.max(1, maxRetries),
    retryMode: configuration.retryMode ?? retryMode(find("retryMode", "retry_mode")),
    ...certificates(configuration, find("customCaBundle", "ca_bundle")),
  };
}

/** What the variables of a setting say. */
export function fromEnvironment(setting: SettingName): Sourced | undefined {
  const { environment = [] }: Setting = settings[setting];
  return sourced(environment, process.env);
}

/** As a shell would: `~/` is the home folder. */
export const expandHome = (path: string): string =>
  path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;

type Values = Readonly<Record<string, string | undefined>>;

function sourced(names: readonly string[], values: Values, prefix = ""): Sourced | undefined {
  const name = names.find((one) => values[one]);
  return name === undefined ? undefined : { source: prefix + name, text: values[name] ?? "" };
}

function missingProfile(configuration: AwsConfiguration): ReadableError {
  const source = configuration.profile ? keyOf(configuration, "profile") : fromEnvironment("profile")?.source;
  return new ReadableError(
    source ?? "profile",
    "the profile is not in the shared config file or the shared credentials file. Correct the name, or specify the files with sharedConfigFiles and sharedCredentialsFiles, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.",
  );
}

function endpointsOf(
  { endpoints = {} }: AwsConfiguration,
  env: Values,
  profile: Values,
  sections: Readonly<Record<string, Values>>,
): AwsSettings["endpoints"] {
  const ignored = flag(
    sourced(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], env) ??
      sourced(["ignore_configured_endpoint_urls"], profile, "the profile's "),
  );
  const services = profile["services"] ? sections[`services.${profile["services"]}`] : undefined;
  if (profile["services"] && !services && !ignored)
    throw new ReadableError("the profile's services", "the section is not in the shared config file.");
  const ambient = (service: Service, name = SDK_NAMES[service] ?? service) =>
    sourced([`AWS_ENDPOINT_URL_${name.toUpperCase()}`, "AWS_ENDPOINT_URL"], env) ??
    sourced([`${name}.endpoint_url`], services ?? {}, "the services section's ") ??
    sourced(["endpoint_url"], profile, "the profile's ");
  return Object.fromEntries(
    SERVICES.map((service) => [service, endpoints[service] || (ignored ? undefined : url(ambient(service)))]),
  );
}

/** `localhost:4566` parses as a URL, of a protocol `localhost:`; the SDK would call another host. */
function url(found: Sourced | undefined): string | undefined {
  if (found === undefined || (/^https?:\/\//.test(found.text) && URL.canParse(found.text)))
    return found?.text;
  throw new ReadableError(found.source, "must be a URL that begins with http:// or https://.");
}

function certificates(configuration: AwsConfiguration, ambient: Sourced | undefined) {
  const { customCaBundle = ambient?.text, keys } = configuration;
  const source = configuration.customCaBundle === undefined ? ambient?.source : keys?.customCaBundle;
  return { customCaBundle, keys: { ...keys, customCaBundle: source } };
}

function flag(found: Sourced | undefined): boolean | undefined {
  if (found === undefined) return undefined;
  const text = found.text.toLowerCase();
  if (text !== "true" && text !== "false") throw new ReadableError(found.source, "must be true or false.");
  return text === "true";
}

function count(found: Sourced | undefined): number | undefined {
  if (found === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(found.text))
    throw new ReadableError(found.source, "must be a whole number, 1 or more.");
  return Number(found.text);
}

/** `legacy` is a mode of the AWS CLI; to other tools it is the standard one. */
function retryMode(found: Sourced | undefined): AwsSettings["retryMode"] {
  if (found === undefined) return undefined;
  const text = found.text.toLowerCase();
  if (!["standard", "adaptive", "legacy"].includes(text))
    throw new ReadableError(found.source, "must be standard or adaptive.");
  return text === "adaptive" ? "adaptive" : "standard";
}
