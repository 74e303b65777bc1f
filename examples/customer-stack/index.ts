import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CustomerAccess } from "pulumi-aws-approvals";

const config = new pulumi.Config("customer-stack");

const access = new CustomerAccess("acme", {
  request: {
    ownerAccountId: config.get("customer") ?? "222222222222",
    description: "Set up the queue that orders backups, and take it down again",
    permissions: {
      policyTemplateArn:
        config.get("policyTemplateArn") ?? "arn:aws:iam:::delegation-template/example/backup",
    },
    sessionDuration: 3600,
    // Who lets the request expire is asked again; another generation asks again when the access has ended.
    renewWhen: ["EXPIRED"],
    generation: config.get("generation"),
  },
  // With `pulumi config set waitFor FINALIZED`, up waits for the customer, for half a day.
  waitFor: config.get("waitFor") as "FINALIZED" | undefined,
  timeouts: { create: "12h" },
  provider: { region: "us-east-1", configFile: config.get("configFile") },
});

const queueUrl = access.whenGranted((provider) => {
  const messageRetentionSeconds = config.getNumber("retentionSeconds") ?? 345_600;
  const queue = new aws.sqs.Queue(
    "backup-orders",
    { name: "backup-orders", messageRetentionSeconds },
    { provider },
  );
  return queue.url;
});

/** In the customer's account. */
export const backupOrders = queueUrl.apply((url) => url ?? "not granted yet");

/** Send the customer here. */
export const consoleDeepLink = access.consoleDeepLink;
export const delegationRequestId = access.delegationRequestId;
export const state = access.state;
