import type { Command } from "commander";
import { formatDuration } from "../../duration";
import { cachedCredentials } from "../cachedCredentials";
import { nextCommand } from "../nextCommand";
import { type AwsOptions, type StackOptions, withAwsOptions, withStackOptions } from "../options";
import { formatUtc, print, printable, printJson, shorten, tableColumns } from "../output";

interface ListOptions extends StackOptions, AwsOptions {
  json?: true;
}

export function addList(program: Command): void {
  withAwsOptions(withStackOptions(program.command("list")))
    .summary("show what is granted, and until when")
    .description(
      "Shows the access that customers have granted to the requests of a stack, if it has not ended: in " +
        "which account, until when, and whether its credentials are kept on this machine. What waits in the " +
        "queue of the inbox is first moved to its table.\n\n  aws-approvals list --stack dev",
    )
    .option("--json", "print JSON instead of text")
    .action(list);
}

/** An access that a customer has granted. */
interface Grant {
  name: string;
  requestId: string;
  ownerAccountId: string | null;
  /** Null while the table does not have the token. */
  accessEndsAt: string | null;
  hasCredentials: boolean;
}

async function list({ json, ...options }: ListOptions): Promise<void> {
  const [{ Stack }, { findNotified }] = await Promise.all([import("../stack"), import("../findNotified")]);
  const stack = await Stack.load(options);
  const { records, now } = await findNotified(stack, options);
  const grants = stack
    .delegationRequests()
    .flatMap((request): Grant[] => {
      const record = records.get(request.id);
      const { state } = record ?? request;
      const { tokenExpiresAt } = record ?? {};
      const inStack = request.outputs["ownerAccountId"];
      const ownerAccountId = record?.ownerAccountId ?? (typeof inStack === "string" ? inStack : undefined);
      const isOver = tokenExpiresAt !== undefined && tokenExpiresAt <= now;
      if ((state !== "FINALIZED" && tokenExpiresAt === undefined) || isOver) return [];
      return [
        {
          name: request.name,
          requestId: request.id,
          ownerAccountId: ownerAccountId ?? null,
          accessEndsAt: tokenExpiresAt?.toISOString() ?? null,
          hasCredentials: cachedCredentials(request.id) !== undefined,
        },
      ];
    })
    .sort((a, b) => (a.accessEndsAt ?? "").localeCompare(b.accessEndsAt ?? ""));
  if (json) return printJson({ stack: stack.name ?? null, grants });
  if (grants.length === 0)
    return print(`Nothing is granted. What people are asked for: ${nextCommand("status", options)}`);
  for (const line of toTable(grants, now)) print(line);
}

const HEADINGS: readonly string[] = ["request", "account", "access until", "credentials"];

/** A line for each, under headings. In a terminal, names are shortened until the lines fit. */
function toTable(grants: readonly Grant[], now: Date): string[] {
  const rows = [HEADINGS, ...grants.map((grant) => toRow(grant, now))];
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const others = HEADINGS.slice(1).map((_, index) => widthOf(index + 1));
  const left = tableColumns() - others.reduce((sum, width) => sum + 2 + width, 0);
  const widths = [Math.min(widthOf(0), Math.max(left, 8)), ...others];
  return rows.map(([name = "", ...rest]) =>
    [shorten(name, widths[0] ?? 0), ...rest]
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function toRow({ name, ownerAccountId, accessEndsAt, hasCredentials }: Grant, now: Date): string[] {
  const end = accessEndsAt === null ? undefined : new Date(accessEndsAt);
  const until = end
    ? `${formatUtc(end)}, in ${formatDuration(end.getTime() - now.getTime())}`
    : "unknown: no token yet";
  return [printable(name), ownerAccountId ?? "no account", until, hasCredentials ? "kept here" : ""];
}
