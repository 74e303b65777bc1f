import { iam } from "../../../src/emulator/iam/service";
import { describeConformance } from "../conformance";
import { CUSTOMER, type Harness, PARTNER, TEMPLATE_ARN } from "../harness";
import {
  act,
  createAs,
  created,
  summaryArnOf,
  TOPIC_ARN,
  threeOwned,
  UNKNOWN,
  workflowId,
} from "./delegationRequests";

const creation = () => ({
  OwnerAccountId: CUSTOMER,
  Description: "Back up your buckets",
  Permissions: {
    PolicyTemplateArn: TEMPLATE_ARN,
    Parameters: [{ Name: "buckets", Values: ["a"], Type: "stringList" }],
  },
  RequestMessage: "for workspace 7",
  RedirectUrl: "https://partner.example/done",
  NotificationChannel: TOPIC_ARN,
  SessionDuration: 3600,
  OnlySendByOwner: true,
  RequestorWorkflowId: workflowId(),
});
/** A customer's call about a request. */
const call = (DelegationRequestId: string, more: object = {}) => ({
  caller: CUSTOMER,
  input: { DelegationRequestId, ...more },
});
const TEMPLATES = "arn:aws:iam:::delegation-template/";
const NOTES = { Notes: "please look" };
const summaryCall = (EntityArn: string) => ({ caller: CUSTOMER, input: { EntityArn, Locale: "en" } });

/** The list tests only read, so they share the requests. */
let owned: Promise<string[]> | undefined;
const sharedOwned = (running: Harness): Promise<string[]> => {
  owned ??= threeOwned(running);
  return owned;
};

const ID = { DelegationRequestId: { why: "it must name a request", code: "NoSuchEntity" } };
const INJECTED = {
  ServiceFailureException: "injected",
  ConcurrentModificationException: "injected",
} as const;

describeConformance(iam, {
  CreateDelegationRequest: {
    example: () => ({ caller: PARTNER, input: creation() }),
    restrictions: {
      NotificationChannel: {
        why: "AWS's guide for partners: a standard SNS topic of the partner's, in a region that is on by default",
        code: "InvalidInput",
        valid: (length) => {
          const name = "t".repeat(Math.max(0, length - TOPIC_ARN.length + "approvals".length));
          return name === "" || name.length > 256 ? undefined : TOPIC_ARN.replace("approvals", name);
        },
      },
      "Permissions.PolicyTemplateArn": {
        why: "nothing could be asked for without a template, and a template is known by its ARN",
        code: "InvalidInput",
        valid: (length) => (length <= TEMPLATES.length ? undefined : TEMPLATES.padEnd(length, "a")),
        required: true,
      },
    },
    errors: {
      EntityAlreadyExistsException: async (running) => {
        const input = creation();
        await createAs(running, PARTNER, { RequestorWorkflowId: input.RequestorWorkflowId });
        return { caller: PARTNER, input };
      },
      InvalidInputException: () => ({ caller: CUSTOMER, input: creation() }),
      LimitExceededException: "injected",
      ...INJECTED,
    },
  },
  GetDelegationRequest: {
    example: async (running) => {
      const id = await created(running, ["associate"], {
        Permissions: {
          PolicyTemplateArn: TEMPLATE_ARN,
          Parameters: [{ Name: "buckets", Values: ["a", "b"], Type: "stringList" }],
        },
        RequestMessage: "for workspace 7",
        RedirectUrl: "https://partner.example/done",
        OnlySendByOwner: true,
      });
      await act(running, CUSTOMER, "update", id, "please look");
      return call(id, { DelegationPermissionCheck: true });
    },
    restrictions: ID,
    errors: {
      NoSuchEntityException: () => call(UNKNOWN, { DelegationPermissionCheck: true }),
      ServiceFailureException: "injected",
    },
  },
  ListDelegationRequests: {
    example: async (running) => {
      const [Marker = ""] = await sharedOwned(running);
      return { caller: CUSTOMER, input: { OwnerId: `arn:aws:iam::${CUSTOMER}:root`, Marker, MaxItems: 1 } };
    },
    restrictions: {
      Marker: { why: "a marker is what a response contained", code: "InvalidInput" },
      OwnerId: { why: "the example's marker is of its own owner's list", code: "InvalidInput" },
    },
    errors: {
      InvalidInputException: () => ({ caller: CUSTOMER, input: { Marker: UNKNOWN } }),
      // AWS does not document when it occurs: in the emulator, an owner without requests has an empty list.
      NoSuchEntityException: "injected",
      ServiceFailureException: "injected",
    },
  },
  AssociateDelegationRequest: {
    example: async (running) => call(await created(running)),
    restrictions: ID,
    errors: {
      NoSuchEntityException: () => call(UNKNOWN),
      InvalidInputException: async (running) => call(await created(running, ["associate"])),
      ...INJECTED,
    },
  },
  UpdateDelegationRequest: {
    example: async (running) => call(await created(running, ["associate"]), NOTES),
    restrictions: ID,
    errors: {
      NoSuchEntityException: () => call(UNKNOWN, NOTES),
      InvalidInputException: async (running) => call(await created(running, ["associate", "accept"]), NOTES),
      ...INJECTED,
    },
  },
  AcceptDelegationRequest: {
    example: async (running) => call(await created(running, ["associate"])),
    restrictions: ID,
    errors: { NoSuchEntityException: () => call(UNKNOWN), ...INJECTED },
  },
  RejectDelegationRequest: {
    example: async (running) => call(await created(running, ["associate"]), NOTES),
    restrictions: ID,
    errors: {
      NoSuchEntityException: () => call(UNKNOWN, NOTES),
      InvalidInputException: async (running) => call(await created(running, ["associate", "reject"]), NOTES),
      ...INJECTED,
    },
  },
  SendDelegationToken: {
    example: async (running) => call(await created(running, ["associate", "accept"])),
    restrictions: ID,
    errors: {
      NoSuchEntityException: () => call(UNKNOWN),
      InvalidInputException: async (running) => call(await created(running, ["associate"])),
      ...INJECTED,
    },
  },
  GetHumanReadableSummary: {
    example: async (running) => summaryCall(summaryArnOf(await created(running))),
    restrictions: { EntityArn: { why: "only delegation requests have a summary", code: "InvalidInput" } },
    errors: {
      InvalidInputException: () => summaryCall(`arn:aws:iam::${CUSTOMER}:role/no-request`),
      NoSuchEntityException: () => summaryCall(summaryArnOf(UNKNOWN)),
      ServiceFailureException: "injected",
    },
  },
});
