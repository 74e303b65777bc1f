import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as pulumi from "@pulumi/pulumi";
import { CustomerAccess, iam, mpa, sts } from "pulumi-aws-approvals";

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

const request = {
  ownerAccountId: setting("customer", "222222222222"),
  description: "Read the list of buckets, to set up backups",
  requestMessage: "Workspace acme, ticket 4711",
  permissions: {
    policyTemplateArn: setting("policyTemplateArn", "arn:aws:iam:::delegation-template/example/backup"),
    parameters: [{ name: "bucketPrefix", type: "string" as const, values: ["acme-"] }],
  },
  sessionDuration: config.getNumber("sessionDuration") ?? 3600,
};

// Ask this customer for an hour in their account. CustomerAccess makes the inbox for their answers, a topic, a queue and a
// table; `aws-approvals emulator` has one.
const access = onEmulator
  ? new iam.DelegationRequest("backup-setup", {
      ...request,
      notificationChannel: setting("notificationChannel", "arn:aws:sns:us-east-1:000000000000:approvals"),
    })
  : new CustomerAccess("backup-setup", { request });

// Where `aws-approvals wait` finds the answers.
export const tableArn = CustomerAccess.isInstance(access)
  ? access.inbox.tableArn
  : setting("tableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/approvals");

export const identitySourceArn = people.arn;
export const approvalPortalUrl = people.approvalPortalUrl;
export const delegationRequestId = access.delegationRequestId;
export const consoleDeepLink = access.consoleDeepLink;
export const state = access.state;

// A program may use the access, too:
// aws-approvals token --request backup-setup | pulumi config set --secret quickstart:tradeInToken
const tradeInToken = config.getSecret("tradeInToken");
const delegated = tradeInToken && sts.getDelegatedAccessToken({ tradeInToken });
export const actingAs = delegated
  ? pulumi.unsecret(delegated.apply(whoAmI))
  : "nobody yet: the customer has not sent the token";

async function whoAmI({ credentials }: sts.DelegatedAccess) {
  const client = new STSClient({
    region: "us-east-1",
    credentials: { ...credentials, expiration: new Date(credentials.expiration) },
  });
  return (await client.send(new GetCallerIdentityCommand({}))).Arn;
}
