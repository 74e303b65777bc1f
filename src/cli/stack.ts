import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { DELEGATION_REQUEST_STATES, type DelegationRequestState } from "../aws/delegationRequestState";
import { APPROVAL_INBOX, CUSTOMER_ACCESS } from "../components/tokens";
import { parseJson } from "../mailbox/notification";
import { dynamicType } from "../program/handle";
import { resources } from "../resources";
import type { InboxAddress } from "./cache";
import { REQUEST_ID } from "./cachedCredentials";
import { exitCodes, Failure } from "./exitCodes";
import type { StackOptions } from "./options";

export interface StackResource {
  name: string;
  urn: string;
  type: string;
  /** Of its outputs those that are known and no secrets. */
  outputs: Readonly<Record<string, unknown>>;
  /** The names of outputs that are secrets. */
  secrets: ReadonlySet<string>;
}

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  delete: z.boolean().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const deployment = z.object({ resources: z.array(resource).optional() });

/** A delegation request as Pulumi knew it at its last up or refresh. */
export interface StackRequest extends StackResource {
  /** AWS's id of it. */
  id: string;
  state: DelegationRequestState;
  updatedAt: Date;
  /** Its `notificationChannel`, unless that is a secret. */
  topicArn: string | undefined;
}

/** What `pulumi stack export` prints, and the file of a backend in a folder. */
const state = z.union([
  z.object({ deployment }).transform((exported) => exported.deployment),
  z
    .object({ checkpoint: z.object({ latest: deployment.nullish() }) })
    .transform(({ checkpoint }) => checkpoint.latest),
]);

/** What a Pulumi stack knows of our resources, and of the inboxes that they are told by. */
export class Stack {
  /** From `urn:pulumi:STACK::PROJECT::…`; absent in an empty stack. */
  readonly name: string | undefined;

  private constructor(private readonly resources: readonly StackResource[]) {
    this.name = resources[0]?.urn.split(":")[2];
  }

  /** @throws Failure when there is no such stack, no `pulumi`, or no state in the file */
  static async load(options: StackOptions): Promise<Stack> {
    return Stack.parse(await read(options));
  }

  /** @throws Failure when the text isn't the state of a stack */
  static parse(text: string): Stack {
    const parsed = state.safeParse(parseJson(text));
    if (!parsed.success) {
      throw new Failure("That is not the state of a Pulumi stack, as `pulumi stack export` prints it.");
    }
    const resources = parsed.data?.resources ?? [];
    return new Stack(resources.filter((one) => !one.delete).map(visibleOutputs));
  }

  ofType(type: string): StackResource[] {
    return this.resources.filter((one) => one.type === type);
  }

  delegationRequests(): StackRequest[] {
    return this.ofType(TYPES.delegationRequest).flatMap((one) => {
      const { delegationRequestId: id, state, updatedTime, createDate, notificationChannel } = one.outputs;
      // One whose creation was begun has no id.
      if (typeof id !== "string" || !REQUEST_ID.test(id)) return [];
      return {
        ...one,
        id,
        // AWS deletes lapsed requests only.
        state:
          DELEGATION_REQUEST_STATES.find((known) => known === state) ??
          (state === "VANISHED" || state === "LAPSED" ? "EXPIRED" : "UNASSIGNED"),
        updatedAt: new Date(String(updatedTime ?? createDate ?? "1970-01-01")),
        topicArn: typeof notificationChannel === "string" ? notificationChannel : undefined,
      };
    });
  }

  /** The queue that gets what a topic tells: of our components, of a subscription, or the stack's output `queueUrl`. */
  inboxOf(topicArn: string | undefined): InboxAddress | undefined {
    if (topicArn === undefined) return this.namedInbox();
    const components = [...this.ofType(TYPES.approvalInbox), ...this.ofType(TYPES.customerAccess)];
    const component = components.find(({ outputs }) => outputs["topicArn"] === topicArn);
    const queueUrl = component?.outputs["queueUrl"];
    if (typeof queueUrl === "string") return { topicArn, queueUrl };
    return this.subscriberOf(topicArn) ?? this.namedInbox();
  }

  private subscriberOf(topicArn: string): InboxAddress | undefined {
    const subscriptions = this.ofType("aws:sns/topicSubscription:TopicSubscription").map(
      ({ outputs }) => outputs,
    );
    const ours = subscriptions.filter(({ topic, protocol }) => topic === topicArn && protocol === "sqs");
    for (const { endpoint, rawMessageDelivery } of ours) {
      const queue = this.ofType("aws:sqs/queue:Queue").find(({ outputs }) => outputs["arn"] === endpoint);
      const queueUrl = queue?.outputs["url"];
      if (typeof queueUrl !== "string") continue;
      // A raw message does not tell its topic.
      return { queueUrl, ...(rawMessageDelivery !== true && { topicArn }) };
    }
    return undefined;
  }

  private namedInbox(): InboxAddress | undefined {
    const [outputs] = this.ofType("pulumi:pulumi:Stack").map((stack) => stack.outputs);
    const queueUrl = outputs?.["queueUrl"];
    return typeof queueUrl === "string" ? { queueUrl } : undefined;
  }
}

/** The types of our resources and components, as a state has them. */
export const TYPES = {
  delegationRequest: dynamicType(resources.delegationRequest),
  identitySource: dynamicType(resources.identitySource),
  approvalTeam: dynamicType({ token: "aws-approvals:mpa:ApprovalTeam" }),
  approvalInbox: APPROVAL_INBOX,
  customerAccess: CUSTOMER_ACCESS,
} as const;

/** Marks a secret in a state (`resource.SigKey` of the Pulumi SDKs). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function visibleOutputs({ urn, type, outputs = {} }: z.infer<typeof resource>): StackResource {
  const isMarked = (value: unknown) => typeof value === "object" && value !== null && SIGNATURE in value;
  const entries = Object.entries(outputs);
  return {
    name: urn.split("::").slice(3).join("::"),
    urn,
    type,
    outputs: Object.fromEntries(entries.filter(([, value]) => !isMarked(value))),
    secrets: new Set(entries.filter(([, value]) => isMarked(value)).map(([key]) => key)),
  };
}

async function read({ stack, stateFile }: StackOptions): Promise<string> {
  if (stateFile === undefined) return runPulumi(stack);
  if (stack !== undefined) throw new Failure("Give --stack or --state-file, not both.", exitCodes.usage);
  try {
    return readFileSync(stateFile === "-" ? 0 : stateFile, "utf8");
  } catch (error) {
    throw new Failure(`--state-file: ${(error as Error).message}`, exitCodes.failed, { cause: error });
  }
}

const LARGEST_STATE_BYTES = 1 << 30;

async function runPulumi(stack: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, { env, maxBuffer: LARGEST_STATE_BYTES });
    return stdout;
  } catch (error) {
    throw new Failure(explain(error as Error & { code?: unknown; stderr?: string }), exitCodes.failed, {
      cause: error,
    });
  }
}

function explain({ code, message, stderr }: { code?: unknown; message: string; stderr?: string }): string {
  if (code === "ENOENT") {
    return "There is no pulumi command on the PATH. Give --state-file FILE, with what `pulumi stack export` printed.";
  }
  return `pulumi stack export: ${stderr?.trim().replace(/^error: /, "") || message}`;
}
