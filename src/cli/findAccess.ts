import type { DelegatedAccess } from "../functions/sts/tradeIn";
import type { AccessOptions } from "./options";
import { credentialsAtHand } from "./requestNames";

export interface FoundAccess {
  access: DelegatedAccess;
  /** AWS's time; this machine's when the credentials were at hand. */
  now: Date;
}

/** The credentials of the request that the options name: those at hand, or new ones. */
export async function findAccess(options: AccessOptions): Promise<FoundAccess> {
  const access = options.tokenStdin ? undefined : credentialsAtHand(options.request, options);
  if (access) return { access, now: new Date() };
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
