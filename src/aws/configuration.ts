import { coerce } from "../declaration/coerce";
import type { Property, ValuesOf } from "../declaration/properties";
import { validate } from "../declaration/validate";
import { nearestName } from "../nearestName";
import { type Setting, type SettingName, settings } from "./settings";

/** The whole configuration of a stack: full keys, such as `aws:region`, and values as Pulumi keeps them. */
export type StackConfiguration = Readonly<Record<string, unknown>>;

/** What the stack's configuration says. What it leaves out, environment and profile say. */
export interface AwsConfiguration extends Omit<ValuesOf<typeof settings>, "endpoints"> {
  /** URLs by service. */
  endpoints?: Readonly<Record<string, string>>;
  /** The full key that each setting comes from, for messages. */
  keys?: Partial<Record<SettingName, string>>;
}

const OWN = "aws-approvals";
const NAMESPACES = [OWN, "aws"];
const declared: Readonly<Record<string, Setting>> = settings;
const names = Object.keys(settings) as SettingName[];
const credentialNames = names.filter((name) => declared[name]?.credentials);

/** Every full key that is read. */
export const configurationKeys: readonly string[] = NAMESPACES.flatMap((namespace) =>
  names.map((name) => `${namespace}:${name}`),
);

/**
 * Reads the stack's configuration: `aws-approvals:*` before `aws:*`, with the keys of the `aws` provider ({@link settings}).
 * Both take precedence over the environment, as in the `aws` provider, so that all resources of a stack are in one account.
 * - Credentials are one group: a namespace that has any of its keys decides alone whose credentials are used.
 * - `endpoints` are merged by service.
 *
 * @throws Error that names the key, and never repeats the value, when a value is not what the key takes, the key is not
 * supported, or a key of `aws-approvals:*` is unknown
 */
export function readConfiguration(stack: StackConfiguration): AwsConfiguration {
  refuseUnknownKeys(stack);
  const has = (namespace: string, name: string) => (stack[`${namespace}:${name}`] ?? "") !== "";
  const credentialsFrom = NAMESPACES.find((one) => credentialNames.some((name) => has(one, name)));
  const values: Record<string, unknown> = {};
  const keys: Partial<Record<SettingName, string>> = {};
  for (const name of names) {
    const setting = declared[name] as Setting;
    if (setting.unused) continue;
    const namespaces = NAMESPACES.filter(
      (one) => has(one, name) && (!setting.credentials || one === credentialsFrom),
    );
    const found = namespaces.map((namespace) => readSetting(`${namespace}:${name}`, setting, stack));
    if (found.length === 0) continue;
    values[name] = name === "endpoints" ? Object.assign({}, ...found.reverse().flat()) : found[0];
    keys[name] = `${namespaces[0]}:${name}`;
  }
  const configuration: AwsConfiguration = { ...values, keys };
  checkCredentials(configuration, credentialsFrom ?? "aws");
  return configuration;
}

function readSetting(key: string, setting: Setting, stack: StackConfiguration): unknown {
  if (setting.refused) throw new Error(`${key}: is not supported; ${setting.refused}`);
  const value = parseValue(key, setting, stack[key]);
  const failures = validate({ [key]: setting }, { [key]: value }).map(
    // The path begins with the key as an index, which is not how people write it.
    ({ property, reason }) => `${key}${property.slice(`["${key}"]`.length)}: ${reason}`,
  );
  if (failures.length > 0) throw new Error(failures.join("; "));
  return value;
}

/** Pulumi keeps the text of simple values, and JSON of all others. */
function parseValue(key: string, setting: Property, value: unknown): unknown {
  const isStructured = ["array", "map", "object"].includes(setting.type);
  if (!isStructured || typeof value !== "string") return coerce(setting, value);
  try {
    return coerce(setting, JSON.parse(value));
  } catch {
    // The message of JSON.parse repeats the text.
    throw new Error(`${key}: must be JSON, as pulumi config set --path writes it`);
  }
}

/** The rules between the keys of the credentials. */
function checkCredentials(configuration: AwsConfiguration, namespace: string): void {
  const { accessKey, secretKey, token, assumeRoleWithWebIdentity: webIdentity } = configuration;
  if ((accessKey === undefined) !== (secretKey === undefined))
    throw new Error(`${namespace}:accessKey and ${namespace}:secretKey: set both or neither`);
  if (token !== undefined && accessKey === undefined)
    throw new Error(`${namespace}:token: requires ${namespace}:accessKey and ${namespace}:secretKey`);
  if (
    webIdentity &&
    (webIdentity.webIdentityToken === undefined) === (webIdentity.webIdentityTokenFile === undefined)
  )
    throw new Error(
      `${namespace}:assumeRoleWithWebIdentity: set either webIdentityToken or webIdentityTokenFile`,
    );
}

/** A misspelt key would be ignored in silence. Those of `aws:*` are the `aws` provider's to check. */
function refuseUnknownKeys(stack: StackConfiguration): void {
  const unknown = Object.keys(stack).find(
    (key) => key.startsWith(`${OWN}:`) && declared[key.slice(OWN.length + 1)] === undefined,
  );
  if (unknown === undefined) return;
  const nearest = nearestName(unknown.slice(OWN.length + 1), names);
  const suggestion = nearest === undefined ? "" : ` Did you mean ${OWN}:${nearest}?`;
  throw new Error(`${unknown}: is not a known key.${suggestion}`);
}
