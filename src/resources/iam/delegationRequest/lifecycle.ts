import { randomBytes } from "node:crypto";
import type { DelegationRequest as Description } from "@aws-sdk/client-iam";
import { z } from "zod";
import { KNOWN_STATES, type KnownState } from "../../../aws/delegationRequestState";
import {
  attemptsOf,
  call,
  hasCode,
  type OperationError,
  ReadableError,
  type Remedies,
} from "../../../aws/errors";
import { nameOf } from "../../../program/origin";
import { changed, pick, withoutComputed } from "../../../provider/diff";
import { type Context, type Lifecycle, Unfinished } from "../../../provider/lifecycle";
import { flag, hasUnknowns, integer, isUnknown, list, oneOf, record, text } from "../../../provider/validate";

// The sets of characters that the IAM API model allows.
const LATIN_1 = /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
const latin1 = {
  pattern: LATIN_1,
  allows: "may hold only Latin-1 letters, digits, punctuation, tabs and line ends",
};
const ascii = { pattern: PRINTABLE_ASCII, allows: "may hold only printable ASCII characters" };

/** What may have become of a request for another one to be made, if the program wants it. */
const RENEWABLE = ["EXPIRED", "REJECTED", "VANISHED"] as const satisfies readonly KnownState[];

const schema = record({
  ownerAccountId: text({ pattern: /^\d{12}$/, allows: "must be an account id of 12 digits" }).optional(),
  description: text({ max: 1000, ...latin1 }),
  permissions: record({
    policyTemplateArn: text({
      min: 20,
      max: 2048,
      pattern: /^arn:/,
      allows: 'must be an ARN, which begins with "arn:"',
    }),
    parameters: list(
      record({
        name: text({ min: 5, max: 256, ...ascii }),
        type: oneOf(["string", "stringList"]),
        values: list(text({ min: 1, ...ascii })),
      }),
      { max: 50 },
    ).optional(),
  }),
  requestMessage: text({ max: 200, ...latin1 }).optional(),
  requestorWorkflowId: text({ min: 5, max: 400, ...latin1 }).optional(),
  redirectUrl: text({
    min: 1,
    max: 255,
    pattern: /^https?:\/\/[a-zA-Z0-9._/-]*(\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$/,
    allows:
      "must be an http or https URL of letters, digits and ._/- with a plain query and fragment (no port, no %)",
  }).optional(),
  notificationChannel: text({
    min: 2,
    max: 400,
    pattern: /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+$/,
    allows: "must be the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:approvals",
  }),
  sessionDuration: integer({ min: 300, max: 43_200, unit: "seconds" }),
  onlySendByOwner: flag().optional(),
  renewWhen: list(oneOf(RENEWABLE)).optional(),
  generation: z.union([z.number(), z.string()], { error: "must be a number or a string" }).optional(),
  state: oneOf(KNOWN_STATES).optional(),
  permissionPolicy: z.null().optional(),
  origin: z.string(),
});

type Inputs = z.infer<typeof schema>;
type Asked = Omit<Inputs, "permissionPolicy">;

/** What a stack keeps of a request: what was asked for, and what AWS told. */
interface State extends Asked {
  state: KnownState;
  delegationRequestId: string;
  consoleDeepLink?: string;
  requestorWorkflowId: string;
  expirationTime?: string;
  ownerId?: string;
  approverId?: string;
  rejectionReason?: string;
  notes?: string;
  requestorId?: string;
  requestorName?: string;
  createDate?: string;
  updatedTime?: string;
  /** Null, when it will be a secret and is not known yet: Pulumi keeps secret what was. */
  permissionPolicy?: string | null;
  rolePermissionRestrictionArns?: string[];
  /** Arguments that the program left out and that we or AWS filled in. */
  computed: ("ownerAccountId" | "requestorWorkflowId")[];
}

const REPLACING = [
  "ownerAccountId",
  "description",
  "permissions",
  "requestMessage",
  "requestorWorkflowId",
  "redirectUrl",
  "notificationChannel",
  "sessionDuration",
  "onlySendByOwner",
  "generation",
] as const satisfies (keyof Inputs)[];

const ASKED = Object.keys(schema.shape).filter((key) => key !== "permissionPolicy") as (keyof Asked)[];

const DAY = 24 * 60 * 60 * 1000;

/** The life of an IAM delegation request. */
export const delegationRequestLifecycle: Lifecycle<Inputs, State> = {
  type: "DelegationRequest",
  schema,

  /**
   * `state` is an input that we keep: the state that the last refresh saw. So a refresh shows what people did, and the
   * preview of a renewal shows why: `~ state: "EXPIRED" => "UNASSIGNED"`.
   */
  check(olds, news) {
    const state = olds && !renews(olds.state, news) ? olds.state : "UNASSIGNED";
    const inputs = { ...news, state };
    const again = olds ? replacements(olds, inputs) : [];
    const id = news.requestorWorkflowId;
    if (id === undefined || id !== olds?.requestorWorkflowId || again.length === 0)
      return { inputs, failures: [] };
    const reason = `was used for the request that ${again.join(", ")} replaces, and AWS accepts an id only once: give another one, or leave it out to have a fresh one made for every request`;
    return { inputs, failures: [{ property: "requestorWorkflowId", reason }] };
  },

  inputsOf(state) {
    return pick<Asked, keyof Asked>(withoutComputed(state), ASKED);
  },

  diff(olds, news) {
    return {
      replaces: [
        ...changed<Asked>(comparable(withoutComputed(olds, news)), comparable(news), REPLACING),
        ...(renews(olds.state, news) ? ["state"] : []),
      ],
      updates: changed<Asked>(olds, news, ["renewWhen", "state"]),
    };
  },

  async create(inputs, context) {
    const { requestorWorkflowId, created } = await createRequest(inputs, context);
    const state: State = {
      ...inputs,
      ...created,
      requestorWorkflowId,
      state: "UNASSIGNED",
      expirationTime: new Date(context.clock.now().getTime() + DAY).toISOString(),
      computed: (["ownerAccountId", "requestorWorkflowId"] as const).filter(
        (key) => inputs[key] === undefined,
      ),
    };
    const id = created.delegationRequestId;
    try {
      return { id, state: { ...told(state, await describe(id, context)), state: state.state } };
    } catch (error) {
      if (hasCode(error, "AccessDenied", "NoSuchEntity")) return { id, state };
      throw new Unfinished(id, state, error);
    }
  },

  async read(id, olds, context) {
    if (!olds) {
      throw new ReadableError(
        "DelegationRequest",
        `cannot be read by its id alone (${id}): AWS never tells its link again.`,
      );
    }
    try {
      return told(olds, await describe(id, context));
    } catch (error) {
      if (hasCode(error, "NoSuchEntity")) return vanished(olds);
      if (!hasCode(error, "AccessDenied")) throw error;
      context.say(
        `${label(olds, id)} may not be read by its requestor (any more), as is usual once a customer account owns it. ` +
          `Kept what is known: ${olds.state}. News of it arrives at its notificationChannel.`,
      );
      return olds;
    }
  },

  /** What can change in place is ours, not AWS's. Looking again is what mends a create that could not look. */
  async update(id, olds, news, context) {
    const { permissionPolicy: _, state: asSeen = olds.state, ...asked } = news;
    const state = { ...olds, renewWhen: undefined, ...asked };
    return { ...((await delegationRequestLifecycle.read(id, state, context)) ?? state), state: asSeen };
  },

  async delete(id, olds, context) {
    if (olds.state === "EXPIRED") return;
    const lapses = olds.expirationTime ? `, on ${olds.expirationTime} if nobody has acted on it` : "";
    context.say(
      `${label(olds, id)} is forgotten, not cancelled: AWS has no cancel. It lapses by itself${lapses}.`,
    );
  },
};

/**
 * A request that AWS does not find. It deletes lapsed ones only, but what people had answered before that nobody tells
 * now: unless an answer was seen, it is not for us to say that there was none.
 */
function vanished(olds: State): State {
  return isAnswer(olds.state) || olds.state === "EXPIRED" ? olds : { ...olds, state: "VANISHED" };
}

/** Whether people have decided: later, the request lapses all the same, and their answer stays what it was. */
const isAnswer = (state: KnownState | undefined) =>
  ["ACCEPTED", "FINALIZED", "REJECTED"].includes(state ?? "");

function renews(state: KnownState | undefined, { renewWhen }: Pick<Inputs, "renewWhen">): boolean {
  return Array.isArray(renewWhen) && (renewWhen as KnownState[]).includes(state ?? "UNASSIGNED");
}

/** What of the new inputs makes another request for sure: what a preview does not know may turn out the same. */
function replacements(olds: Inputs, news: Inputs): string[] {
  const known = REPLACING.filter((key) => !hasUnknowns(news[key]));
  return [
    ...changed(comparable(olds), comparable(news), known),
    ...(renews(olds.state, news) ? ["a renewal"] : []),
  ];
}

/** With AWS's defaults spelt out, which are no difference. */
function comparable<T extends Pick<Inputs, "onlySendByOwner" | "permissions">>(inputs: T): T {
  const { onlySendByOwner = false, permissions } = inputs;
  const spelt = isUnknown(permissions)
    ? permissions
    : { ...permissions, parameters: permissions?.parameters ?? [] };
  return { ...inputs, onlySendByOwner, permissions: spelt };
}

const label = (state: Pick<Inputs, "origin">, id: string) =>
  `DelegationRequest ${nameOf(state.origin, id)} (${id})`;

const NOT_ENROLLED =
  "The caller needs the permission iam:CreateDelegationRequest, and AWS must have enrolled the account as a product provider for temporary delegation: any other account is refused in just this way. Ask AWS (your partner manager) whether it is.";

/** A failure after which nobody knows whether AWS has made the request. */
const LOST_ANSWER = "If AWS made the request all the same, nobody has its link, and it lapses by itself.";

const CREATE_REMEDIES: Remedies = {
  AccessDenied: NOT_ENROLLED,
  ...Object.fromEntries(
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError", "ServiceFailure"].map((code) => [
      code,
      `Nobody knows whether the answer was lost on the way. ${LOST_ANSWER} Run again.`,
    ]),
  ),
};

