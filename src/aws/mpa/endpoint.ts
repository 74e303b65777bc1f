import { EndpointError, partition } from "@aws-sdk/core/client";
import type { EndpointV2 } from "@smithy/types";
import type { ServiceEndpointParameters } from "../smithy/configuration";

/**
 * The service's endpoint rules: `mpa.{region}` or `mpa-fips.{region}` under the dual-stack domain of the
 * region's partition, which all its endpoints are in, or the endpoint that was configured.
 *
 * @throws EndpointError when FIPS is requested together with a configured endpoint, or no region is known
 */
export function resolveMpaEndpoint({ Region, UseFIPS, Endpoint }: ServiceEndpointParameters): EndpointV2 {
  if (Endpoint !== undefined) {
    if (UseFIPS) throw new EndpointError("Invalid Configuration: FIPS and custom endpoint are not supported");
    return { url: new URL(Endpoint) };
  }
  if (!Region) throw new EndpointError("Invalid Configuration: Missing Region");
  const host = `${UseFIPS ? "mpa-fips" : "mpa"}.${Region}.${partition(Region).dualStackDnsSuffix}`;
  return { url: new URL(`https://${host}`) };
}
