import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, string, structure } from "../shapes";
import { flatten, mayAct } from "./delegationRequest";

const DEFAULT_MAX_ITEMS = 100;

/** Requests with an owner on which the caller may act, oldest first. The marker is the last id of a page. */
export const listDelegationRequests = operation(
  {
    name: "ListDelegationRequests",
    input: structure(
      {
        OwnerId: string({ min: 20, max: 2048, pattern: "^[a-zA-Z0-9:/+=,.@_-]+$" }),
        Marker: string({ min: 1, max: 320, pattern: "[\\u0020-\\u00FF]+" }),
        MaxItems: integer({ min: 1, max: 1000 }),
      },
      [],
    ),
  },
  (given, { caller, cloud }) => {
    const owned = [...cloud.iam.delegationRequests.values()].filter(
      (request) =>
        request.ownerId !== undefined &&
        mayAct(request, caller) &&
        (given.OwnerId === undefined || request.ownerId === given.OwnerId),
    );
    const previous = owned.findIndex((request) => request.id === given.Marker);
    if (given.Marker !== undefined && previous === -1)
      throw new AwsError("InvalidInput", 400, "Invalid Marker.");
    const rest = owned.slice(previous + 1);
    const page = rest.slice(0, given.MaxItems ?? DEFAULT_MAX_ITEMS);
    const truncated = page.length < rest.length;
    return {
      DelegationRequests: page.map(flatten),
      isTruncated: truncated,
      Marker: truncated ? page.at(-1)?.id : undefined,
    };
  },
);
