import { connect } from "node:net";
import { type HttpServer, listen } from "../../src/emulator/http";
import { type Harness, PARTNER, startHarness } from "./harness";
import { exchange, IDENTITY_CALL, type RawExchange } from "./rawHttp";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const say = (text: string): Promise<RawExchange> => exchange(harness.emulator.port, [text]);
const head = (line: string, ...headers: string[]) => `${[line, ...headers].join("\r\n")}\r\n\r\n`;

describe("HTTP that is broken is answered an error of AWS's shape", () => {
  it.each<[string, string, number, string]>([
    ["a bad request line", "NONSENSE\r\n\r\n", 400, "MalformedHttpRequestException"],
    [
      "a header without a colon",
      head("GET / HTTP/1.1", "Host: a", "x"),
      400,
      "MalformedHttpRequestException",
    ],
    ["no Host", head("GET / HTTP/1.1"), 400, "MalformedHttpRequestException"],
    [
      "a negative length",
      head("POST / HTTP/1.1", "Host: a", "Content-Length: -1"),
      400,
      "MalformedHttpRequestException",
    ],
    [
      "two lengths",
      head("POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Content-Length: 2"),
      400,
      "MalformedHttpRequestException",
    ],
    [
      "a broken chunk, in the middle of a call",
      `${head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")}2\r\nab\r\nxyz\r\n`,
      400,
      "MalformedHttpRequestException",
    ],
    [
      "headers that are too long",
      head("GET / HTTP/1.1", "Host: a", `X-Long: ${"x".repeat(20_000)}`),
      431,
      "RequestHeaderSectionTooLarge",
    ],
    [
      "an expectation that it cannot meet",
      head("POST / HTTP/1.1", "Host: a", "Expect: a miracle", "Content-Length: 0"),
      417,
      "ExpectationFailed",
    ],
  ])("%s", async (_name, text, status, code) => {
    const { responses } = await say(text);
    expect(responses).toEqual([expect.objectContaining({ status, code })]);
    expect(responses[0]?.headers).toMatchObject({
      "content-type": "text/xml",
      "x-amzn-requestid": expect.any(String),
    });
  });

  it("but not before what came whole on the same connection", async () => {
    const { responses } = await say(`${IDENTITY_CALL}NONSENSE\r\n\r\n`);
    expect(responses.map(({ status }) => status)).toEqual([200, 400]);
  });
});

it("does not mix what it says when requests come at once and one waits for 100 Continue", async () => {
  const { responses, rest } = await say(IDENTITY_CALL + head("GET / HTTP/1.1", "Expect: 100-continue"));
  expect(responses.map(({ status }) => status)).toEqual([200, 400]);
  expect(responses[1]?.body).toMatch(/^<ErrorResponse .*<\/ErrorResponse>$/);
  expect(rest).toBe("");
});

it("takes a request whose target is a whole address", async () => {
  const { responses } = await say(IDENTITY_CALL.replace("POST /", `POST ${harness.emulator.endpoint}/`));
  expect(responses).toEqual([
    expect.objectContaining({ status: 200, body: expect.stringContaining(PARTNER) }),
  ]);
});

describe("a client that is slow", () => {
  const called = jest.fn();
  let mayAnswer: Promise<void> = Promise.resolve();
  let server: HttpServer;
  beforeAll(async () => {
    server = await listen(0, { headersMs: 200, requestMs: 200, checkMs: 10 });
    server.serve(async () => {
      called();
      await mayAnswer;
      return { status: 200, headers: {}, body: "" };
    });
  });
  afterAll(() => server.close());

  it.each([
    ["sends nothing", ""],
    ["stops in the middle of the headers", "POST / HTTP/1.1\r\nHost: a\r\nX-A"],
    ["stops in the middle of the body", `${head("POST / HTTP/1.1", "Host: a", "Content-Length: 10")}abc`],
    [
      "stops in the middle of a chunk",
      `${head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")}5\r\nab`,
    ],
  ])("and %s is told so, and the connection closed", async (_name, text) => {
    const { responses } = await exchange(server.port, [text], { end: false });
    expect(responses).toEqual([expect.objectContaining({ status: 408, code: "RequestTimeout" })]);
    expect(called).not.toHaveBeenCalled();
  });

  it("to be served, but has sent a whole request, is not told so", async () => {
    mayAnswer = exchange(server.port, [""], { end: false }).then(({ responses }) => {
      expect(responses).toMatchObject([{ status: 408 }]);
    });
    const request = head("GET / HTTP/1.1", "Host: a", "Connection: close");
    expect((await exchange(server.port, [request], { end: false })).responses).toMatchObject([
      { status: 200 },
    ]);
  });
});

it("neither waits for slow clients nor lets others wait for them", async () => {
  await using other = await startHarness();
  const { port } = other.emulator;
  const slow = [
    "",
    "POST / HT",
    head("POST / HTTP/1.1", "Host: a", "Content-Length: 10"),
    // Answers that nobody reads.
    IDENTITY_CALL.repeat(2_000),
    `${IDENTITY_CALL.repeat(2_000)}NONSENSE\r\n\r\n`,
  ].map((text) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(text);
    // A connection may be reset, which newer versions of Node.js report: it is closed all the same.
    return { socket: socket.pause(), closed: new Promise((resolve) => socket.once("close", resolve)) };
  });
  expect((await exchange(port, [IDENTITY_CALL])).responses).toMatchObject([{ status: 200 }]);
  await other.emulator.close();
  for (const { socket } of slow) socket.resume();
  await Promise.all(slow.map(({ closed }) => closed));
});
