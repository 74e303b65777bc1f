export {
  ApprovalInbox,
  type ApprovalInboxArgs,
  type ExistingQueue,
  type ExistingTable,
  type InboxKeys,
} from "./approvalInbox";
export { CustomerAccess, type CustomerAccessArgs } from "./customerAccess";
