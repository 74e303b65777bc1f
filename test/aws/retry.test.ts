// How often a call is made again, against an embedded AWS whose clock the pauses turn.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateDelegationRequestCommand, GetDelegationRequestCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { DefaultRateLimiter } from "@smithy/core/retry";
import type { Attempt } from "../../src/aws/attempts";
import { AwsClients, type ClientContext } from "../../src/aws/clients";
import type { AwsConfiguration } from "../../src/aws/configuration";
import { OperationError } from "../../src/aws/errors";
import { retryConfig } from "../../src/aws/retry";
import {
  ManualClock,
  type PlannedFault,
  startEmulator,
  type TestEmulator,
  type TestEmulatorOptions,
} from "../../src/testing";

const VENDOR = "111122223333";

let emulator: TestEmulator;
const start = async (options: Omit<TestEmulatorOptions, "clock"> = {}) => {
  const clock = new ManualClock();
  const schedule = new Schedule(clock);
  const lines: string[] = [];
  emulator = await startEmulator({ clock, ...options });
  const { endpoint } = emulator;
  const clients = (configuration: Partial<AwsConfiguration> = {}, context: Partial<ClientContext> = {}) =>
    new AwsClients(
      {
        region: "us-east-1",
        accessKey: VENDOR,
        secretKey: "x",
        endpoints: { iam: endpoint, mpa: endpoint, sts: endpoint },
        ...configuration,
      },
      { clock: schedule, log: (line) => lines.push(line), ...context },
    );
  return { clients, lines, clock, schedule };
};

/** Calls at the same time, on a clock that moves when all of them sleep, to when the first one wakes. */
class Schedule {
  private readonly sleeping: { at: number; wake(): void }[] = [];
  private running = 0;

  constructor(private readonly clock: ManualClock) {}

  now = () => this.clock.now();

  sleep = (milliseconds: number) =>
    new Promise<void>((wake) => {
      this.sleeping.push({ at: this.now().getTime() + milliseconds, wake });
      this.advance();
    });

  async all(calls: (() => Promise<unknown>)[]): Promise<void> {
    this.running = calls.length;
    const run = (call: () => Promise<unknown>) =>
      call().finally(() => {
        this.running--;
        this.advance();
      });
    await Promise.all(calls.map(run));
  }

  private advance(): void {
    if (this.sleeping.length < this.running) return;
    const next = this.sleeping.sort((a, b) => b.at - a.at).pop();
    if (next === undefined) return;
    this.clock.set(new Date(next.at));
    next.wake();
  }
}

afterEach(async () => {
  jest.restoreAllMocks();
  await emulator.close();
});