/** Imported once: every import() copies the thousand names of the module, which takes longer than a call. */
let imported: Promise<typeof import("@aws-sdk/client-iam")> | undefined;
function sdk() {
  imported ??= import("@aws-sdk/client-iam");
  return imported;
}

/** A generated id collides only when the SDK's own retry follows an answer that was lost. */
const GENERATED_IDS = 3;

async function createRequest(inputs: Inputs, { aws }: Context) {
  const iam = await aws.iam();
  const { CreateDelegationRequestCommand } = await sdk();
  const resource = `DelegationRequest ${nameOf(inputs.origin, "")}`;
  for (let attempt = 1; ; attempt++) {
    const requestorWorkflowId = inputs.requestorWorkflowId ?? freshWorkflowId(inputs.origin);
    const command = new CreateDelegationRequestCommand({
      OwnerAccountId: inputs.ownerAccountId,
      Description: inputs.description,
      Permissions: {
        PolicyTemplateArn: inputs.permissions.policyTemplateArn,
        Parameters: inputs.permissions.parameters?.map(({ name, type, values }) => ({
          Name: name,
          Type: type,
          Values: values,
        })),
      },
      RequestMessage: inputs.requestMessage,
      RequestorWorkflowId: requestorWorkflowId,
      RedirectUrl: inputs.redirectUrl,
      NotificationChannel: inputs.notificationChannel,
      SessionDuration: inputs.sessionDuration,
      OnlySendByOwner: inputs.onlySendByOwner,
    });
    try {
      const answer = await call(
        "iam:CreateDelegationRequest",
        resource,
        () => iam.send(command),
        CREATE_REMEDIES,
      );
      const { DelegationRequestId: delegationRequestId, ConsoleDeepLink: consoleDeepLink } = answer;
      if (!delegationRequestId)
        throw new ReadableError(resource, "iam:CreateDelegationRequest answered without an id.");
      return { requestorWorkflowId, created: { delegationRequestId, consoleDeepLink } };
    } catch (error) {
      if (!hasCode(error, "EntityAlreadyExists")) throw error;
      if (inputs.requestorWorkflowId !== undefined) throw usedBefore(resource, error);
      if (attempt === GENERATED_IDS) throw error;
    }
  }
}

