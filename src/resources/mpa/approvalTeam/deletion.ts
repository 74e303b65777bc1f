import { call, hasCode, ReadableError } from "../../../aws/errors";
import { loadMpa, type MPAClient, type SessionSummary } from "../../../aws/mpa";
import type { DeleteRequest, Request } from "../../../provider/lifecycle";
import { waitFor } from "../../../provider/wait";
import { find, findDeletionSession, type Team } from "./find";
import { findProtected } from "./protection";
import { isUpdatePending, phaseOf, type State, withdrawalOf } from "./state";

/** Deletes a team by the path that its status allows. */
export async function deleteTeam(mpa: MPAClient, found: Team, request: DeleteRequest<State>): Promise<void> {
  const team = found.StatusCode === "VALIDATING" ? await waitUntilValidated(mpa, request) : found;
  if (team === undefined) return;
  if (team.Status !== "ACTIVE" && team.Status !== "DELETING") return deleteVersion(mpa, team, request);
  const warning = await protectionWarning(request);
  if (warning) request.context.log(`ApprovalTeam ${request.name} ${warning}`);
  if (team.Status === "ACTIVE") await requestDeletion(mpa, team, request);
  await awaitDeletion(mpa, request, warning);
}

/** What is left without a team. Empty when nothing is known to be. */
async function protectionWarning({ id: arn, context }: DeleteRequest<State>): Promise<string> {
  const found = await findProtected(arn, context.aws);
  return found.length === 0
    ? ""
    : `protects ${found.join(" and ")}, and AWS deletes the team anyway. Replace it with another team first.`;
}

async function waitUntilValidated(
  mpa: MPAClient,
  { id: arn, name, timeouts, context }: DeleteRequest<State>,
): Promise<Team | undefined> {
  let team: Team | undefined;
  await waitFor(
    {
      resource: `ApprovalTeam ${name} (${arn})`,
      pending: ["VALIDATING"],
      target: ["validated"],
      timeout: timeouts.delete,
      remedy: "Run the command again to continue waiting, or increase timeouts.delete.",
      observe: async () => {
        team = await find(mpa, arn);
        return { status: team && phaseOf(team) === "VALIDATING" ? "VALIDATING" : "validated" };
      },
    },
    context,
  );
  return team;
}

/** A team that does not work is deleted without votes. */
async function deleteVersion(
  mpa: MPAClient,
  { VersionId = "" }: Team,
  { id: arn }: DeleteRequest<State>,
): Promise<void> {
  const { DeleteInactiveApprovalTeamVersionCommand } = loadMpa();
  const command = new DeleteInactiveApprovalTeamVersionCommand({ Arn: arn, VersionId });
  const operation = "mpa:DeleteInactiveApprovalTeamVersion";
  const remedies = { Conflict: "The team's status has changed. Run pulumi refresh and then pulumi destroy." };
  try {
    await call(operation, `ApprovalTeam ${arn}`, () => mpa.send(command), remedies);
  } catch (error) {
    if (!hasCode(error, "ResourceNotFound")) throw error;
  }
}

/** Asks the members of an ACTIVE team, unless they have been asked. */
async function requestDeletion(mpa: MPAClient, team: Team, request: DeleteRequest<State>): Promise<void> {
  const { id: arn, name } = request;
  const { StatusCode = "", UpdateSessionArn } = team;
  if (StatusCode === "DELETE_PENDING_APPROVAL") return;
  const withdrawal = withdrawalOf(StatusCode, UpdateSessionArn);
  if (isUpdatePending(StatusCode))
    throw new ReadableError(
      `ApprovalTeam ${name}`,
      `a change of it is waiting for people (${StatusCode}), and AWS accepts one change at a time. Run pulumi destroy again ` +
        `when they have decided${withdrawal ? `, or withdraw the change with ${withdrawal}` : ""}.`,
    );
  const last = await findDeletionSession(mpa, arn);
  if (StatusCode === "DELETE_FAILED_APPROVAL") refuseAfterRejection(last, request);
  else reportWithdrawal(last, request);
  const { StartActiveApprovalTeamDeletionCommand } = loadMpa();
  const { pendingWindowDays: PendingWindowDays } = request.state;
  const command = new StartActiveApprovalTeamDeletionCommand({ Arn: arn, PendingWindowDays });
  try {
    await call("mpa:StartActiveApprovalTeamDeletion", `ApprovalTeam ${arn}`, () => mpa.send(command));
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return;
    // A lost answer: AWS also answers Conflict when the members have been asked already.
    if (!hasCode(error, "Conflict") || !(await isBeingDeleted(mpa, arn))) throw error;
  }
}

