import { createServer } from "node:net";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Call, type EmulatorOptions, type Fault, ManualClock, startEmulator } from "../../src/emulator";
import { systemClock } from "../../src/emulator/clock";
import { CUSTOMER, failure, type Harness, INSTANCE_ARN, PARTNER, START, startHarness } from "./harness";

let harness: Harness | undefined;
afterEach(() => harness?.close());
const start = async (options: EmulatorOptions): Promise<Harness> => {
  harness = await startHarness(options);
  return harness;
};
const body = {
  IdentitySourceParameters: { IamIdentityCenter: { InstanceArn: INSTANCE_ARN, Region: "us-east-1" } },
};
const create = (on: Harness) => on.mpa(PARTNER, "POST", "/identity-sources", body);

describe("rateLimits", () => {
  const ask = (on: Harness, account: string) => on.sts(account).send(new GetCallerIdentityCommand());

  it("throttle the calls of an account that come too soon, in the service's own words", async () => {
    const running = await start({
      rateLimits: {
        "sts:GetCallerIdentity": { burst: 2, perSecond: 0.5 },
        "mpa:ListIdentitySources": { burst: 1, perSecond: 0 },
      },
    });
    await Promise.all([ask(running, PARTNER), ask(running, PARTNER)]);
    const throttled = { code: "Throttling", status: 400, message: "Rate exceeded" };
    expect(await failure(ask(running, PARTNER))).toMatchObject(throttled);
    await ask(running, CUSTOMER);
    running.clock.advance("1s");
    expect(await failure(ask(running, PARTNER))).toMatchObject(throttled);
    running.clock.advance("1s");
    await ask(running, PARTNER);
    running.clock.advance("1h");
    await Promise.all([ask(running, PARTNER), ask(running, PARTNER)]);
    expect(await failure(ask(running, PARTNER))).toMatchObject(throttled);

    const list = () => running.mpa(PARTNER, "POST", "/identity-sources/?List");
    expect((await list()).status).toBe(200);
    expect(await list()).toMatchObject({ status: 429, body: { __type: "ThrottlingException" } });
    expect(running.emulator.calls.at(-1)).toMatchObject({ status: 429, errorCode: "ThrottlingException" });
  });

  it("throttle what another emulator answers, too, and before any fault", async () => {
    const seen: string[] = [];
    const running = await start({
      rateLimits: { "sqs:CreateQueue": { burst: 1, perSecond: 0 } },
      intercept: ({ operation }) => void seen.push(operation),
    });
    const make = () => running.sqs(PARTNER).send(new CreateQueueCommand({ QueueName: "news" }));
    await make();
    expect(await failure(make())).toMatchObject({ code: "ThrottlingException", status: 429 });
    expect(seen).toEqual(["CreateQueue", "CreateQueue"]);
  });

  it.each([
    ["CreateQueue", { burst: 1, perSecond: 1 }, "must be like iam:CreateDelegationRequest"],
    ["sqs:CreateQueue", { burst: 0, perSecond: 1 }, "burst: must be at least 1, is 0"],
    ["sqs:CreateQueue", { burst: 1, perSecond: -1 }, "perSecond: must be at least 0, is -1"],
  ])("are refused when they cannot be: %s %j", async (operation, limit, message) => {
    await expect(startEmulator({ rateLimits: { [operation]: limit } })).rejects.toThrow(message);
  });
});

describe("intercept", () => {
  it("sees a call before and after its effect, without its input", async () => {
    const seen: [Call, boolean][] = [];
    const running: Harness = await start({
      intercept: (call) => {
        seen.push([call, running.emulator.store.identitySources.has(PARTNER)]);
        return undefined;
      },
    });
    await create(running);
    const call = { service: "mpa", operation: "CreateIdentitySource", account: PARTNER };
    expect(seen).toEqual([
      [{ phase: "before-effect", ...call }, false],
      [{ phase: "after-effect", ...call }, true],
    ]);
  });

  it.each(["before-effect", "after-effect"] as const)("can drop the connection %s", async (phase) => {
    const running = await start({ intercept: (call) => (call.phase === phase ? { drop: true } : undefined) });
    await expect(create(running)).rejects.toThrow("socket hang up");
    expect(running.emulator.store.identitySources.has(PARTNER)).toBe(phase === "after-effect");
    expect(running.emulator.calls).toEqual([
      {
        time: START,
        service: "mpa",
        operation: "CreateIdentitySource",
        account: PARTNER,
        region: "us-east-1",
        status: undefined,
        errorCode: undefined,
      },
    ]);
  });

  it("can answer an error in the protocol's shape", async () => {
    const throttled: Fault = { error: { status: 429, code: "ThrottlingException", message: "slow down" } };
    const running = await start({ intercept: async () => throttled });
    const answer = await create(running);
    expect(answer).toMatchObject({
      status: 429,
      body: { __type: "ThrottlingException", Message: "slow down" },
    });
    expect(await failure(running.sts(PARTNER).send(new GetCallerIdentityCommand()))).toMatchObject({
      code: "ThrottlingException",
      status: 429,
      message: "slow down",
    });
    expect(running.emulator.store.identitySources.size).toBe(0);
  });

  it("can delay, and closing does not wait for it", async () => {
    const arrival = signal();
    const running = await start({
      intercept: () => {
        arrival.fire();
        return { delayMs: 600_000 };
      },
    });
    const pending = create(running).catch((error: Error) => error.message);
    await arrival.fired;
    await running.emulator.close();
    expect(await pending).toBe("socket hang up");
  });

  it("that throws is an internal failure, and says nothing of the error's message", async () => {
    const lines: string[] = [];
    const running = await start({
      log: (line) => lines.push(line),
      intercept: () => {
        throw new RangeError("the secret");
      },
    });
    expect(await create(running)).toMatchObject({ status: 500, body: { __type: "InternalServerException" } });
    expect(lines.join("\n")).toContain("RangeError");
    expect(lines.join("\n")).not.toContain("secret");
  });
});

