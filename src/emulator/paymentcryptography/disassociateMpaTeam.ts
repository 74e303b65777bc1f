import { operation } from "../operation";
import { structure } from "../shapes";
import { action, change, comment, find, flatten, remove } from "./association";

/** The present team decides whether the operation is left without one. */
export const disassociateMpaTeam = operation(
  {
    name: "DisassociateMpaTeam",
    input: structure({ Action: action, RequesterComment: comment }, ["Action"]),
  },
  ({ Action, RequesterComment }, invocation) => {
    const association = find(invocation, Action);
    const apply = () => remove(invocation, association);
    const request = { operation: "DisassociateMpaTeam", apply, RequesterComment };
    change(association, "DELETE_PENDING", request, invocation);
    return flatten(association);
  },
);
