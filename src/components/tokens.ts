/** Pulumi's type tokens of our components, for ever. Apart from the classes, which load Pulumi's SDK. */
export const APPROVAL_INBOX = "aws-approvals:access:ApprovalInbox";
export const CUSTOMER_ACCESS = "aws-approvals:access:CustomerAccess";
