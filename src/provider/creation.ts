import { createHash } from "node:crypto";
import type { AwsClients } from "../aws/clients";
import type { Clock } from "../clock";

/** The hash that tokens and names are derived from, so that a repeated create sends the same ones. */
export const hashOf = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** The token of a create call, so that a repeated one finds the result of the first. */
export const derivedToken = (parts: readonly unknown[]): string => `pulumi-${hashOf(parts).slice(0, 40)}`;

/** How often a create is tried with another token. Only deletions that others start meanwhile make it necessary. */
export const CREATE_ATTEMPTS = 5;

/** How long a new resource may stay invisible to reads. */
const VISIBILITY_TIMEOUT_MS = 5_000;

/** An older resource that is not found was deleted; a newer one may only not be visible yet. */
const RECENT_MS = 60_000;

/**
 * Reads what a create call has answered with, until it is visible.
 * @param creationTime as AWS returns it; without it, the resource is new
 * @returns `isNew`: what is not found may only not be visible yet
 */
export async function findCreated<Found>(
  find: () => Promise<Found | undefined>,
  creationTime: string | undefined,
  { aws, clock }: { aws: Pick<AwsClients, "now">; clock: Pick<Clock, "sleep"> },
): Promise<{ found: Found | undefined; isNew: boolean }> {
  for (let waited = 0, delay = 200; ; waited += delay, delay *= 2) {
    const found = await find();
    // By AWS's time, which its answer has brought: this machine's may be minutes off.
    const age = creationTime ? aws.now().getTime() - Date.parse(creationTime) : 0;
    const isNew = Math.abs(age) < RECENT_MS;
    if (found || !isNew || waited >= VISIBILITY_TIMEOUT_MS) return { found, isNew };
    await clock.sleep(delay);
  }
}
