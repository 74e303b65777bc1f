import * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../../aws/clients";
import { call, ReadableError } from "../../aws/errors";
import { type InvokeOptions, invoke } from "../invoke";
import { findIdentitySource, findIdentitySources, type GetIdentitySourceResult } from "./identitySources";

/** Arguments of {@link approver}: either `userName` or `email`. */
export interface ApproverArgs {
  /** The user's name in IAM Identity Center. */
  userName?: pulumi.Input<string>;
  /** The user's primary e-mail address in IAM Identity Center. */
  email?: pulumi.Input<string>;
  /** The identity store of the instance of IAM Identity Center: one of `identityStoreIds` of `aws.ssoadmin.getInstances`. */
  identityStoreId: pulumi.Input<string>;
  /** The ARN of the identity source that the user comes from. Default: the one of the account. */
  identitySourceArn?: pulumi.Input<string>;
  /** The region of the instance of IAM Identity Center. Default: the one that the identity source says. */
  region?: pulumi.Input<string>;
}

/** A member of an approval team, as its `approvers` take it. */
export interface ApproverResult {
  /** The id of the user in the identity store. */
  primaryIdentityId: string;
  /** The ARN of the identity source that the user comes from. */
  primaryIdentitySourceArn: string;
}

/**
 * Finds a person for the `approvers` of an approval team: teams know people by ids that nobody knows by heart.
 *
 * Source: `identitystore:GetUserId`; `mpa:ListIdentitySources` without `identitySourceArn`, and `GetIdentitySource` with it
 * and without `region`.
 * @throws when there is no such user, or the account has no identity source
 *
 * @example
 * const identityStoreId = aws.ssoadmin.getInstancesOutput().identityStoreIds[0];
 * const team = new mpa.ApprovalTeam("restores", {
 *   approvers: ["alice", "bob", "carol"].map((userName) => mpa.approver({ userName, identityStoreId })),
 *   ...
 * });
 */
export function approver(args: ApproverArgs, options: InvokeOptions = {}): pulumi.Output<ApproverResult> {
  if ((args.userName === undefined) === (args.email === undefined))
    throw new pulumi.RunError("mpa.approver: give either userName or email.");
  return invoke("mpa.approver", args, options, findApprover);
}

/** @throws ReadableError */
export async function findApprover(
  { userName, email, identityStoreId, identitySourceArn, region }: pulumi.Unwrap<ApproverArgs>,
  clients: AwsClients,
): Promise<ApproverResult> {
  const needsSource = identitySourceArn === undefined || region === undefined;
  const source = needsSource ? await sourceOf(identitySourceArn, clients) : undefined;
  const load = async () => (await import("@aws-sdk/client-identitystore")).IdentitystoreClient;
  const client = await clients.client("identitystore", load, region ?? source?.iamIdentityCenter.region);
  const { GetUserIdCommand } = await import("@aws-sdk/client-identitystore");
  const attribute = userName === undefined ? "email" : "userName";
  const command = new GetUserIdCommand({
    IdentityStoreId: identityStoreId,
    AlternateIdentifier: {
      UniqueAttribute:
        userName === undefined
          ? { AttributePath: "emails.value", AttributeValue: email }
          : { AttributePath: "userName", AttributeValue: userName },
    },
  });
  const { UserId } = await call(
    "identitystore:GetUserId",
    "mpa.approver",
    () => client.send(command),
    remedies(attribute),
  );
  return {
    primaryIdentityId: UserId ?? "",
    primaryIdentitySourceArn: identitySourceArn ?? source?.arn ?? "",
  };
}

async function sourceOf(arn: string | undefined, clients: AwsClients): Promise<GetIdentitySourceResult> {
  if (arn !== undefined) return findIdentitySource(arn, clients);
  const [source] = await findIdentitySources(undefined, clients);
  if (source) return source;
  throw new ReadableError(
    "mpa.approver",
    "the account has no identity source. Give the ARN of one that the program makes, or make one first.",
  );
}

const remedies = (attribute: string) => ({
  ResourceNotFound: `The identity store has no user with this ${attribute}, or is in another region.`,
});
