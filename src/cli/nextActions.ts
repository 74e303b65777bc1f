import { type NotifiedState, nextAction as ofRequest } from "../resources/iam/delegationRequest/nextAction";
import { nextAction as ofTeam } from "../resources/mpa/approvalTeam/nextAction";
import { nextAction as ofIdentitySource } from "../resources/mpa/identitySource/nextAction";
import { type NextAction, textOf } from "../resources/nextAction";
import { type Stack, TYPES } from "./stack";

/** A resource of a stack, and who is to act on it. */
export interface ResourceStatus extends NextAction {
  kind: "delegation request" | "identity source" | "approval team";
  name: string;
  urn: string;
  /** AWS's id or ARN. */
  id: string | null;
}

/** @param notified what notifications have told of a request, by its id */
export function resourceStatuses(
  stack: Stack,
  notified: (requestId: string) => NotifiedState | undefined,
  now: Date,
): ResourceStatus[] {
  const byArn = (type: string, kind: ResourceStatus["kind"], nextAction: typeof ofTeam) =>
    stack.ofType(type).map(({ name, urn, outputs }) => {
      const id = textOf(outputs, "arn") ?? null;
      return { kind, name, urn, id, ...nextAction(outputs) };
    });
  return [
    ...stack.delegationRequests().map((request) => {
      const { name, urn, id } = request;
      const kind = "delegation request" as const;
      return { kind, name, urn, id, ...ofRequest(request, notified(id), now) };
    }),
    ...byArn(TYPES.identitySource, "identity source", ofIdentitySource),
    ...byArn(TYPES.approvalTeam, "approval team", ofTeam),
  ];
}
