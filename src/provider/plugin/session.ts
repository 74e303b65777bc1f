import { ReadableError } from "../../aws/errors";
import type { Clock } from "../../clock";
import { className, type ResourceDeclaration } from "../../declaration/properties";
import { parseDuration } from "../../duration";
import { contextOf, logNotes, type Session } from "../context";
import type { DiffOccasions } from "../diffOccasions";
import type { Context, Request } from "../lifecycle";
import type { EngineLog } from "./engineLog";
import { parseUrn } from "./urn";

/** What a running plugin keeps between calls. */
export interface Plugin {
  clock: Clock;
  engine?: EngineLog;
  /** By URN. */
  diffs: DiffOccasions;
  /** Since Configure. */
  session?: Session;
}

/** @throws ReadableError when the provider has not been configured */
export function sessionOf({ session }: Pick<Plugin, "session">): Session {
  if (session) return session;
  throw new ReadableError("aws-approvals", "the provider was called before it was configured.");
}

/** The context of a call about a resource. */
const contextFor = (plugin: Plugin, urn: string): Context =>
  contextOf(sessionOf(plugin), (line) => plugin.engine?.info(line, urn));

/** Shows notes of a check or a diff. */
export function noteOn(plugin: Plugin, urn: string, notes: readonly string[] = []): void {
  const { type, ...subject } = parseUrn(urn);
  if (notes.length > 0)
    logNotes(contextFor(plugin, urn), { ...subject, type: className({ token: type }) }, notes);
}

/** The part of a lifecycle's request that a call has. @param timeout in seconds; 0 stands for the default */
export function requestOf(
  plugin: Plugin,
  { timeouts: defaults }: ResourceDeclaration,
  urn: string,
  timeout: number,
): Request {
  const { name, origin } = parseUrn(urn);
  const milliseconds = (operation: "create" | "delete") =>
    timeout > 0 ? timeout * 1000 : (parseDuration(defaults?.[operation] ?? "0s") ?? 0);
  return {
    name,
    origin,
    timeouts: { create: milliseconds("create"), delete: milliseconds("delete") },
    context: contextFor(plugin, urn),
  };
}
