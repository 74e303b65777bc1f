// Every command that prints, for a reader who closes the pipe before the first line.
import { resolve } from "node:path";
import { loadMpa } from "../../src/aws/mpa";
import { CliHarness, PARTNER, TABLE } from "../cli/cliHarness";
import { exported, request, resource, TEAM } from "../cli/stateFile";

let cli: CliHarness;
beforeAll(async () => {
  cli = await CliHarness.open();
});
afterAll(() => cli.close());

/** Writes until the reader is gone, and then runs the command. */
const WITHOUT_READER = ["sh", "-c", '{ yes 2>/dev/null; "$@"; echo "exit $?" >&2; } | true', "sh"];
const PREVIEW = resolve(__dirname, "../fixtures/previews/streaming.jsonl");

interface Things {
  /** A request with a token. */
  id: string;
  /** A session in which a team votes. */
  session: string;
  /** The file with the state that has both. */
  state: string;
}

const COMMANDS: Record<string, (things: Things) => string[]> = {
  "--help": () => [],
  "--version": () => [],
  status: ({ state }) => ["--state-file", state],
  review: () => [PREVIEW],
  list: ({ state }) => ["--state-file", state],
  wait: ({ id }) => ["--request", id, "--table", TABLE],
  credentials: ({ id }) => ["--request", id, "--table", TABLE],
  configure: ({ id }) => ["acme", "--request", id, "--table", TABLE],
  exec: ({ id }) => ["--request", id, "--table", TABLE, "--", "echo", "hello"],
  token: ({ id }) => ["--request", id, "--table", TABLE],
  inbox: () => ["--table", TABLE],
  sessions: ({ state }) => ["--state-file", state],
  forget: () => ["--all", "--yes"],
  completion: () => ["bash"],
  cancel: ({ session }) => ["--session", session, "--yes"],
};
/** Without a reader of its log it still serves. */
const SERVES_ON = "emulator";

test("all commands are in the table", async () => {
  const { stdout } = await cli.run(["--help"]);
  const listed = [...stdout.matchAll(/^ {2}(\w+) (?:\[|<)/gm)].map(([, name]) => name);
  const commands = Object.keys(COMMANDS).filter((name) => !name.startsWith("--"));
  expect([...commands, SERVES_ON, "help"].sort()).toEqual(listed.sort());
});

describe("ends quietly, with the exit code of SIGPIPE", () => {
  let things: Things;
  beforeAll(async () => {
    const id = await cli.createRequest();
    await cli.grant(id);
    const { team, session } = await votingTeam();
    const state = exported(request("acme", id), resource(TEAM, "restores", { arn: team }));
    things = { id, session, state: cli.write("state.json", state) };
  });

  test.each(Object.entries(COMMANDS))("%s", async (command, more) => {
    const ended = await cli.run([command, ...more(things)], { wrapper: WITHOUT_READER });
    const { stderr } = ended;
    expect(stderr.split("\n").filter((line) => !isProgress(line))).toEqual(["exit 141", ""]);
  });
});

/** What `wait` and `exec` say on stderr of what they do. */
const isProgress = (line: string) => /: FINALIZED by account |^aws-approvals: You are arn:/.test(line);

/** A team of which a member must agree to a change. */
async function votingTeam() {
  const mpa = loadMpa();
  const client = new mpa.MPAClient({
    endpoint: cli.emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: PARTNER, secretAccessKey: "x" },
  });
  const IamIdentityCenter = {
    InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    Region: "us-east-1",
  };
  const { IdentitySourceArn = "" } = await client.send(
    new mpa.CreateIdentitySourceCommand({ IdentitySourceParameters: { IamIdentityCenter } }),
  );
  cli.clock.advance("1s");
  const members = ["alice", "bob"];
  const { Arn: team = "" } = await client.send(
    new mpa.CreateApprovalTeamCommand({
      Name: "restores",
      Description: "Decides about restores",
      ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
      Approvers: members.map((PrimaryIdentityId) => ({
        PrimaryIdentityId,
        PrimaryIdentitySourceArn: IdentitySourceArn,
      })),
      Policies: [
        { PolicyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" },
      ],
    }),
  );
  cli.clock.advance("1s");
  for (const member of members) cli.emulator.answerInvitation(team, member, "ACCEPTED");
  await client.send(new mpa.UpdateApprovalTeamCommand({ Arn: team, Description: "Decides about all of it" }));
  client.destroy();
  return { team, session: [...cli.emulator.store.sessions.keys()].at(-1) ?? "" };
}
