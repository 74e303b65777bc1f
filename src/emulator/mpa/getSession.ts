import { operation } from "../operation";
import { structure } from "../shapes";
import { flattenSession, sessionArn } from "./session";

export const getSession = operation(
  {
    name: "GetSession",
    route: { method: "GET", path: "/sessions/{SessionArn}" },
    input: structure({ SessionArn: sessionArn }, ["SessionArn"]),
  },
  (given, { caller, cloud }) => flattenSession(cloud.mpa.findSession(given.SessionArn, caller)),
);
