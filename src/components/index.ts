export {
  ApprovalInbox,
  type ApprovalInboxArgs,
  type ExistingQueue,
  type ExistingTable,
  type InboxKeys,
} from "./approvalInbox";
export { CustomerAccess, type CustomerAccessArgs, type Deployed } from "./customerAccess";
export type { CustomerProviderArgs } from "./customerProvider";
