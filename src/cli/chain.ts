import { CommandError } from "./exitCodes";

/**
 * Set for child processes: what credentials are being obtained for. A profile's `credential_process` may start this command
 * again, for the same request, or for another that needs this one's: that would never end.
 */
const VARIABLE = "AWS_APPROVALS_CHAIN";

/**
 * The environment for what is started on the way to `link`.
 * @param remedy what to do when this process has been started on the way to the same
 * @throws CommandError then
 */
export function chainTo(link: string, remedy: string): Record<string, string> {
  const chain = (process.env[VARIABLE] ?? "").split("\n").filter(Boolean);
  if (chain.includes(link)) {
    const way = [...chain.slice(chain.indexOf(link)), link].join(", which needs ");
    throw new CommandError(`AWS profiles that need each other: ${way}. ${remedy}`);
  }
  return { [VARIABLE]: [...chain, link].join("\n") };
}
