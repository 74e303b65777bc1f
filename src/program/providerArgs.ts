import * as pulumi from "@pulumi/pulumi";
import { type SettingName, settings } from "../aws/settings";
import { holdsSecret } from "../declaration/properties";
import { nearestName } from "../nearestName";
import type { ArgsOf } from "./types";

type Ineffective = { refused: string } | { unused: string };
type Effective = {
  [Name in SettingName]: (typeof settings)[Name] extends Ineffective ? never : Name;
}[SettingName];

/**
 * Arguments of a {@link Provider}: the keys of the stack's configuration, with the same meaning. Nothing of that
 * configuration applies to a provider's resources; what is left out comes from the environment and the profile.
 */
export interface ProviderArgs extends ArgsOf<Pick<typeof settings, Effective>> {}

/** Settings as text, by their names. */
export type SettingTexts = Record<string, pulumi.Output<string | undefined>>;

/** A provider's arguments as Pulumi keeps them; credentials are secret whatever the program says. @throws RunError when there is no such setting */
export function settingTexts(provider: string, args: ProviderArgs): SettingTexts {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const unknown = given.map(([key]) => key).filter((key) => !Object.hasOwn(settings, key));
  if (unknown.length > 0) {
    throw new pulumi.RunError(`Provider ${provider}: ${unknown.map(unknownSetting).join(" ")}`);
  }
  return Object.fromEntries(
    given.map(([key, value]) => {
      const text = pulumi.all([value]).apply(([resolved]) => toText(resolved));
      return [key, holdsSecret(settings[key as SettingName]) ? pulumi.secret(text) : text];
    }),
  );
}

function unknownSetting(key: string): string {
  const nearest = nearestName(key, Object.keys(settings));
  return `${key}: is not a known setting.${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`;
}

/** As Pulumi writes configuration: text, and JSON for what has a structure. */
function toText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
