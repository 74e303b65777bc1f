import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import {
  DELEGATION_REQUEST_STATES,
  type DelegationRequestState,
  REQUEST_ID,
} from "../aws/delegationRequestState";
import { APPROVAL_INBOX, CUSTOMER_ACCESS } from "../components/tokens";
import { parseJson } from "../mailbox/notification";
import { tokenOfType } from "../program/handle";
import { resources } from "../resources";
import type { InboxAddress } from "./cache";
import { chainTo } from "./chain";
import { CommandError, exitCodes } from "./exitCodes";
import type { StackOptions } from "./options";
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
  state: DelegationRequestState;
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

/** The state of a Pulumi stack: our resources, and the queues that their notifications arrive at. */
export class Stack {
  /** From `urn:pulumi:STACK::PROJECT::…`; absent in an empty stack. */
  readonly name: string | undefined;

  private constructor(private readonly resources: readonly StackResource[]) {
    this.name = resources[0]?.urn.split(":")[2];
  }

  /** @throws CommandError when there is no such stack, no `pulumi`, or no state in the file */
  static async load(options: StackOptions): Promise<Stack> {
    if (options.loaded) return options.loaded;
    const stack = Stack.parse(await readState(options));
    rememberNames(options, stack.delegationRequests());
    return stack;
  }

  /** @throws CommandError when the text isn't the state of a stack */
  static parse(text: string): Stack {
    const parsed = state.safeParse(parseJson(text));
    if (!parsed.success) {
      throw new CommandError("This is not the state of a Pulumi stack as `pulumi stack export` prints it.");
    }
    const resources = parsed.data?.resources ?? [];
    return new Stack(resources.filter((resource) => !resource.delete).map(visibleOutputs));
  }

  ofType(type: string): StackResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  delegationRequests(): StackRequest[] {
    return this.ofType(TYPES.delegationRequest).flatMap((resource) => {
      const {
        delegationRequestId: id,
        state,
        updatedTime,
        createDate,
        notificationChannel,
      } = resource.outputs;
      // Pending creates have no id.
      if (typeof id !== "string" || !REQUEST_ID.test(id)) return [];
      return {
        ...resource,
        id,
        // AWS deletes a request only after it has expired.
        state:
          DELEGATION_REQUEST_STATES.find((known) => known === state) ??
          (state === "VANISHED" || state === "LAPSED" ? "EXPIRED" : "UNASSIGNED"),
        updatedAt: new Date(String(updatedTime ?? createDate ?? "1970-01-01")),
        topicArn: typeof notificationChannel === "string" ? notificationChannel : undefined,
      };
    });
  }

  /**
   * The queue that a topic's messages arrive at: that of one of our components, else of a subscription, else the stack's
   * output `queueUrl`.
   */
  findInbox(topicArn: string | undefined): InboxAddress | undefined {
    if (topicArn === undefined) return this.inboxFromStackOutputs();
    const components = [...this.ofType(TYPES.approvalInbox), ...this.ofType(TYPES.customerAccess)];
    const component = components.find(({ outputs }) => outputs["topicArn"] === topicArn);
    const queueUrl = component?.outputs["queueUrl"];
    if (typeof queueUrl === "string") return { topicArn, queueUrl };
    return this.findSubscribedQueue(topicArn) ?? this.inboxFromStackOutputs();
  }

  private findSubscribedQueue(topicArn: string): InboxAddress | undefined {
    const subscriptions = this.ofType("aws:sns/topicSubscription:TopicSubscription").map(
      ({ outputs }) => outputs,
    );
    const ours = subscriptions.filter(({ topic, protocol }) => topic === topicArn && protocol === "sqs");
    for (const { endpoint, rawMessageDelivery } of ours) {
      const queue = this.ofType("aws:sqs/queue:Queue").find(({ outputs }) => outputs["arn"] === endpoint);
      const queueUrl = queue?.outputs["url"];
      if (typeof queueUrl !== "string") continue;
      // Raw messages do not name their topic.
      return { queueUrl, ...(rawMessageDelivery !== true && { topicArn }) };
    }
    return undefined;
  }

  /** The ARNs of the approval teams. */
  approvalTeams(): string[] {
    return this.ofType(TYPES.approvalTeam).flatMap(({ outputs }) =>
      typeof outputs["arn"] === "string" ? [outputs["arn"]] : [],
    );
  }

  private inboxFromStackOutputs(): InboxAddress | undefined {
    const [outputs] = this.ofType("pulumi:pulumi:Stack").map((stack) => stack.outputs);
    const queueUrl = outputs?.["queueUrl"];
    return typeof queueUrl === "string" ? { queueUrl } : undefined;
  }
}

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

/** The key that marks a secret in a state (`resource.SigKey` in Pulumi's SDKs). */
const SECRET_SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

function visibleOutputs({ urn, type, outputs = {} }: z.infer<typeof resource>): StackResource {
  const isMarked = (value: unknown) =>
    typeof value === "object" && value !== null && SECRET_SIGNATURE_KEY in value;
  const entries = Object.entries(outputs);
  return {
    name: urn.split("::").slice(3).join("::"),
    urn,
    type: tokenOfType(type),
    outputs: Object.fromEntries(entries.filter(([, value]) => !isMarked(value))),
    secrets: new Set(entries.filter(([, value]) => isMarked(value)).map(([key]) => key)),
  };
}

async function readState({ stack, cwd, stateFile }: StackOptions): Promise<string> {
  if (stateFile === undefined) return runPulumi(stack, cwd);
  if (stack !== undefined) throw new CommandError("Give --stack or --state-file, not both.", exitCodes.usage);
  try {
    return readFileSync(stateFile === "-" ? 0 : stateFile, "utf8");
  } catch (error) {
    throw new CommandError(`--state-file: ${(error as Error).message}`, exitCodes.failed, { cause: error });
  }
}

const MAX_STATE_BYTES = 1 << 30;

async function runPulumi(stack: string | undefined, cwd: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  const remedy = "Give AWS's id to --request, or the backend a profile that does not need the stack.";
  const name = [stack, cwd && `of ${resolve(cwd)}`].filter(Boolean).join(" ") || "of this folder";
  const chain = chainTo(`stack ${name}`, remedy);
  if (cwd !== undefined && !existsSync(cwd)) throw new CommandError(`--cwd: there is no folder ${cwd}.`);
  const env = { ...process.env, ...chain, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, { cwd, env, maxBuffer: MAX_STATE_BYTES });
    return stdout;
  } catch (error) {
    throw new CommandError(
      describeFailure(error as Error & { code?: unknown; stderr?: string }),
      exitCodes.failed,
      {
        cause: error,
      },
    );
  }
}

function describeFailure({
  code,
  message,
  stderr,
}: {
  code?: unknown;
  message: string;
  stderr?: string;
}): string {
  if (code === "ENOENT") {
    return "There is no pulumi command on the PATH. Give --state-file FILE, with what `pulumi stack export` printed.";
  }
  return `pulumi stack export: ${stderr?.trim().replace(/^error: /, "") || message}`;
}
