// Pulumi's type tokens of our components. They are in states and must never change. In a file of their own, since the
// classes load Pulumi's SDK and the CLI needs only these.
export const APPROVAL_INBOX = "aws-approvals:access:ApprovalInbox";
export const CUSTOMER_ACCESS = "aws-approvals:access:CustomerAccess";
