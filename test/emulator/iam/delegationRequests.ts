/** Delegation requests for tests to work on. */
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  type CreateDelegationRequestCommandInput,
  GetDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from "@aws-sdk/client-iam";
import { type Credentials, CUSTOMER, type Harness, PARTNER, TEMPLATE_ARN } from "../harness";

export const TOPIC_ARN = `arn:aws:sns:us-east-1:${PARTNER}:approvals`;
/** The id of no request. */
export const UNKNOWN = "no-such-request-id";
export const DENIED = { code: "AccessDenied", status: 403 };

export const summaryArnOf = (id: string) => `arn:aws:iam::${CUSTOMER}:delegation-request/${id}`;

let workflow = 0;
export const workflowId = (): string => `workflow-${++workflow}`;

/** Creates a request with the required members, and more. */
export const createAs = (
  { iam }: Harness,
  who: string | Credentials,
  more: Partial<CreateDelegationRequestCommandInput> = {},
) =>
  iam(who).send(
    new CreateDelegationRequestCommand({
      Description: "Back up your buckets",
      Permissions: { PolicyTemplateArn: TEMPLATE_ARN },
      RequestorWorkflowId: workflowId(),
      NotificationChannel: TOPIC_ARN,
      SessionDuration: 3600,
      ...more,
    }),
  );

const COMMANDS = {
  associate: AssociateDelegationRequestCommand,
  update: UpdateDelegationRequestCommand,
  accept: AcceptDelegationRequestCommand,
  reject: RejectDelegationRequestCommand,
  send: SendDelegationTokenCommand,
};
export type Step = keyof typeof COMMANDS;

export const act = ({ iam }: Harness, who: string | Credentials, step: Step, id: string, Notes?: string) =>
  iam(who).send(new COMMANDS[step]({ DelegationRequestId: id, Notes }));

/** The id of a new request, after steps that the customer has taken. */
export async function created(
  harness: Harness,
  steps: readonly Step[] = [],
  more: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<string> {
  const { DelegationRequestId: id = "" } = await createAs(harness, PARTNER, more);
  for (const step of steps) await act(harness, CUSTOMER, step, id);
  return id;
}

export const get = async ({ iam }: Harness, who: string | Credentials, id: string) =>
  (await iam(who).send(new GetDelegationRequestCommand({ DelegationRequestId: id }))).DelegationRequest ?? {};

/** The ids of three requests that the customer owns. */
export async function threeOwned(harness: Harness): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) ids.push(await created(harness, ["associate"]));
  return ids;
}
