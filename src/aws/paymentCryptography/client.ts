import { EndpointError, partition } from "@aws-sdk/core/client";
import { AwsJson1_0Protocol } from "@aws-sdk/core/protocols";
import { ServiceException } from "@smithy/core/client";
import type { EndpointV2 } from "@smithy/types";
import { commandsOf, ServiceClient } from "../smithy/client";
import type { ClientConfig, Service, ServiceEndpointParameters } from "../smithy/configuration";

/** Any error response of the service, by AWS's `name`. */
export class PaymentCryptographyServiceException extends ServiceException {}

/**
 * The service's endpoint rules.
 *
 * @throws EndpointError when FIPS or dual-stack is requested together with a configured endpoint or where the partition has
 *   none, or no region is known
 */
function resolveEndpoint({ Region, UseFIPS, UseDualStack, Endpoint }: ServiceEndpointParameters): EndpointV2 {
  if (Endpoint !== undefined) {
    const excluded = UseFIPS ? "FIPS" : UseDualStack ? "Dualstack" : undefined;
    if (excluded !== undefined)
      throw new EndpointError(`Invalid Configuration: ${excluded} and custom endpoint are not supported`);
    return { url: new URL(Endpoint) };
  }
  if (!Region) throw new EndpointError("Invalid Configuration: Missing Region");
  const { dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack } = partition(Region);
  if ((UseFIPS && !supportsFIPS) || (UseDualStack && !supportsDualStack))
    throw new EndpointError("FIPS or DualStack is enabled, but this partition does not support it");
  const host = `controlplane.payment-cryptography${UseFIPS ? "-fips" : ""}`;
  return { url: new URL(`https://${host}.${Region}.${UseDualStack ? dualStackDnsSuffix : dnsSuffix}`) };
}

const service: Service = {
  id: "PaymentCryptography",
  apiVersion: "2021-09-14",
  signingName: "payment-cryptography",
  namespace: "com.amazonaws.paymentcryptography",
  ServiceException: PaymentCryptographyServiceException,
  protocol: (options) =>
    new AwsJson1_0Protocol({ ...options, serviceTarget: "PaymentCryptographyControlPlane" }),
  resolveEndpoint,
};

/** A client of AWS Payment Cryptography, of the shape of `@aws-sdk/client-payment-cryptography`. */
export class PaymentCryptographyClient extends ServiceClient {
  constructor(config: ClientConfig = {}) {
    super(service, config);
  }
}

export const command = commandsOf(service);
