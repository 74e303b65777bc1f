import { operation } from "../operation";
import { structure } from "../shapes";
import { action, find, flatten } from "./association";

export const getMpaTeamAssociation = operation(
  { name: "GetMpaTeamAssociation", input: structure({ Action: action }, ["Action"]) },
  ({ Action }, invocation) => flatten(find(invocation, Action)),
);
