import type { DelegationRequest } from "../iam/delegationRequest";

/** What a button does: one operation of IAM, called by the customer's root user. */
export const OPERATIONS = {
  claim: "AssociateDelegationRequest",
  accept: "AcceptDelegationRequest",
  forward: "UpdateDelegationRequest",
  reject: "RejectDelegationRequest",
  send: "SendDelegationToken",
} as const;

export type Action = keyof typeof OPERATIONS;

export const isAction = (name: string): name is Action => Object.hasOwn(OPERATIONS, name);

/** What was filled in. */
export interface Form {
  readonly action: string;
  readonly token: string;
  readonly account: string;
  readonly notes: string;
  /** The owner lets the requester read the request: stands for an IAM grant. */
  readonly keepReading: boolean;
}

export function readForm(body: Buffer): Form {
  const fields = new URLSearchParams(body.toString("utf8"));
  const field = (name: string) => fields.get(name) ?? "";
  return {
    action: field("action"),
    token: field("token"),
    account: field("account").trim(),
    // Browsers send line ends as CR LF, and count them as one character against a field's maxlength.
    notes: field("notes").replaceAll("\r\n", "\n"),
    keepReading: fields.has("keepReading"),
  };
}

/** The account that a new owner may be of. */
export const exampleAccount = ({ requestorId }: DelegationRequest): string =>
  requestorId === "222222222222" ? "333333333333" : "222222222222";

export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;