const ask = async (aws: AwsClients, name = "acme") =>
  (await aws.iam()).send(
    new CreateDelegationRequestCommand({
      Description: "Read the list of buckets",
      Permissions: { PolicyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
      RequestorWorkflowId: `workflow/${name}`,
      NotificationChannel: `arn:aws:sns:us-east-1:${VENDOR}:approvals`,
      SessionDuration: 3600,
    }),
  );
const workflowIds = () =>
  [...emulator.store.delegationRequests.values()].map(({ requestorWorkflowId }) => requestorWorkflowId);
const throttlings = (count: number, operation = "iam:CreateDelegationRequest"): PlannedFault[] =>
  Array.from({ length: count }, () => ({ operation, call: 1, answer: 429 }));
/** One after the other, since a call takes all the faults that are due at it. */
const inTurn = (faults: PlannedFault[]) => faults.map((fault, index) => ({ ...fault, call: index + 1 }));

describe("a call that AWS throttles", () => {
  test("is made up to 25 times, and has one effect", async () => {
    const { clients } = await start({ faults: inTurn(throttlings(24)) });
    await ask(clients());
    expect(emulator.calls).toHaveLength(25);
    expect(workflowIds()).toEqual(["workflow/acme"]);
  });

  test("fails then", async () => {
    const { clients } = await start({ faults: inTurn(throttlings(25)) });
    await expect(ask(clients())).rejects.toMatchObject({ name: "Throttling", $metadata: { attempts: 25 } });
    expect(workflowIds()).toEqual([]);
  });

  test.each([
    ["the configuration says", { maxRetries: 2 }, {}],
    ["the environment says", {}, { AWS_MAX_ATTEMPTS: "2" }],
    ["the configuration says, whatever the environment", { maxRetries: 2 }, { AWS_MAX_ATTEMPTS: "7" }],
  ])("is made as often as %s", async (_, configuration, env) => {
    const { clients } = await start({ faults: inTurn(throttlings(9)) });
    jest.replaceProperty(process, "env", { ...process.env, ...env });
    await expect(ask(clients(configuration))).rejects.toMatchObject({ name: "Throttling" });
    expect(emulator.calls).toHaveLength(2);
  });

  test.each(["mpa:ListIdentitySources", "sts:GetCallerIdentity"])(
    "is made again by any client: %s",
    async (operation) => {
      const { clients } = await start({ faults: inTurn(throttlings(4, operation)) });
      if (operation.startsWith("mpa")) {
        const { loadMpa } = await import("../../src/aws/mpa");
        await (await clients().mpa()).send(new (loadMpa().ListIdentitySourcesCommand)({}));
      } else await (await clients().sts()).send(new GetCallerIdentityCommand({}));
      expect(emulator.calls).toHaveLength(5);
    },
  );

  test("says so after a while, and again every 15 seconds at most", async () => {
    const { clients, lines, clock } = await start({ faults: inTurn(throttlings(20)) });
    jest.spyOn(Math, "random").mockReturnValue(0.5);
    const from = clock.now().getTime();
    await ask(clients());
    // Pauses of 0.5, 1, 2, 4, 8 s, then 10 s each.
    expect(clock.now().getTime() - from).toBe(165_500);
    expect(lines[0]).toBe(
      "IAM returned Throttling: retrying 1 call for 16 s so far, with up to 25 attempts each.",
    );
    expect(lines).toHaveLength(8);
  });

  test("in adaptive mode, waits until the measured rate allows it", async () => {
    const { clients } = await start({ faults: inTurn(throttlings(2)) });
    const wait = jest.spyOn(DefaultRateLimiter.prototype, "getSendToken").mockResolvedValue();
    jest.replaceProperty(process, "env", { ...process.env, AWS_RETRY_MODE: "adaptive" });
    await ask(clients());
    expect(wait).toHaveBeenCalledTimes(3);
  });
});

describe("a token bucket of AWS's", () => {
  test("lets many calls through, each once, however many of them it throttles", async () => {
    const { clients, lines, clock, schedule } = await start({
      rateLimits: { "iam:CreateDelegationRequest": { burst: 5, perSecond: 1 } },
    });
    const from = clock.now().getTime();
    const aws = clients();
    const names = Array.from({ length: 40 }, (_, index) => `${index}`);
    await schedule.all(names.map((name) => () => ask(aws, name)));
    expect(workflowIds().sort()).toEqual(names.map((name) => `workflow/${name}`).sort());
    expect(clock.now().getTime() - from).toBeGreaterThanOrEqual(35_000);
    // The SDK's own strategy gives up after a hundred.
    const throttled = emulator.calls.filter(({ errorCode }) => errorCode === "Throttling");
    expect(throttled.length).toBeGreaterThan(100);
    expect(lines[0]).toMatch(
      /^IAM returned Throttling: retrying \d\d calls for \d\d s so far, with up to 25 attempts each\.$/,
    );
    expect(lines.length).toBeLessThan(20);
  });
});

describe("what is made again besides", () => {
  const answer = (status: number, code: string) => ({ operation: "iam:*", answer: { status, code } });

  test.each(["ConcurrentModification", "ConcurrentModificationException", "ConcurrentAccess"])(
    "a call that another one got in the way of: %s",
    async (code) => {
      const { clients } = await start({ faults: inTurn([answer(409, code), answer(409, code)]) });
      await ask(clients());
      expect(emulator.calls).toHaveLength(3);
      expect(workflowIds()).toEqual(["workflow/acme"]);
    },
  );

  test.each([
    [409, "LimitExceeded"],
    [409, "EntityAlreadyExists"],
    [403, "AccessDenied"],
    [400, "InvalidInput"],
  ])("not a call that AWS refuses: %d %s", async (status, code) => {
    const { clients } = await start({ faults: [answer(status, code)] });
    await expect(ask(clients())).rejects.toMatchObject({ name: expect.stringMatching(code) });
    expect(emulator.calls).toHaveLength(1);
  });

  test("not a call whose credentials were not to be had: the calls for them have had their own tries", async () => {
    const { schedule } = await start();
    const { retryStrategy } = retryConfig("IAM", {}, { clock: schedule, log: () => undefined });
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const error = Object.assign(new OperationError("sts:AssumeRole", "aws:assumeRoles[0]", cause), { cause });
    const retries = await retryStrategy.acquireInitialRetryToken();
    const next = retryStrategy.refreshRetryTokenForRetry(retries, { error, errorType: "TRANSIENT" });
    await expect(next).rejects.toBe(error);
  });

  test("one that AWS refuses while the machine's clock is wrong, twice", async () => {
    const { clients, clock } = await start();
    clock.advance("1h");
    const iam = await clients().iam();
    const call = iam.send(new GetDelegationRequestCommand({ DelegationRequestId: "0123456789abcdef" }));
    await expect(call).rejects.toMatchObject({ name: "NoSuchEntityException" });
    expect(emulator.calls).toHaveLength(3);
  });

  test("one that finds nobody there, twice", async () => {
    const { clients } = await start();
    await emulator.close();
    const iam = await clients().iam();
    const call = iam.send(new GetDelegationRequestCommand({ DelegationRequestId: "0123456789abcdef" }));
    await expect(call).rejects.toMatchObject({
      message: expect.stringContaining("ECONNREFUSED"),
      $metadata: { attempts: 3 },
    });
  });

  test("one that finds nobody there, for as long as an outage may last", async () => {
    const { clients, clock } = await start();
    await emulator.close();
    const iam = await clients({}, { outage: 8_000 }).iam();
    const begin = clock.now().getTime();
    const call = iam.send(new GetDelegationRequestCommand({ DelegationRequestId: "0123456789abcdef" }));
    const error = await call.catch((error: unknown) => error);
    expect(error).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
    expect((error as { $metadata: { attempts: number } }).$metadata.attempts).toBeGreaterThan(4);
    const elapsed = clock.now().getTime() - begin;
    expect(elapsed).toBeGreaterThanOrEqual(8_000);
    expect(elapsed).toBeLessThan(10_001);
  });
});

describe("a call with a deadline", () => {
  test("ends when the server does not answer", async () => {
    let answer = () => {};
    const answered = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    const { clients } = await start({ intercept: () => answered });
    const sts = await clients({}, { callTimeout: 100 }).sts();
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toThrow("no answer in 0.1 s");
    sts.destroy();
    answer();
  });

  test("ends when what the profile starts for its credentials does not end", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-approvals-retry-"));
    const config = join(folder, "config");
    writeFileSync(join(folder, "hang"), 'echo $$ > "$0.pid"; exec cat');
    writeFileSync(config, `[profile slow]\ncredential_process = sh ${folder}/hang\n`);
    const { clients } = await start();
    const settings = { profile: "slow", sharedConfigFiles: [config], accessKey: "", secretKey: "" };
    const sts = clients(settings, { callTimeout: 1_000 }).sts();
    await expect(sts).rejects.toThrow("the credentials: no answer in 1 s. Check the profile");
    process.kill(Number(readFileSync(join(folder, "hang.pid"), "utf8")));
    rmSync(folder, { recursive: true });
  });
});

test("every try is told, with its outcome and nothing else", async () => {
  let calls = 0;
  const intercept = () =>
    calls++ === 0 ? { error: { status: 503, code: "ServiceUnavailable", message: "" } } : undefined;
  const { clients } = await start({ intercept });
  const attempts: Attempt[] = [];
  const iam = await clients({}, { onAttempt: (attempt) => attempts.push(attempt) }).iam();
  const command = new GetDelegationRequestCommand({ DelegationRequestId: "0123456789abcdef" });
  await expect(iam.send(command)).rejects.toThrow();
  const common = {
    operation: "iam:GetDelegationRequest",
    region: "us-east-1",
    milliseconds: expect.any(Number),
  };
  expect(attempts).toEqual([
    { ...common, number: 1, outcome: "ServiceUnavailable" },
    { ...common, number: 2, outcome: "NoSuchEntity" },
  ]);
});
