import type { Command } from "commander";
import { CommandError, exitCodes } from "../exitCodes";
import { requestId } from "../options";
import { print, printJson } from "../output";

export function addForget(program: Command): void {
  program
    .command("forget")
    .summary("remove what is kept of a request")
    .description(
      "Removes what is kept of a request on this machine: its token, its credentials, its state. " +
        "That does not revoke the access: credentials that were given out stay valid until it ends.",
    )
    .option("--request <id>", "AWS's id of the delegation request", requestId)
    .option("--all", "every request")
    .option("--json", "print the ids of the forgotten requests as JSON")
    .action(async ({ request, all, json }: { request?: string; all?: true; json?: true }) => {
      if ((request === undefined) === (all === undefined)) {
        throw new CommandError("Give --request ID, or --all.", exitCodes.usage);
      }
      const { RequestCache } = await import("../cache");
      const cache = new RequestCache();
      const ids = request === undefined ? cache.requestIds() : [request];
      const forgotten = ids.filter((id) => cache.forget(id));
      if (json) printJson({ forgotten });
      else if (forgotten.length === 0) print("Nothing is kept.");
      else for (const id of forgotten) print(`Forgot ${id}.`);
    });
}
