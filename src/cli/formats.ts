import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { assignForCmd, quoteForFish, quoteForPowerShell, quoteForShell } from "./quote";

/** An output format of credentials. All but `json` are named and written as by `aws configure export-credentials`, and quoted. */
export type Format = keyof typeof FORMATS;

const FORMATS = {
  process: ({ credentials }: DelegatedAccess) =>
    json({
      Version: 1,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    }),
  env: lines((name, value) => `export ${name}=${quoteForShell(value)}`),
  "env-no-export": lines((name, value) => `${name}=${quoteForShell(value)}`),
  powershell: lines((name, value) => `$Env:${name}=${quoteForPowerShell(value)}`),
  "windows-cmd": lines((name, value) => `set ${assignForCmd(name, value)}`),
  fish: lines((name, value) => `set -gx ${name} ${quoteForFish(value)}`),
  /** What `sts.getDelegatedAccessToken` gives a program. */
  json: (access: DelegatedAccess) => json(access),
};

export const FORMAT_NAMES = Object.keys(FORMATS) as Format[];

export const isFormat = (name: string): name is Format => Object.hasOwn(FORMATS, name);

/** Ends with a line break. */
export const render = (access: DelegatedAccess, format: Format): string => `${FORMATS[format](access)}\n`;

/** The environment variables that the AWS CLI and every AWS SDK read. */
export const environment = ({ credentials }: DelegatedAccess): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: credentials.expiration,
});

function lines(line: (name: string, value: string) => string) {
  return (access: DelegatedAccess) =>
    Object.entries(environment(access))
      .map(([name, value]) => line(name, value))
      .join("\n");
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}
