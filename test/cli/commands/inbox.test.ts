import { type MailboxRole, mailboxPolicy } from "../../../src/mailbox/policy";
import { onThePath } from "../../onThePath";
import { CliHarness, CUSTOMER, PARTNER, TABLE, TOPIC } from "../cliHarness";
import { exported, inbox, request } from "../stateFile";

let cli: CliHarness;
beforeEach(async () => {
  cli = await CliHarness.open();
});
afterEach(() => cli.close());

describe("inbox", () => {
  const show = async (...more: string[]) => {
    const { code, stdout, stderr } = await cli.run(["inbox", "--table", TABLE, ...more]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };

  test("shows what waits and the dead letters with their reasons, and takes nothing", async () => {
    const id = await cli.createRequest();
    await cli.deliverBody("garbled: very-secret");
    await cli.run(["wait", "--request", id, "--table", TABLE, "--timeout", "0s"]);
    await cli.claim(id);
    const [letter] = Object.values(await cli.deadLetters());
    expect(letter).toBe("garbled: very-secret");
    for (let time = 0; time < 2; time++) {
      const { inboxes } = JSON.parse(await show("--json"));
      expect(inboxes).toEqual([
        {
          ...{ tableArn: TABLE, queueUrl: cli.queueUrl, topicArn: TOPIC },
          ...{ deadLetterQueueUrl: `${cli.queueUrl}-dead-letters` },
          ...{ waiting: 1, inFlight: 0, deadLetterCount: 1, sentAgain: 0 },
          deadLetters: [
            {
              messageId: expect.any(String),
              reason: "is not JSON",
              sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
            },
          ],
        },
      ]);
    }
    const text = await show();
    expect(text).toMatch(/^inbox mailbox: 1 waiting, 0 in flight, 1 dead letters\n {2}table: /);
    expect(text).toMatch(/\n {2}\d{4}-.* UTC\s+\S+: is not JSON\n/);
    expect(text).not.toContain("very-secret");
  });

  test("sends dead letters again, which then are understood", async () => {
    const id = await cli.createRequest();
    // A reader without the inbox's topic believes nothing that comes by it.
    const stricter = await cli.createTable("stricter", cli.queueUrl, `${TOPIC}-of-another`);
    await cli.reject(id);
    await cli.run(["wait", "--request", id, "--table", stricter, "--timeout", "0s"]);
    const { inboxes } = JSON.parse(await show("--redrive", "--json"));
    expect(inboxes).toMatchObject([{ deadLetterCount: 2, sentAgain: 2 }]);
    expect(await cli.deadLetters()).toEqual({});
    expect(await cli.run(["wait", "--request", id, "--table", TABLE])).toMatchObject({ code: 3 });
  });

  test.each(["SendMessage", "DeleteMessage"])("loses none when it ends at %s", async (at) => {
    const deadLetterQueueUrl = `${cli.queueUrl}-dead-letters`;
    await cli.deliverBody("garbled", deadLetterQueueUrl);
    cli.fault = ({ operation }) =>
      operation === at ? { error: { status: 403, code: "AccessDenied" } } : undefined;
    const ended = await cli.run(["inbox", "--table", TABLE, "--redrive"]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(`sqs:${at}`) });
    expect(await cli.messageCount(deadLetterQueueUrl)).toBe(1);
  });

  test("shows every inbox of a stack, and says so when there is none", async () => {
    const queueUrl = await cli.createQueue("another");
    const table = await cli.createTable("another", queueUrl, `${TOPIC}-2`);
    const state = exported(
      request("acme", "1234567890abcdef"),
      inbox(cli.queueUrl),
      inbox(queueUrl, `${TOPIC}-2`, table),
    );
    const ended = await cli.run(["inbox", "--state-file", "-", "--json"], { stdin: state });
    const tables = JSON.parse(ended.stdout).inboxes.map(({ tableArn }: { tableArn: string }) => tableArn);
    expect(tables).toEqual([TABLE, table]);
    expect(await cli.run(["inbox", "--state-file", "-"], { stdin: exported() })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Give --table ARN"),
    });
  });
});

