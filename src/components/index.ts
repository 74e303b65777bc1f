export { ApprovalInbox, type ApprovalInboxArgs, type ExistingQueue } from "./approvalInbox";
export { CustomerAccess, type CustomerAccessArgs } from "./customerAccess";
