import type { Command } from "commander";
import { formatDuration } from "../../duration";
import { cachedCredentials } from "../cachedCredentials";
import { againWith } from "../nextCommand";
import { type AwsOptions, type StackOptions, withAwsOptions, withStackOptions } from "../options";
import { formatUtc, print, printable, printJson } from "../output";

interface ListOptions extends StackOptions, AwsOptions {
  json?: true;
}

export function addList(program: Command): void {
  withAwsOptions(withStackOptions(program.command("list")))
    .summary("show what is granted, and until when")
    .description(
      "Shows the requests of a stack that customers have granted and whose access has not ended: in which account, until " +
        "when, and whether their credentials are kept here. What waits in the queue of the inbox is taken in first.\n\n" +
        "  aws-approvals list --stack dev",
    )
    .option("--json", "print it as JSON")
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
  const notified = await findNotified(stack, options);
  const grants = stack
    .delegationRequests()
    .flatMap((request): Grant[] => {
      const record = notified.get(request.id);
      const { state } = record ?? request;
      const { tokenExpiresAt } = record ?? {};
      const inStack = request.outputs["ownerAccountId"];
      const ownerAccountId = record?.ownerAccountId ?? (typeof inStack === "string" ? inStack : undefined);
      const isOver = tokenExpiresAt !== undefined && tokenExpiresAt <= new Date();
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
    return print(
      `Nothing is granted. What people are asked for: ${againWith("aws-approvals status", options)}`,
    );
  const width = Math.max(...grants.map(({ name }) => name.length));
  for (const grant of grants) print(toText(grant, width));
}

function toText({ name, ownerAccountId, accessEndsAt, hasCredentials }: Grant, width: number): string {
  const end = accessEndsAt === null ? undefined : new Date(accessEndsAt);
  const until = end
    ? `until ${formatUtc(end)}, in ${formatDuration(end.getTime() - Date.now())}`
    : "no token yet";
  const fields = [printable(name).padEnd(width), ownerAccountId ?? "no account", until];
  return [...fields, ...(hasCredentials ? ["credentials kept"] : [])].join("  ");
}
