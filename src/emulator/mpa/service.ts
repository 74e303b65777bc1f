import { restJsonProtocol } from "../protocols/restJson";
import { service } from "../service";
import { createIdentitySource } from "./createIdentitySource";
import { deleteIdentitySource } from "./deleteIdentitySource";
import { getIdentitySource } from "./getIdentitySource";
import { listIdentitySources } from "./listIdentitySources";
import { listTagsForResource } from "./listTagsForResource";
import { tagResource } from "./tagResource";
import { untagResource } from "./untagResource";

/** Multi-party approval, API version 2022-07-26: identity sources and their tags. It exists in us-east-1 only. */
export const mpa = service({
  name: "mpa",
  regions: ["us-east-1"],
  protocol: restJsonProtocol([
    { operation: "CreateIdentitySource", method: "POST", path: "/identity-sources" },
    {
      operation: "ListIdentitySources",
      method: "POST",
      path: "/identity-sources/",
      flag: "List",
      query: ["MaxResults", "NextToken"],
    },
    { operation: "GetIdentitySource", method: "GET", path: "/identity-sources/{IdentitySourceArn}" },
    { operation: "DeleteIdentitySource", method: "DELETE", path: "/identity-sources/{IdentitySourceArn}" },
    { operation: "TagResource", method: "PUT", path: "/tags/{ResourceArn}" },
    { operation: "UntagResource", method: "POST", path: "/tags/{ResourceArn}" },
    { operation: "ListTagsForResource", method: "GET", path: "/tags/{ResourceArn}" },
  ]),
  operations: [
    createIdentitySource,
    getIdentitySource,
    listIdentitySources,
    deleteIdentitySource,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
});
