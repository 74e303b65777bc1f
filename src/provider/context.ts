import { AwsClients } from "../aws/clients";
import { readConfiguration, type StackConfiguration } from "../aws/configuration";
import type { Clock } from "../clock";
import type { Context } from "./lifecycle";
import { type TagSettings, tagSettings } from "./tags";

/** What all requests to a configured provider share. */
export interface Session {
  aws: AwsClients;
  clock: Clock;
  tags: TagSettings;
  /** The subjects of which a line was logged. */
  logged: Set<string>;
}

/**
 * @param log shows a line that is about no resource in particular
 * @throws Error that names the key, when the configuration is wrong
 */
export function openSession(stack: StackConfiguration, clock: Clock, log: Context["log"]): Session {
  const configuration = readConfiguration(stack);
  const aws = new AwsClients(configuration, { clock, log });
  return { aws, clock, tags: tagSettings(configuration), logged: new Set() };
}

/** @param log shows a line to the person who runs Pulumi */
export const contextOf = ({ aws, clock, tags, logged }: Session, log: Context["log"]): Context => ({
  aws,
  clock,
  tags,
  log,
  logOnce(subject, line) {
    if (!logged.has(subject)) log(line);
    logged.add(subject);
  },
});

/** Logs each note once in a run, although the engine may check and compare a resource twice. */
export function logNotes(
  { logOnce }: Pick<Context, "logOnce">,
  { type, name, origin }: { type: string; name: string; origin: string },
  notes: readonly string[] = [],
): void {
  for (const note of notes) logOnce(`${origin} ${note}`, `${type} ${name}: ${note}`);
}
