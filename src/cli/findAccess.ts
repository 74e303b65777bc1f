import type { DelegatedAccess } from "../functions/sts/tradeIn";
import type { AccessOptions } from "./options";
import { credentialsAtHand } from "./requestNames";

/** The credentials of the request that the options name: those at hand, or new ones. */
export async function findAccess(options: AccessOptions): Promise<DelegatedAccess> {
  const access = options.tokenStdin ? undefined : credentialsAtHand(options.request, options);
  if (access) return access;
  const [{ findRequest }, { obtainCredentials }] = await Promise.all([
    import("./findRequest"),
    import("./obtainCredentials"),
  ]);
  const { id, loaded } = await findRequest(options.request, options);
  return obtainCredentials({
    ...options,
    request: id,
    reference: options.request,
    ...(loaded && { loaded }),
  });
}
