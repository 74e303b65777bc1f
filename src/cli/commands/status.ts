import type { Command } from "commander";
import { type StackOptions, withStackOptions } from "../options";
import { print, printable, printJson } from "../output";

export function addStatus(program: Command): void {
  withStackOptions(program.command("status"))
    .summary("show who is to act on what")
    .description(
      "Shows every delegation request, identity source and approval team of a stack: its state, who is to act, until " +
        "when, and where. It shows the state of the last up or refresh, and what `wait` has received since.",
    )
    .option("--json", "print it as JSON")
    .action(async ({ json, ...options }: StackOptions & { json?: true }) => {
      const [{ Stack }, { RequestCache }, { resourceStatuses }] = await Promise.all([
        import("../stack"),
        import("../cache"),
        import("../nextActions"),
      ]);
      const stack = await Stack.load(options);
      const cache = new RequestCache();
      const all = resourceStatuses(stack, (id) => cache.read(id).status, new Date());
      if (json) return printJson({ stack: stack.name ?? null, resources: all });
      if (all.length === 0) {
        const which = stack.name === undefined ? "The stack" : `The stack ${stack.name}`;
        return print(`${which} has no delegation requests, identity sources or approval teams.`);
      }
      const { Table } = await import("console-table-printer");
      const table = new Table({
        shouldDisableColors: true,
        columns: ["name", "what", "state", "who is to act", "until"].map((name) => ({
          name,
          alignment: "left",
        })),
        rows: all.map(({ name, kind, state, actor, action, until }) => ({
          name: printable(name),
          what: kind,
          state: printable(state),
          "who is to act": printable(action ? `${actor}: ${action}` : actor),
          until: until ? `${until.slice(0, 16).replace("T", " ")} UTC` : "",
        })),
      });
      print(table.render());
      for (const { name, link } of all) if (link) print(`${printable(name)}: ${printable(link)}`);
    });
}
