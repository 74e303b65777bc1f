import { randomUUID } from "node:crypto";
import type { Settings } from "../cloud";
import { consoleDeepLink } from "../console/links";
import { AwsError } from "../errors";
import { operation } from "../operation";
import { DEFAULT_REGIONS } from "../regions";
import { boolean, integer, list, string, structure } from "../shapes";
import type { DelegationRequest } from "./delegationRequest";

const TEXT = "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]";

const policyParameter = structure(
  {
    Name: string({ min: 5, max: 256, pattern: "[ -~]+" }),
    Values: list(string({ pattern: "[ -~]+" })),
    Type: string({ enum: ["string", "stringList"] }),
  },
  [],
);

const invalidInput = (message: string) => new AwsError("InvalidInput", 400, message);

/** The rules of AWS's guide for partners that the model does not have. */
function checkPermissions({
  PolicyTemplateArn = "",
  Parameters = [],
}: DelegationRequest["permissions"]): void {
  if (!/^arn:aws:iam::[^:]*:delegation-template\/./.test(PolicyTemplateArn)) {
    throw invalidInput("Permissions.PolicyTemplateArn must be the ARN of a policy template.");
  }
  for (const { Type, Values = [] } of Parameters) {
    if (Type === "string" && Values.length !== 1) {
      throw invalidInput("A parameter of type string must have one value.");
    }
  }
}

function checkNotificationChannel(arn: string, account: string, { partners }: Settings): void {
  const [, region = "", owner = ""] = /^arn:aws:sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256}$/.exec(arn) ?? [];
  const accounts = partners.find((group) => group.includes(account)) ?? [account];
  if (DEFAULT_REGIONS.has(region) && accounts.includes(owner)) return;
  throw invalidInput(
    "NotificationChannel must be the ARN of a standard SNS topic, in an account of the partner's " +
      `(${accounts.join(", ")}) and in a region that is on by default.`,
  );
}

export const createDelegationRequest = operation(
  {
    name: "CreateDelegationRequest",
    input: structure(
      {
        OwnerAccountId: string({ pattern: "\\d{12}" }),
        Description: string({ max: 1000, pattern: `${TEXT}*` }),
        Permissions: structure(
          {
            PolicyTemplateArn: string({ min: 20, max: 2048 }),
            Parameters: list(policyParameter, { max: 50 }),
          },
          [],
        ),
        RequestMessage: string({ max: 200, pattern: `${TEXT}*` }),
        RequestorWorkflowId: string({ min: 5, max: 400, pattern: `${TEXT}+` }),
        RedirectUrl: string({
          min: 1,
          max: 255,
          pattern: "^http(s?)://[a-zA-Z0-9._/-]*(\\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$",
        }),
        NotificationChannel: string({ min: 2, max: 400, pattern: "^[a-zA-Z0-9:_.-]+$" }),
        SessionDuration: integer({ min: 300, max: 43_200 }),
        OnlySendByOwner: boolean,
      },
      ["Description", "Permissions", "RequestorWorkflowId", "NotificationChannel", "SessionDuration"],
    ),
  },
  (given, { caller, now, cloud }) => {
    if (cloud.settings.unenrolledAccounts.has(caller.account)) {
      throw new AwsError(
        "AccessDenied",
        403,
        `User: ${caller.arn} is not authorized to perform: iam:CreateDelegationRequest`,
      );
    }
    checkPermissions(given.Permissions);
    checkNotificationChannel(given.NotificationChannel, caller.account, cloud.settings);
    const workflowKey = `${caller.account} ${given.RequestorWorkflowId}`;
    if (cloud.iam.usedWorkflowIds.has(workflowKey)) {
      throw new AwsError(
        "EntityAlreadyExists",
        409,
        `A delegation request with RequestorWorkflowId ${given.RequestorWorkflowId} already exists.`,
      );
    }

    const request: DelegationRequest = {
      id: randomUUID(),
      requestorId: caller.account,
      requestorWorkflowId: given.RequestorWorkflowId,
      description: given.Description,
      permissions: given.Permissions,
      requestMessage: given.RequestMessage,
      redirectUrl: given.RedirectUrl,
      notificationChannel: given.NotificationChannel,
      sessionDuration: given.SessionDuration,
      onlySendByOwner: given.OnlySendByOwner ?? false,
      createDate: now,
      readableBy: new Set(),
      history: [{ state: "UNASSIGNED", at: now, by: caller.arn }],
      state: "UNASSIGNED",
      stateSince: now,
      updatedTime: now,
      ...(given.OwnerAccountId === undefined ? {} : { ownerAccountId: given.OwnerAccountId }),
    };
    cloud.iam.usedWorkflowIds.add(workflowKey);
    cloud.iam.delegationRequests.set(request.id, request);
    return {
      DelegationRequestId: request.id,
      ConsoleDeepLink: consoleDeepLink(request.id, cloud.endpoint),
    };
  },
);
