import type { DelegationRequest } from "../iam/delegationRequest";

/** The IAM operation behind each button but `revoke`, for which AWS documents none. */
export const OPERATIONS = {
  claim: "AssociateDelegationRequest",
  accept: "AcceptDelegationRequest",
  forward: "UpdateDelegationRequest",
  reject: "RejectDelegationRequest",
  send: "SendDelegationToken",
} as const;

export type Operation = keyof typeof OPERATIONS;
export type Action = Operation | "revoke";

export const isAction = (name: string): name is Action =>
  name === "revoke" || Object.hasOwn(OPERATIONS, name);

/** A submitted form. */
export interface Form {
  readonly action: string;
  readonly token: string;
  readonly account: string;
  readonly notes: string;
  /** The owner grants the requester to read the request, as an IAM policy would. */
  readonly keepReading: boolean;
}

export function readForm(body: Buffer): Form {
  const fields = new URLSearchParams(body.toString("utf8"));
  const field = (name: string) => fields.get(name) ?? "";
  return {
    action: field("action"),
    token: field("token"),
    account: field("account").trim(),
    // Browsers send line ends as CR LF, but count each as one character of a field's maxlength.
    notes: field("notes").replaceAll("\r\n", "\n"),
    keepReading: fields.has("keepReading"),
  };
}

/** The account that the form proposes for a new owner. */
export const exampleAccount = ({ requestorId }: DelegationRequest): string =>
  requestorId === "222222222222" ? "333333333333" : "222222222222";
