import type { AwsClients } from "../aws/clients";
import { OperationError } from "../aws/errors";
import { systemClock } from "../clock";
import { findSession, findSessions } from "../functions/mpa/findSessions";
import { findTeam } from "../functions/mpa/findTeams";
import { WaitError, waitFor } from "../provider/wait";
import type { Outcome, WaitOutcome } from "./outcome";

interface Vote {
  /** Undefined while people have not decided. */
  outcome: WaitOutcome | undefined;
  /** As AWS returns it. */
  state: string;
}

/** Waits until the members have decided in a session, or about whatever a team waits for. */
export async function waitForVotes(
  { session, team }: { session?: string; team?: string },
  aws: AwsClients,
  timeout: number,
  onLine: (line: string) => void,
): Promise<Vote> {
  let last: Vote = { outcome: undefined, state: "" };
  const observe = async () => {
    last = session === undefined ? await voteOfTeam(team ?? "", aws) : await voteInSession(session, aws);
    return { status: last.outcome ?? "waiting", detail: last.state };
  };
  const wait = {
    resource: session ?? team ?? "",
    pending: ["waiting"],
    target: ["granted", "rejected", "expired"],
    timeout,
    forPeople: true,
    remedy: "",
    observe,
  };
  try {
    await waitFor(wait, { clock: systemClock, log: onLine });
    return last;
  } catch (error) {
    if (error instanceof WaitError) return { ...last, outcome: "timed-out" };
    throw error;
  }
}

async function voteInSession(sessionArn: string, aws: AwsClients): Promise<Vote> {
  const { status, statusCode } = await findSession(sessionArn, aws);
  const state = [status, statusCode].filter(Boolean).join(" ");
  return { outcome: outcomeOf(status, statusCode), state };
}

function outcomeOf(status: string, statusCode: string | undefined): Outcome | undefined {
  if (status === "APPROVED") return "granted";
  if (status === "FAILED") return statusCode === "REJECTED" ? "rejected" : "expired";
  return status === "CANCELLED" ? "expired" : undefined;
}

/** A team that is gone has been deleted, as its members have approved. */
async function voteOfTeam(arn: string, aws: AwsClients): Promise<Vote> {
  try {
    const { status, statusCode = "", approvers } = await findTeam(arn, aws);
    const state = [status, statusCode].filter(Boolean).join(" ");
    if (/FAILED/.test(statusCode)) {
      const sessions = await findSessions(arn, undefined, aws);
      const [newest] = [...sessions].sort((a, b) => b.initiationTime.localeCompare(a.initiationTime));
      const rejected =
        newest?.statusCode === "REJECTED" ||
        approvers.some(({ primaryIdentityStatus }) => primaryIdentityStatus === "REJECTED");
      return { outcome: rejected ? "rejected" : "expired", state };
    }
    return { outcome: status === "ACTIVE" && statusCode === "" ? "granted" : undefined, state };
  } catch (error) {
    if (error instanceof OperationError && error.code === "ResourceNotFound")
      return { outcome: "granted", state: "gone" };
    throw error;
  }
}
