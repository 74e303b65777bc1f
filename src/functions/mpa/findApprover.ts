import type { AwsClients } from "../../aws/clients";
import { call, ReadableError } from "../../aws/errors";
import type { ValuesOf } from "../../declaration/properties";
import { findIdentitySource, findIdentitySources, type GetIdentitySourceResult } from "./findIdentitySources";
import { NAMES_ONE, namesOne } from "./namesOne";
import type { approver } from "./properties";

/** A member of an approval team, as its `approvers` take it. */
export interface ApproverResult extends ValuesOf<typeof approver.outputs> {}

/** @throws ReadableError */
export async function findApprover(
  args: ValuesOf<typeof approver.inputs>,
  clients: AwsClients,
): Promise<ApproverResult> {
  if (!namesOne(args)) throw new ReadableError("mpa.approver", NAMES_ONE);
  const { userName, email, identityStoreId, identitySourceArn, region } = args;
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
    "the account has no identity source. Specify the ARN of one that the program creates, or create one first.",
  );
}

const remedies = (attribute: string) => ({
  ResourceNotFound: `The identity store has no user with this ${attribute}, or is in another region.`,
});
