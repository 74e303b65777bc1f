import { EndpointError, partition } from "@aws-sdk/core/client";
import type { EndpointParameterInstructions, EndpointParameters, EndpointV2 } from "@smithy/types";

/** The parameters of the endpoint rules. There is none for dual-stack, since all endpoints of MPA are dual-stack. */
export interface MpaEndpointParameters extends EndpointParameters {
  Region?: string;
  UseFIPS?: boolean;
  Endpoint?: string;
}

/** The client settings that the parameters are read from. */
export const endpointParameters: EndpointParameterInstructions = {
  Region: { type: "builtInParams", name: "region" },
  UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
  Endpoint: { type: "builtInParams", name: "endpoint" },
};

/**
 * The service's endpoint rules: `mpa.{region}` or `mpa-fips.{region}` under the dual-stack domain of the
 * region's partition, or the endpoint that was configured.
 *
 * @throws EndpointError when FIPS is requested together with a configured endpoint, or no region is known
 */
export function resolveMpaEndpoint({ Region, UseFIPS, Endpoint }: MpaEndpointParameters): EndpointV2 {
  if (Endpoint !== undefined) {
    if (UseFIPS) throw new EndpointError("Invalid Configuration: FIPS and custom endpoint are not supported");
    return { url: new URL(Endpoint) };
  }
  if (!Region) throw new EndpointError("Invalid Configuration: Missing Region");
  const host = `${UseFIPS ? "mpa-fips" : "mpa"}.${Region}.${partition(Region).dualStackDnsSuffix}`;
  return { url: new URL(`https://${host}`) };
}
