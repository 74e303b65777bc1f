import { z } from "zod";
import { OBSERVED_STATES, REQUEST_ID } from "../aws/delegationRequestState";
import { APPROVAL_INBOX, CUSTOMER_ACCESS } from "../components/tokens";
import { SIGNATURE_KEY } from "../declaration/markers";
import { parseJson } from "../mailbox/notification";
import type { NotifiedState } from "../mailbox/order";
import { tokenOfType } from "../program/handle";
import { resources } from "../resources";
import { CommandError } from "./exitCodes";
import type { NamedMailbox } from "./mailboxes";
import type { StackOptions } from "./options";
import { readState } from "./readState";
import { rememberNames } from "./rememberNames";

export interface StackResource {
  name: string;
  urn: string;
  /** Of our resources the token, whichever front they are of. */
  type: string;
  /** Without secrets. */
  outputs: Readonly<Record<string, unknown>>;
  /** The names of the outputs that are left out as secrets. */
  secrets: ReadonlySet<string>;
}

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  delete: z.boolean().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const deployment = z.object({ resources: z.array(resource).optional() });

/** A delegation request, as of the last up or refresh. */
export interface StackRequest extends StackResource {
  /** The id that AWS gave it. */
  id: string;
  state: NotifiedState;
  updatedAt: Date;
  /** Its `notificationChannel`, unless that is a secret. */
  topicArn: string | undefined;
}

/** The format of `pulumi stack export`, and of a state file in a backend folder. */
const state = z.union([
  z.object({ deployment }).transform((exported) => exported.deployment),
  z
    .object({ checkpoint: z.object({ latest: deployment.nullish() }) })
    .transform(({ checkpoint }) => checkpoint.latest),
]);

/** The state of a Pulumi stack: our resources, and the mailboxes of their notifications. */
export class Stack {
  /** From `urn:pulumi:STACK::PROJECT::…`; absent in an empty stack. */
  readonly name: string | undefined;

  private requests: readonly StackRequest[] | undefined;
  private requestsById: ReadonlyMap<string, StackRequest> | undefined;

  private readonly byType = new Map<string, StackResource[]>();

  private constructor(resources: readonly StackResource[]) {
    for (const resource of resources) {
      const group = this.byType.get(resource.type);
      if (group) group.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    this.name = resources[0]?.urn.split(":")[2];
  }

  /** @throws CommandError when there is no such stack, no `pulumi`, or no state in the file */
  static async load(options: StackOptions): Promise<Stack> {
    if (options.loaded) return options.loaded;
    const stack = Stack.parse(await readState(options), options.stateFile);
    rememberNames(options, stack.delegationRequests());
    return stack;
  }

  /**
   * @param file that the text is of
   * @throws CommandError when the text isn't the state of a stack
   */
  static parse(text: string, file?: string): Stack {
    const parsed = state.safeParse(parseJson(text));
    if (!parsed.success) {
      const origin = file === undefined ? "pulumi stack export" : `--state-file ${file}`;
      throw new CommandError(
        `${origin}: this is not the state of a stack as \`pulumi stack export\` prints it.`,
      );
    }
    const resources = parsed.data?.resources ?? [];
    return new Stack(resources.filter((resource) => !resource.delete).map(visibleOutputs));
  }

  ofType(type: string): readonly StackResource[] {
    return this.byType.get(type) ?? [];
  }

  delegationRequests(): readonly StackRequest[] {
    this.requests ??= this.ofType(TYPES.delegationRequest).flatMap((resource) => readRequest(resource) ?? []);
    return this.requests;
  }

  /** The request of an id. */
  delegationRequest(id: string): StackRequest | undefined {
    this.requestsById ??= new Map(this.delegationRequests().map((request) => [request.id, request]));
    return this.requestsById.get(id);
  }

  /**
   * Where the notifications of a request are kept: in its own `inbox`, that of the component that has its topic, or the table
   * that is the stack's output `tableArn`.
   */
  findMailbox(requestId: string): NamedMailbox | undefined {
    const request = this.delegationRequest(requestId);
    const topicArn = request?.topicArn;
    const component = this.inboxComponents().find(
      ({ outputs }) => topicArn && outputs["topicArn"] === topicArn,
    );
    return (
      readMailbox(request?.outputs["inbox"]) ?? readMailbox(component?.outputs) ?? this.exportedMailbox()
    );
  }

  /** The mailboxes of all inboxes and requests. */
  mailboxes(): NamedMailbox[] {
    const ofComponents = this.inboxComponents().map(({ outputs }) => readMailbox(outputs));
    const ofRequests = this.delegationRequests().map(({ id }) => this.findMailbox(id));
    // Those that name more than the table come last, and stay.
    const all = [this.exportedMailbox(), ...ofRequests, ...ofComponents];
    return [...new Map(all.flatMap((one) => (one ? [[one.tableArn, one] as const] : []))).values()];
  }

  private inboxComponents(): StackResource[] {
    return [...this.ofType(TYPES.approvalInbox), ...this.ofType(TYPES.customerAccess)];
  }

  private exportedMailbox(): NamedMailbox | undefined {
    const [stack] = this.ofType("pulumi:pulumi:Stack");
    return stack && readMailbox({ tableArn: stack.outputs["tableArn"] });
  }

  /** The ARNs of the approval teams. */
  approvalTeams(): string[] {
    return this.ofType(TYPES.approvalTeam).flatMap(({ outputs }) =>
      typeof outputs["arn"] === "string" ? [outputs["arn"]] : [],
    );
  }
}

function readRequest(resource: StackResource): StackRequest | undefined {
  const { delegationRequestId: id, state, updatedTime, createDate, notificationChannel } = resource.outputs;
  // Pending creates have no id.
  if (typeof id !== "string" || !REQUEST_ID.test(id)) return undefined;
  const known = OBSERVED_STATES.find((one) => one === state) ?? "UNASSIGNED";
  return {
    ...resource,
    id,
    // AWS deletes a request only after it has expired.
    state: known === "VANISHED" ? "EXPIRED" : known,
    updatedAt: new Date(String(updatedTime ?? createDate ?? "1970-01-01")),
    topicArn: typeof notificationChannel === "string" ? notificationChannel : undefined,
  };
}

const mailbox = z.object({
  tableArn: z.string(),
  queueUrl: z.string().optional(),
  topicArn: z.string().optional(),
  deadLetterQueueUrl: z.string().optional(),
});

const readMailbox = (outputs: unknown): NamedMailbox | undefined => mailbox.safeParse(outputs).data;

/** The types of our resources and components in a state. */
export const TYPES = {
  delegationRequest: resources.delegationRequest.token,
  identitySource: resources.identitySource.token,
  approvalTeam: resources.approvalTeam.token,
  vaultApprovalTeam: resources.vaultApprovalTeam.token,
  restoreAccessVault: resources.restoreAccessVault.token,
  teamAssociation: resources.teamAssociation.token,
  approvalInbox: APPROVAL_INBOX,
  customerAccess: CUSTOMER_ACCESS,
} as const;

function visibleOutputs({ urn, type, outputs = {} }: z.infer<typeof resource>): StackResource {
  const isMarked = (value: unknown) => typeof value === "object" && value !== null && SIGNATURE_KEY in value;
  const entries = Object.entries(outputs);
  return {
    name: urn.split("::").slice(3).join("::"),
    urn,
    type: tokenOfType(type),
    outputs: Object.fromEntries(entries.filter(([, value]) => !isMarked(value))),
    secrets: new Set(entries.filter(([, value]) => isMarked(value)).map(([key]) => key)),
  };
}