describe("what a policy allows is enough for, and no more than", () => {
  const resources = {
    tableArn: TABLE,
    queueArn: `arn:aws:sqs:us-east-1:${PARTNER}:inbox`,
    deadLetterQueueArn: `arn:aws:sqs:us-east-1:${PARTNER}:inbox-dead-letters`,
  };

  // Drainers that are Lambda functions ask for the queue's attributes.
  test.each<[string, MailboxRole[], (id: string) => string[][], string[]]>([
    ["a wait", ["drain", "readStates"], (id) => [["wait", "--request", id]], ["sqs:GetQueueAttributes"]],
    [
      "credentials",
      ["drain", "takeTokens"],
      (id) => [
        ["credentials", "--request", id],
        ["wait", "--request", id],
      ],
      ["sqs:GetQueueAttributes"],
    ],
    ["dead letters", ["redrive"], () => [["inbox"], ["inbox", "--redrive"]], ["dynamodb:BatchGetItem"]],
  ])("%s", async (_, roles, commands, unused) => {
    const id = await cli.createRequest();
    if (roles.includes("redrive")) {
      await cli.deliverBody("garbled", `${cli.queueUrl}-dead-letters`);
    } else {
      await cli.deliverBody("garbled");
      await cli.grant(id);
    }
    const allowed = new Set(mailboxPolicy(roles, resources).Statement.flatMap(({ Action }) => Action));
    const used = new Set<string>();
    cli.fault = ({ service, operation }) => {
      const action = `${service}:${operation.replace(/Batch$/, "")}`;
      used.add(action);
      return allowed.has(action) ? undefined : { error: { status: 403, code: "AccessDeniedException" } };
    };
    for (const args of commands(id)) {
      const ended = await cli.run([...args, "--table", TABLE]);
      expect(ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("AccessDenied") });
    }
    expect([...used, ...unused].sort()).toEqual([...allowed].sort());
  });
});

describe("token", () => {
  const token = (id: string, ...more: string[]) => ["token", "--request", id, "--table", TABLE, ...more];

  test("hands the token to who cannot read the inbox, who trades it in", async () => {
    const id = await cli.createRequest();
    await cli.grant(id);
    const handed = await cli.run(token(id));
    expect(handed).toMatchObject({ code: 0, stderr: "" });
    const { token: inJson, ...rest } = JSON.parse((await cli.run(token(id, "--json"))).stdout);
    expect(`${inJson}\n`).toBe(handed.stdout);
    const accessEndsAt = new Date(cli.clock.now().getTime() + 3_600_000).toISOString();
    expect(rest).toEqual({ requestId: id, accessEndsAt });
    const state = exported(request("acme", id, { ownerAccountId: CUSTOMER }));
    const there = { AWS_APPROVALS_HOME: `${cli.home}/pipeline` };
    const fetched = cli.write("state.json", state);
    const args = ["credentials", "--request", "acme", "--state-file", fetched, "--token-stdin"];
    expect(await cli.run(args, { stdin: handed.stdout, env: there })).toMatchObject({ code: 0, stderr: "" });
    expect(cli.cachedText).not.toContain(inJson);
  });

  test.each<[string, (id: string) => Promise<void>, number]>([
    ["nobody has decided", (id) => cli.claim(id), 5],
    ["it was rejected", (id) => cli.reject(id), 3],
  ])("prints nothing when %s", async (_, act, code) => {
    const id = await cli.createRequest();
    await act(id);
    expect(await cli.run(token(id))).toMatchObject({ code, stdout: "" });
  });

  const withPython = onThePath("python3", "aws-approvals token in a terminal") ? test : test.skip;

  withPython("shows it on no terminal, unless that is wanted", async () => {
    const id = await cli.createRequest();
    await cli.grant(id);
    const inTerminal = ["python3", "-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"];
    const refused = await cli.run(token(id), { wrapper: inTerminal });
    expect(refused).toMatchObject({ code: 2, stdout: expect.stringContaining("stdout is a terminal") });
    const shown = await cli.run(token(id, "--yes"), { wrapper: inTerminal });
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+\r\n$/) });
  });
});
