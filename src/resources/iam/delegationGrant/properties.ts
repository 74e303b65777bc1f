import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { inbox, MAILBOX_ACTIONS } from "../delegationRequest/properties";

const inputs = {
  /** AWS's id of the request: `delegationRequestId` of the `DelegationRequest`. Another id, as after a renewal, keeps `granted`. */
  delegationRequestId: {
    type: "string",
    minLength: 16,
    maxLength: 128,
    pattern: /^[\w-]+$/,
    patternMessage: "may hold only letters, digits, - and _",
    onChange: "update",
    local: true,
  },
  /** Where the request's notifications are kept: the `inbox` of the `DelegationRequest`. */
  inbox: { type: "object", properties: inbox, onChange: "update", local: true },
  /**
   * `FINALIZED`: `pulumi up` waits until the customer has sent the token, for each new request. Set `timeouts.create`
   * accordingly. The wait fails if the customer rejects the request or the request expires. Default: no wait.
   */
  waitFor: { type: "string", enum: ["FINALIZED"], optional: true, onChange: "update", local: true },
} as const satisfies Properties;

const outputs = {
  /**
   * Whether the customer has ever granted access, as of the last wait or refresh. It remains true after that access
   * ends, and while the customer is asked again. A preview with `waitFor` assumes true.
   */
  granted: { type: "boolean", tracked: true },
} as const satisfies Properties;

/** The declaration of what a customer granted. */
export const delegationGrant = {
  token: "aws-approvals:iam:DelegationGrant",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport: "Declare it without the option: pulumi refresh reads the inbox.",
  actions: MAILBOX_ACTIONS,
} as const satisfies ResourceDeclaration;
