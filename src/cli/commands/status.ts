import type { Command } from "commander";
import { wrap } from "../../wrap";
import { describeSession } from "../describeSession";
import type { ResourceStatus } from "../nextActions";
import { nextCommand, nextFor, pulumiCommand } from "../nextCommand";
import { type AwsOptions, type StackOptions, withAwsOptions, withStackOptions } from "../options";
import { field, formatUtc, print, printable, printJson, warn } from "../output";
import type { TeamStatus } from "../pendingSessions";
import { quoteForShell } from "../quote";

type Options = StackOptions & AwsOptions;

export function addStatus(program: Command): void {
  withAwsOptions(withStackOptions(program.command("status")))
    .summary("show who must act on what")
    .description(
      "Shows every delegation request, identity source, approval team and restore-access vault of a stack: " +
        "its state, who must act, until when, and the link. A state is that of the last `pulumi up` or " +
        "`pulumi refresh`, or newer if the inbox has heard more. With credentials, AWS is asked what " +
        "approval teams vote on now.\n\n  aws-approvals status --stack dev",
    )
    .option("--json", "print JSON instead of text")
    .action(async ({ json, ...options }: Options & { json?: true }) => {
      const [{ RequestCache }, { Stack }, { findNotified }, { resourceStatuses }] = await Promise.all([
        import("../cache"),
        import("../stack"),
        import("../findNotified"),
        import("../nextActions"),
      ]);
      const stack = await Stack.load(options);
      const { records, now } = await findNotified(stack, options);
      const known = resourceStatuses(stack, (id) => records.get(id), now);
      const all: readonly TeamStatus[] =
        stack.approvalTeams().length > 0 ? await askAboutTeams(known, options) : known;
      if (json) return printJson({ stack: stack.name ?? null, resources: all });
      if (all.length === 0) {
        const which = stack.name === undefined ? "The stack" : `The stack ${stack.name}`;
        return print(
          `${which} has no delegation requests, identity sources, approval teams or restore-access vaults.`,
        );
      }
      const cache = new RequestCache();
      const hasTable = (requestId: string) =>
        (stack.findMailbox(requestId) ?? cache.tableArn(requestId)) !== undefined;
      print(all.map((one) => toText(one, options, hasTable)).join("\n\n"));
      for (const { sessions } of all) for (const session of sessions ?? []) print(describeSession(session));
    });
}

/** A stack without teams is shown without loading a client. */
async function askAboutTeams(known: readonly ResourceStatus[], options: AwsOptions): Promise<TeamStatus[]> {
  const [{ clientsFor }, { withPendingSessions }] = await Promise.all([
    import("../aws"),
    import("../pendingSessions"),
  ]);
  return withPendingSessions(known, clientsFor(options), warn);
}

/** @param hasTable whether the table of a request's inbox is known */
function toText(
  resource: ResourceStatus,
  options: Options,
  hasTable: (requestId: string) => boolean,
): string {
  const { name, kind, state, actor, action, until, id } = resource;
  const lines = [
    wrap(`${printable(name)}: ${kind}, ${printable(state)}`),
    wrap(printable(action ? `${actor}: ${action}` : `${actor} is to act`), "  "),
    ...(until ? [`  until: ${formatUtc(new Date(until))}`] : []),
    ...(id ? [`  id: ${printable(id)}`] : []),
    ...linkLines(resource, options),
    ...nextLines(resource, options, hasTable),
  ];
  return lines.join("\n");
}

function linkLines({ link, noLink }: ResourceStatus, options: Options): string[] {
  if (link) return field("link", printable(link));
  const show = pulumiCommand("stack export --show-secrets", options);
  if (noLink === "secret") return ["  link: a secret of the stack, which this shows:", `  ${show}`];
  if (noLink === "missing")
    return [
      wrap("link: missing. AWS returns it once. Another generation makes a new request, with a link", "  "),
    ];
  return [];
}

/** What `you` can run next, as it can be pasted; an inbox that nothing names is left to fill in. */
function nextLines(
  { kind, name, state, action, actor, id }: ResourceStatus,
  options: Options,
  hasTable: (requestId: string) => boolean,
): string[] {
  const isTheirs = actor === "the customer" || actor === "the approver";
  if (kind === "approval team" && isTheirs && id)
    return field("next", nextCommand(`wait --team ${quoteForShell(id)}`, options));
  if (kind !== "delegation request") return [];
  const given = id !== null && hasTable(id) ? options : { ...options, table: "ARN" };
  if (state === "FINALIZED" && action === "use the access")
    return field("next", `${nextFor("exec", name, given)} -- aws sts get-caller-identity`);
  return isTheirs ? field("next", nextFor("wait", name, given)) : [];
}
