import { operation } from "../operation";
import { structure } from "../shapes";
import { conflict } from "./errors";
import { endSession, sessionArn } from "./session";

/** Only the session of a change or deletion of a team can be cancelled, as long as it waits for votes. */
export const cancelSession = operation(
  {
    name: "CancelSession",
    route: { method: "PUT", path: "/sessions/{SessionArn}" },
    input: structure({ SessionArn: sessionArn }, ["SessionArn"]),
  },
  (given, { caller, cloud, now }) => {
    const session = cloud.mpa.findSession(given.SessionArn, caller);
    if (session.status !== "PENDING") throw conflict(`The session is ${session.status}, not PENDING`);
    if (!session.cancellable) throw conflict(`A session of ${session.actionName} cannot be cancelled`);
    endSession(session, "CANCELLED", now);
    return {};
  },
);