function usedBefore(resource: string, error: OperationError) {
  const lost =
    attemptsOf(error) > 1 ? "The first try's answer was lost, so the request may be this very one. " : "";
  return new ReadableError(
    resource,
    `requestorWorkflowId was used before. ${lost}AWS accepts an id only once, for ever, and never returns the first ` +
      "request's link again; that request lapses by itself. Give another requestorWorkflowId, or leave it out to " +
      "have a fresh one made for every request.",
    { cause: error },
  );
}

/** A readable stem and an ending of its own for every attempt: an id whose answer was lost can never be used again. */
function freshWorkflowId(origin: string): string {
  const ending = randomBytes(8).toString("hex");
  const stem = origin.replace(/[^\t\n\r\u0020-\u007E\u00A1-\u00FF]/g, "-").slice(0, 400 - ending.length - 1);
  return `${stem}/${ending}`;
}

async function describe(id: string, { aws }: Context): Promise<Description> {
  const iam = await aws.iam();
  const { GetDelegationRequestCommand } = await sdk();
  const command = new GetDelegationRequestCommand({ DelegationRequestId: id });
  const answer = await call("iam:GetDelegationRequest", `DelegationRequest ${id}`, () => iam.send(command));
  return answer.DelegationRequest ?? {};
}

/** An answer that lapsed is still the answer. */
function stateOf(olds: State, { State, RejectionReason, ApproverId }: Description): KnownState | undefined {
  if (State !== "EXPIRED") return State;
  if (isAnswer(olds.state)) return olds.state;
  if (RejectionReason !== undefined) return "REJECTED";
  return ApproverId === undefined ? "EXPIRED" : "ACCEPTED";
}

/** The state with what AWS tells now; what it leaves out stays as it was known. */
function told(olds: State, now: Description): State {
  const news = {
    state: stateOf(olds, now),
    ownerAccountId: now.OwnerAccountId,
    expirationTime: now.ExpirationTime?.toISOString(),
    ownerId: now.OwnerId,
    approverId: now.ApproverId,
    rejectionReason: now.RejectionReason,
    notes: now.Notes,
    requestorId: now.RequestorId,
    requestorName: now.RequestorName,
    createDate: now.CreateDate?.toISOString(),
    updatedTime: now.UpdatedTime?.toISOString(),
    permissionPolicy: now.PermissionPolicy,
    rolePermissionRestrictionArns: now.RolePermissionRestrictionArns,
  };
  return { ...olds, ...pick(news, Object.keys(news) as (keyof typeof news)[]) } as State;
}
