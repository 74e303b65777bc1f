import { ApprovalInbox, iam } from "pulumi-aws-approvals";
import type { Customer } from "./customers";

/** What the stacks of customers need of the one that all share. */
export interface Inbox {
  tableArn: string;
  queueUrl: string;
  topicArn: string;
}

/** One topic, queue and table for all customers. It keeps what they said, so nothing may delete it by accident. */
export async function inboxProgram() {
  const { tableArn, queueUrl, topicArn } = new ApprovalInbox("approvals", {}, { protect: true });
  return { tableArn, queueUrl, topicArn };
}

export const customerProgram =
  ({ name, account, template, reference }: Customer, inbox: Inbox) =>
  async () => {
    const { consoleDeepLink, delegationRequestId, state } = new iam.DelegationRequest(name, {
      ownerAccountId: account,
      description: "Read the list of buckets, to set up backups",
      requestMessage: reference,
      permissions: { policyTemplateArn: template },
      sessionDuration: 3600,
      inbox,
      notificationChannel: inbox.topicArn,
      // Who lets the request expire is asked again; who says no is not.
      renewWhen: ["EXPIRED", "VANISHED"],
    });
    return { link: consoleDeepLink, requestId: delegationRequestId, state };
  };
