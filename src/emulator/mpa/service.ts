import { restJsonService } from "../service";
import { createIdentitySource } from "./createIdentitySource";
import { deleteIdentitySource } from "./deleteIdentitySource";
import { getIdentitySource } from "./getIdentitySource";
import { listIdentitySources } from "./listIdentitySources";
import { listTagsForResource } from "./listTagsForResource";
import { tagResource } from "./tagResource";
import { untagResource } from "./untagResource";

/** Multi-party approval, API version 2022-07-26: identity sources and their tags. It has an endpoint in us-east-1 only. */
export const mpa = restJsonService({
  name: "mpa",
  regions: ["us-east-1"],
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
