/**
 * Ask people for permission from a Pulumi program: AWS IAM temporary delegation (`iam`, `sts`) and Multi-party
 * approval (`mpa`); and {@link CustomerAccess}, which wires a request to what hears of it.
 */
export {
  ApprovalInbox,
  type ApprovalInboxArgs,
  CustomerAccess,
  type CustomerAccessArgs,
  type ExistingQueue,
} from "./components";
export * as iam from "./iam";
export * as mpa from "./mpa";
export * as sts from "./sts";