function signal() {
  let fire = () => {};
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
}

describe("records and log", () => {
  it("have a line a call, in order", async () => {
    const lines: string[] = [];
    const running = await start({ log: (line) => lines.push(line) });
    await create(running);
    await create(running);
    await fetch(running.emulator.endpoint).then((response) => response.text());
    expect(lines).toEqual([
      "2026-03-01T12:00:00.000Z 111122223333 mpa:CreateIdentitySource 200",
      "2026-03-01T12:00:00.000Z 111122223333 mpa:CreateIdentitySource 402 ServiceQuotaExceededException",
      "2026-03-01T12:00:00.000Z - unknown:unknown 403 MissingAuthenticationToken",
    ]);
    expect(running.emulator.calls.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      [200, undefined],
      [402, "ServiceQuotaExceededException"],
      [403, "MissingAuthenticationToken"],
    ]);
  });
});

describe("starting and stopping", () => {
  it("releases the port, ends kept-alive connections and long polls, and may be repeated", async () => {
    const polled = signal();
    const running = await start({
      clock: systemClock,
      intercept: ({ operation }) => {
        if (operation === "ReceiveMessage") polled.fire();
        return undefined;
      },
    });
    const sqs = running.sqs(PARTNER);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "inbox" }));
    const polling = sqs
      .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
      .catch((error: Error) => error);
    await polled.fired;
    await running.emulator.close();
    await running.emulator.close();
    expect(await polling).toBeInstanceOf(Error);
    const again = await startEmulator({ port: running.emulator.port });
    expect(again.endpoint).toBe(running.emulator.endpoint);
    await again.close();
  });

  it("says so when the port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = (typeof address === "object" && address?.port) || 0;
    await expect(startEmulator({ port })).rejects.toMatchObject({
      message: `port ${port} is in use: give startEmulator another \`port\`, or none for any free one.`,
      code: "EADDRINUSE",
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it("ends while its queues are being started", async () => {
    const running = await start({});
    const pending = running
      .sqs(PARTNER)
      .send(new CreateQueueCommand({ QueueName: "inbox" }))
      .catch((error: Error) => error);
    await running.emulator.close();
    expect(await pending).toBeInstanceOf(Error);
  });

  it("leaks nothing over a hundred times", async () => {
    const before = process.getActiveResourcesInfo().length;
    for (let index = 0; index < 100; index++) {
      const emulator = await startEmulator();
      await fetch(emulator.endpoint).then((response) => response.text());
      await emulator[Symbol.asyncDispose]();
    }
    await new Promise(setImmediate);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 2);
  });

  it("runs on the system's clock by default", async () => {
    await using emulator = await startEmulator();
    const earliest = Date.now();
    await fetch(emulator.endpoint).then((response) => response.text());
    expect(emulator.calls[0]?.time.getTime()).toBeGreaterThanOrEqual(earliest);
  });
});

describe("ManualClock", () => {
  it.each<[string | number, number]>([
    [250, 250],
    ["250ms", 250],
    ["1.5s", 1_500],
    ["2m", 120_000],
    ["25h", 90_000_000],
    ["7d", 604_800_000],
  ])("advances by %s", (duration, expected) => {
    const clock = new ManualClock(START);
    clock.advance(duration);
    expect(clock.now().getTime() - START.getTime()).toBe(expected);
  });

  it.each(["", "1", "1w", "-1s", "h", Number.NaN, -1])("refuses %p", (duration) => {
    expect(() => new ManualClock().advance(duration)).toThrow(RangeError);
  });

  it("stands still, starts now, and can be set", () => {
    const clock = new ManualClock();
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(5_000);
    clock.set(START);
    clock.now().setFullYear(1999);
    expect(clock.now()).toEqual(START);
  });
});
