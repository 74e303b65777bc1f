import { operation } from "../operation";
import { pageOf } from "../page";
import { structure } from "../shapes";
import { flatten } from "./identitySource";
import { PAGE, PAGE_QUERY } from "./page";

/** An account has one identity source, so there is never a second page. */
export const listIdentitySources = operation(
  {
    name: "ListIdentitySources",
    route: { method: "POST", path: "/identity-sources/", flag: "List", query: PAGE_QUERY },
    input: structure(PAGE, []),
  },
  (given, { caller, cloud }) => {
    const source = cloud.mpa.identitySources.get(caller.account);
    const { items, nextToken } = pageOf(source === undefined ? [] : [source], given);
    return { NextToken: nextToken, IdentitySources: items.map((item) => flatten(item, cloud.endpoint)) };
  },
);
