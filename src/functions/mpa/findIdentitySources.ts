import { regionOf } from "../../aws/arn";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import { pagesOf } from "../../aws/pages";
import type { Properties, ValuesOf } from "../../declaration/properties";
import { flatten } from "../../declaration/wire";
import { iamIdentityCenter, identitySource } from "../../resources/mpa/identitySource/properties";
import { sourceResult } from "./properties";

/** An identity source in AWS. */
export interface GetIdentitySourceResult extends ValuesOf<typeof sourceResult> {}

const { approvalPortalUrl } = identitySource.outputs;
const { approvalPortalUrl: _, ...shown } = sourceResult;
/** As AWS nests it. */
const answered = {
  ...shown,
  arn: { ...shown.arn, wireName: "IdentitySourceArn" },
  iamIdentityCenter: { type: "object", properties: { ...iamIdentityCenter, approvalPortalUrl } },
} as const satisfies Properties;

/** @throws OperationError */
export async function findIdentitySource(arn: string, clients: AwsClients): Promise<GetIdentitySourceResult> {
  const mpa = await clients.mpa(regionOf(arn));
  const command = new (loadMpa().GetIdentitySourceCommand)({ IdentitySourceArn: arn });
  return toResult(await call("mpa:GetIdentitySource", `identity source ${arn}`, () => mpa.send(command)));
}

/** @throws OperationError */
export async function findIdentitySources(
  region: string | undefined,
  clients: AwsClients,
): Promise<GetIdentitySourceResult[]> {
  const mpa = await clients.mpa(region);
  const found = await pagesOf(async (NextToken) => {
    const command = new (loadMpa().ListIdentitySourcesCommand)({ NextToken });
    const answer = await call("mpa:ListIdentitySources", "the account", () => mpa.send(command));
    return { items: answer.IdentitySources, NextToken: answer.NextToken };
  });
  return found.map(toResult);
}

function toResult({
  IdentitySourceParameters,
  ...source
}: {
  IdentitySourceParameters?: { IamIdentityCenter?: object };
}): GetIdentitySourceResult {
  const { IamIdentityCenter = {} } = IdentitySourceParameters ?? {};
  const { iamIdentityCenter: instance, ...others } = flatten(answered, { ...source, IamIdentityCenter });
  const { approvalPortalUrl: portal, ...center } = instance ?? {};
  return {
    ...others,
    iamIdentityCenter: center,
    ...(portal && { approvalPortalUrl: portal }),
  } as GetIdentitySourceResult;
}