async function isBeingDeleted(mpa: MPAClient, arn: string): Promise<boolean> {
  const team = await find(mpa, arn);
  return team?.Status !== "ACTIVE" || team.StatusCode === "DELETE_PENDING_APPROVAL";
}

/** Members who have said no, or may have, are not asked again by a program that runs again. */
function refuseAfterRejection(
  session: SessionSummary | undefined,
  { id: arn, name }: DeleteRequest<State>,
): void {
  if (session && session.StatusCode !== "REJECTED") return;
  const reason = session
    ? `its members rejected its deletion in the session ${session.SessionArn} at ${session.CompletionTime?.toISOString()}`
    : "its members did not approve its deletion, and whether they rejected it is not known without their session (mpa:ListSessions)";
  throw new ReadableError(
    `ApprovalTeam ${name}`,
    `${reason}. To ask them again, run aws mpa start-active-approval-team-deletion --arn ${arn} and then pulumi destroy. To keep ` +
      "the team, set retainOnDelete.",
  );
}

/** Somebody has withdrawn the request to delete the team, which whoever repeats it should know. */
function reportWithdrawal(
  session: SessionSummary | undefined,
  { name, state, context }: DeleteRequest<State>,
): void {
  const resource = `ApprovalTeam ${name}`;
  const where = session?.SessionArn ?? state.updateSessionArn;
  // That the members were asked is all that a state knows by itself.
  if (state.statusCode === "DELETE_PENDING_APPROVAL")
    throw new ReadableError(
      resource,
      `its deletion was withdrawn${where ? ` in the session ${where}` : ""}. To ask its members again, run pulumi refresh and then pulumi destroy.`,
    );
  if (session?.Status === "CANCELLED")
    context.log(
      `${resource}: an earlier request to delete it was withdrawn in the session ${session.SessionArn} at ${session.CompletionTime?.toISOString()}. Its members are asked again.`,
    );
}

/** Ends when the team is gone, and else as the program's `deletion` says. */
async function awaitDeletion(mpa: MPAClient, request: DeleteRequest<State>, warning: string): Promise<void> {
  const { id: arn, name, state } = request;
  if (state.deletion === "wait") return waitUntilGone(mpa, request);
  const team = await find(mpa, arn);
  if (!team) return;
  const resource = `ApprovalTeam ${name}`;
  const also = warning && ` It ${warning}`;
  if (team.Status === "DELETING")
    throw new ReadableError(
      resource,
      `its members approved its deletion, and AWS deletes it at the end of the pending window. Run pulumi destroy again after that.${also}`,
    );
  const session = await findDeletionSession(mpa, arn);
  const where = session?.SessionArn ?? team.UpdateSessionArn;
  const until = session?.ExpirationTime?.toISOString();
  throw new ReadableError(
    resource,
    `its deletion needs the votes of its members, who have been asked${where ? ` in the session ${where}` : ""}` +
      `${until ? ` and can vote until ${until}` : ""}. Run pulumi destroy again when they have decided, set deletion: ` +
      `"wait" to wait for them${where ? `, or withdraw the request with aws-approvals cancel --session ${where}` : ""}.${also}`,
  );
}

/** How long reads may return the status from before the deletion. */
const STALE_READ_MS = 10_000;

async function waitUntilGone(
  mpa: MPAClient,
  { id: arn, name, timeouts, context }: Request & { id: string },
): Promise<void> {
  const begun = context.clock.now().getTime();
  let seenPending = false;
  await waitFor(
    {
      resource: `ApprovalTeam ${name} (${arn})`,
      pending: ["DELETE_PENDING_APPROVAL", "DELETING", "ACTIVE before the deletion"],
      forPeople: true,
      target: ["gone"],
      timeout: timeouts.delete,
      remedy:
        "Run the command again to continue waiting (nobody is asked twice), or increase timeouts.delete.",
      observe: async () => {
        const team = await find(mpa, arn);
        if (!team) return { status: "gone" };
        const { Status = "", StatusCode = Status, StatusMessage: detail } = team;
        const status = Status === "ACTIVE" ? StatusCode : Status;
        seenPending ||= status === "DELETE_PENDING_APPROVAL" || status === "DELETING";
        const isOld = !seenPending && context.clock.now().getTime() - begun < STALE_READ_MS;
        if (isOld) return { status: "ACTIVE before the deletion" };
        const isWithdrawn = status === "ACTIVE";
        return { status, detail: isWithdrawn ? "the request to delete it was withdrawn" : detail };
      },
    },
    context,
  );
}
