import * as pulumi from "@pulumi/pulumi";
import { ApprovalInbox, CustomerAccess } from "pulumi-aws-approvals";

interface Customer {
  name: string;
  account: string;
  /** Tells the people who decide what the request is about. */
  reference: string;
}

const config = new pulumi.Config("partner-onboarding");

const customers = config.getObject<Customer[]>("customers") ?? [
  { name: "acme", account: "222222222222", reference: "Workspace acme, ticket 4711" },
  { name: "globex", account: "333333333333", reference: "Workspace globex, ticket 4712" },
  { name: "initech", account: "444444444444", reference: "Workspace initech, ticket 4713" },
];

// One topic, queue and table for all customers. Whoever reads the queue writes to the table, where all look.
const inbox = new ApprovalInbox("approvals", { tags: { team: "onboarding" } });

const accesses = customers.map(({ name, account, reference }) => {
  const access = new CustomerAccess(name, {
    inbox,
    request: {
      ownerAccountId: account,
      description: "Read the list of buckets, to set up backups",
      requestMessage: reference,
      permissions: {
        policyTemplateArn:
          config.get("policyTemplateArn") ?? "arn:aws:iam:::delegation-template/example/backup",
      },
      sessionDuration: 3600,
      // Asks again when a request expired or was deleted by AWS without an answer. The inbox tells refreshes what customers
      // decided: a rejected request stays rejected.
      renewWhen: ["EXPIRED", "VANISHED"],
    },
  });
  return { name, access };
});

/** An output for each customer, by name. */
const each = <T>(pick: (access: CustomerAccess) => pulumi.Output<T>) =>
  pulumi.all(Object.fromEntries(accesses.map(({ name, access }) => [name, pick(access)])));

/** Send each customer theirs. */
export const links = each(({ consoleDeepLink }) => consoleDeepLink);
export const requestIds = each(({ delegationRequestId }) => delegationRequestId);
export const states = each(({ state }) => state);
/** Where our backend reads what the customers did. */
export const queueUrl = inbox.queueUrl;
export const topicArn = inbox.topicArn;
/** Where it is kept: `aws-approvals` needs no more than this. */
export const tableArn = inbox.tableArn;
