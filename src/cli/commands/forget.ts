import type { Command } from "commander";
import { cachedCredentials } from "../cachedCredentials";
import { confirm } from "../confirm";
import { CommandError, exitCodes } from "../exitCodes";
import { REQUEST_OPTION, type StackOptions, withStackOptions } from "../options";
import { formatUtc, print, printJson } from "../output";

interface ForgetOptions extends StackOptions {
  request?: string;
  all?: true;
  yes?: true;
  json?: true;
}

export function addForget(program: Command): void {
  withStackOptions(program.command("forget"))
    .summary("remove what this machine keeps of a request")
    .description(
      "Removes what this machine keeps of a request: its credentials, and in which inbox it was found. " +
        "This does not revoke the access: credentials that were given out stay valid until it ends.\n\n  " +
        "aws-approvals forget --request acme",
    )
    .option(...REQUEST_OPTION)
    .option("--all", "all requests")
    .option("--yes", "do not ask before valid credentials are removed")
    .option("--json", "print JSON instead of text")
    .action(forget);
}

async function forget({ request, all, yes, json, ...options }: ForgetOptions): Promise<void> {
  if ((request === undefined) === (all === undefined)) {
    throw new CommandError("Give --request with a name or an id, or --all.", exitCodes.usage);
  }
  const [{ RequestCache }, { findRequest }, { forgetNames }] = await Promise.all([
    import("../cache"),
    import("../findRequest"),
    import("../rememberNames"),
  ]);
  const cache = new RequestCache();
  const ids = request === undefined ? cache.requestIds() : [(await findRequest(request, options)).id];
  if (!yes) await confirmLive(ids);
  const forgotten = ids.filter((id) => cache.forget(id));
  if (all) forgetNames();
  if (json) printJson({ forgotten });
  else if (forgotten.length === 0) print("Nothing is kept.");
  else for (const id of forgotten) print(`Forgot ${id}.`);
}

/** @throws CommandError when credentials are valid, and nobody says yes */
async function confirmLive(ids: readonly string[]): Promise<void> {
  const live = ids.flatMap((id) => {
    const access = cachedCredentials(id);
    return access ? `${id} until ${formatUtc(new Date(access.credentials.expiration))}` : [];
  });
  if (live.length === 0) return;
  const question = `The credentials are valid: ${live.join(", ")}. Forget them?`;
  if (!(await confirm(question))) throw new CommandError("Nothing was forgotten.");
}
