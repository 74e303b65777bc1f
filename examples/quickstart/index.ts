import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as pulumi from "@pulumi/pulumi";
import { iam, mpa, sts } from "pulumi-aws-approvals";

const config = new pulumi.Config("quickstart");
const onEmulator = process.env.AWS_ENDPOINT_URL !== undefined;

/** A setting from the stack's configuration; on the embedded AWS it defaults to the example. */
const setting = (key: string, example: string) =>
  config.get(key) ?? (onEmulator ? example : config.require(key));

// The people of this IAM Identity Center instance can become approvers.
const people = new mpa.IdentitySource("people", {
  iamIdentityCenter: {
    instanceArn: setting("instanceArn", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
    region: setting("instanceRegion", "us-east-1"),
  },
  tags: { team: "security" },
});

// Ask this customer for an hour in their account.
const request = new iam.DelegationRequest("backup-setup", {
  ownerAccountId: setting("customer", "222222222222"),
  description: "Read the list of buckets, to set up backups",
  requestMessage: "Workspace acme, ticket 4711",
  permissions: {
    policyTemplateArn: setting("policyTemplateArn", "arn:aws:iam:::delegation-template/example/backup"),
    parameters: [{ name: "bucketPrefix", type: "string", values: ["acme-"] }],
  },
  notificationChannel: setting("notificationChannel", "arn:aws:sns:us-east-1:000000000000:approvals"),
  sessionDuration: config.getNumber("sessionDuration") ?? 3600,
});

export const identitySourceArn = people.arn;
export const approvalPortalUrl = people.approvalPortalUrl;
export const delegationRequestId = request.delegationRequestId;
export const consoleDeepLink = request.consoleDeepLink;
export const state = request.state;

// Once the customer has sent the token: pulumi config set --secret quickstart:tradeInToken …
const tradeInToken = config.getSecret("tradeInToken");
const access = tradeInToken && sts.getDelegatedAccessToken({ tradeInToken });
export const actingAs = access
  ? pulumi.unsecret(access.apply(whoAmI))
  : "nobody yet: the customer has not sent the token";

async function whoAmI({ credentials }: sts.DelegatedAccess) {
  const client = new STSClient({
    region: "us-east-1",
    credentials: { ...credentials, expiration: new Date(credentials.expiration) },
  });
  return (await client.send(new GetCallerIdentityCommand({}))).Arn;
}
