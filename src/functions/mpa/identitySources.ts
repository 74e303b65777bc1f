import type * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import type { ValuesOf } from "../../provider/properties";
import { flatten } from "../../provider/wire";
import { iamIdentityCenter, identitySource } from "../../resources/mpa/identitySource/properties";
import { type InvokeOptions, invoke } from "../invoke";
import { pagesOf } from "./pages";

const { arn, ownershipId, unmanagedTags, approvalPortalUrl, region, ...shown } = identitySource.outputs;
const result = {
  /** The ARN of the source. */
  arn: { ...arn, wireName: "IdentitySourceArn" },
  ...shown,
  /** The instance of IAM Identity Center. */
  iamIdentityCenter: { type: "object", properties: { ...iamIdentityCenter, approvalPortalUrl } },
} as const;

/** An identity source in AWS. */
export interface GetIdentitySourceResult extends ValuesOf<Omit<typeof result, "iamIdentityCenter">> {
  /** The instance of IAM Identity Center that its users are of. */
  iamIdentityCenter: ValuesOf<typeof iamIdentityCenter>;
  /** The page on which approvers vote. */
  approvalPortalUrl?: string;
}

/** Arguments of {@link getIdentitySource}. */
export interface GetIdentitySourceArgs {
  /** The ARN of the source. */
  arn: pulumi.Input<string>;
}

/** Arguments of {@link getIdentitySources}. */
export interface GetIdentitySourcesArgs {
  /** The region of Multi-party approval. Default: that of the configured partition. */
  region?: pulumi.Input<string>;
}

/**
 * An identity source that may be another stack's. `IdentitySource.get` refers to it as a resource.
 *
 * Source: `mpa:GetIdentitySource`.
 * @throws when there is no such source
 */
export function getIdentitySource(
  args: GetIdentitySourceArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetIdentitySourceResult> {
  return invoke("mpa.getIdentitySource", args, options, (known, clients) =>
    findIdentitySource(known.arn, clients),
  );
}

/**
 * The identity sources of the account: one, or none.
 *
 * Source: `mpa:ListIdentitySources`.
 */
export function getIdentitySources(
  args: GetIdentitySourcesArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<GetIdentitySourceResult[]> {
  return invoke("mpa.getIdentitySources", args, options, (known, clients) =>
    findIdentitySources(known.region, clients),
  );
}

/** @throws OperationError */
export async function findIdentitySource(arn: string, clients: AwsClients): Promise<GetIdentitySourceResult> {
  const { loadMpa } = await import("../../aws/mpa");
  const mpa = await clients.mpa(arn.split(":")[3] || undefined);
  const command = new (loadMpa().GetIdentitySourceCommand)({ IdentitySourceArn: arn });
  return toResult(await call("mpa:GetIdentitySource", `identity source ${arn}`, () => mpa.send(command)));
}

/** @throws OperationError */
export async function findIdentitySources(
  region: string | undefined,
  clients: AwsClients,
): Promise<GetIdentitySourceResult[]> {
  const { loadMpa } = await import("../../aws/mpa");
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
  const { iamIdentityCenter: instance, ...others } = flatten(result, { ...source, IamIdentityCenter });
  const { approvalPortalUrl: portal, ...center } = instance ?? {};
  return {
    ...others,
    iamIdentityCenter: center,
    ...(portal && { approvalPortalUrl: portal }),
  } as GetIdentitySourceResult;
}
