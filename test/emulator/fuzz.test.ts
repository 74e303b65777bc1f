import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { replay } from "../seed";
import { CUSTOMER, type Harness, PARTNER, signed, startHarness } from "./harness";
import {
  type Hostile,
  hostileJson,
  hostileText,
  type JsonCall,
  jsonCalls,
  jsonWith,
  MARK,
  placesIn,
  type QueryCall,
  queryCalls,
  SECRET,
  spell,
} from "./hostile";
import { type Answer, exchange, IDENTITY_CALL, wire } from "./strangers";
import { ask, markupOf, tokenIn, Visitor } from "./visitor";
import { readXml } from "./xml";

/** An answer that takes longer than this many milliseconds is a hang. */
const HANG_MS = 20_000;
const runs = (numRuns: number) => ({ numRuns, timeout: HANG_MS, ...replay });

const log: string[] = [];
let harness: Harness;
let port: number;
let requestId: string;
let queryCall: fc.Arbitrary<QueryCall>;
let jsonCall: fc.Arbitrary<JsonCall>;
beforeAll(async () => {
  harness = await startHarness({ log: (line) => log.push(line) });
  port = harness.emulator.port;
  ({ id: requestId } = await ask(harness, { Description: `<${MARK} a="b">'&]]>` }));
  const { QueueUrl = "" } = await harness.sqs(PARTNER).send(new CreateQueueCommand({ QueueName: "inbox" }));
  const { TopicArn } = await harness.sns(PARTNER).send(new CreateTopicCommand({ Name: "news" }));
  const Endpoint = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
  await harness.sns(PARTNER).send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  queryCall = fc.constantFrom(...queryCalls(requestId));
  jsonCall = fc.constantFrom(...jsonCalls(QueueUrl));
});
afterAll(() => harness.close());
afterEach(() => {
  expect(log.filter((line) => line.includes("internal failure") || line.includes(SECRET))).toEqual([]);
});

async function expectAlive(): Promise<void> {
  const { answers } = await exchange(port, [IDENTITY_CALL]);
  expect(answers).toEqual([expect.objectContaining({ status: 200, body: expect.stringContaining(PARTNER) })]);
}

/** Sends one request of good form, and answers its one answer. */
async function send(text: string): Promise<Answer> {
  const { answers, rest } = await exchange(port, [text], { end: false });
  expect({ answers: answers.length, rest }).toEqual({ answers: 1, rest: "" });
  return answers[0] as Answer;
}

/** Success, or what a client of AWS understands as its own mistake. */
function expectAwsShaped({ status, headers, body }: Answer): void {
  expect(headers["x-amzn-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
  const json = headers["content-type"]?.includes("json");
  const success = status === 200;
  if (!success) expect(status >= 400 && status < 500 ? "4xx" : status).toBe("4xx");
  if (json) {
    const value = body === "" && success ? {} : JSON.parse(body);
    if (!success) {
      expect(value.__type).toMatch(/^[\w.#]+$/);
      expect(typeof (value.Message ?? value.message)).toBe("string");
    }
    return;
  }
  expect(headers["content-type"]).toContain("xml");
  const elements = readXml(body);
  if (success) return;
  expect(elements.get("ErrorResponse.Error.Type")).toBe("Sender");
  expect(elements.get("ErrorResponse.Error.Code")).toMatch(/^[\w.]+$/);
  expect(elements.get("ErrorResponse.Error.Message")).toEqual(expect.any(String));
  expect(elements.get("ErrorResponse.RequestId")).toMatch(/^[0-9a-f-]{36}$/);
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString("latin1"));

/** A request line, headers and a body as nobody should put them together. */
const oddRequest = fc
  .tuple(
    fc.constantFrom(
      "GET",
      "POST",
      "HEAD",
      "OPTIONS",
      "CONNECT",
      "TRACE",
      "PRI",
      "M-SEARCH",
      "get",
      "",
      "X Y",
    ),
    fc.oneof(
      fc.constantFrom(
        "/",
        "*",
        "",
        "http://127.0.0.1/",
        "https://[::1]:x/?",
        "example.com:443",
        "//",
        "/\0",
        "/?",
      ),
      fc.constantFrom("/%", "/é", "/identity-sources/%ff", `/${"a/".repeat(2_000)}`, "/#x", "\\"),
      bytes.map((text) => `/${text}`),
    ),
    fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9", "", "http/1.1"),
    fc.array(
      fc.oneof(
        fc.constantFrom(
          "Host: a",
          "Host: b",
          "Host:",
          "Content-Length: 5",
          "Content-Length: 6",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Content-Length: 1e3",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: x",
          "Expect: 100-continue",
          "Expect: 200-ok",
          "Connection: Upgrade\r\nUpgrade: websocket",
          "Upgrade: h2c",
          "Connection: close",
          "no colon",
          ": no name",
          " folded: x",
          "A\0: b",
          "Content-Type: application/x-www-form-urlencoded",
          `X-Long: ${"x".repeat(17_000)}`,
          "a: b\r\n".repeat(1_900).trimEnd(),
          ...Object.entries(signed("sts")).map(([name, value]) => `${name}: ${value}`),
        ),
        bytes.map((text) => `X: ${text}`),
      ),
      { maxLength: 6 },
    ),
    fc.oneof(
      fc.constantFrom(
        "",
        "hello",
        "5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhel",
        "-1\r\n",
        "zz\r\nx",
        "FFFFFFFFFFFFFFFF\r\nx",
      ),
      fc.constantFrom(
        "0;ext=1\r\nTrailer: x\r\n\r\n",
        "0\r\nno colon\r\n\r\n",
        `1;${"e".repeat(20_000)}\r\nx\r\n`,
      ),
      bytes,
    ),
  )
  .map(([method, target, version, headers, body]) =>
    [`${method} ${target} ${version}`, ...headers, "", body].join("\r\n"),
  );

/** A good request, cut off or with other bytes somewhere in it. */
const damagedRequest = fc
  .tuple(
    fc.nat(IDENTITY_CALL.length),
    fc.nat(20),
    fc.oneof(bytes, fc.constantFrom("", "\r\n", "\0", ":")),
    fc.boolean(),
  )
  .map(
    ([at, drop, insert, cut]) =>
      IDENTITY_CALL.slice(0, at) + insert + (cut ? "" : IDENTITY_CALL.slice(at + drop)),
  );

test("HTTP that is none is answered in AWS's shape or hung up on, whatever the pieces it comes in", async () => {
  const said = fc.oneof(bytes, oddRequest, damagedRequest, fc.constant(IDENTITY_CALL));
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 4 }), fc.boolean(), async (texts, joined) => {
      const pieces = (joined ? [texts.join("")] : texts).map((text) => Buffer.from(text, "latin1"));
      const { answers, rest } = await exchange(port, pieces);
      // The answer to HEAD has no body; which of several answers that is only HTTP knows.
      if (texts.some((text) => text.includes("HEAD"))) return;
      expect(rest).toBe("");
      for (const answer of answers) expectAwsShaped(answer);
    }),
    runs(150),
  );
  await expectAlive();
});

/** Bytes of any text, percent-encoded, also where it is no Unicode. */
const encode = (text: string): string =>
  Buffer.from(text, "utf8")
    .toString("latin1")
    .replace(/[^\w.-]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** The parameters of a call and what becomes of them. */
const mutation = fc.record({
  /** Which parameter; the name of another one when there is none. */
  at: fc.nat(20),
  value: hostileText,
  name: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: hostileText },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Hostile[]>(
        "Tags",
        "Tags.member",
        "Tags.member.0",
        "Tags.member.999999999.Key",
        "Tags.member.1.Key.more",
        "Permissions",
        "Permissions.Parameters.member.x",
        "Permissions.member.1",
        "Tags.entry.1.key",
        "MessageAttributes.entry.1.__proto__",
        "Action",
        "Version",
        { repeat: ".", times: 10_000 },
        { repeat: "a.", times: 10_000 },
      ),
    },
  ),
  raw: fc.boolean(),
});
/** More parameters than anybody needs. */
const flood = fc.record({
  before: fc.constantFrom(
    "Tags.member.",
    "Attributes.entry.",
    "MessageAttributes.entry.",
    "PublishBatchRequestEntries.member.",
    "Permissions.Parameters.member.",
    "x",
  ),
  after: fc.constantFrom("", ".Key", ".Name", ".Id", ".key", ".Value.DataType"),
  times: fc.constantFrom(100, 5_000),
});
const session = fc.constantFrom<Record<string, string>[]>({}, { "x-amz-security-token": SECRET });
const form = "application/x-www-form-urlencoded";

test("parameters that are hostile are answered in AWS's shape", async () => {
  await fc.assert(
    fc.asyncProperty(
      queryCall,
      fc.array(mutation, { maxLength: 4 }),
      fc.constantFrom(form, form, form, "text/plain"),
      session,
      fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: flood }),
      async ({ service, version, operation, parameters }, mutations, type, token, more) => {
        const pairs = Object.entries({ Action: operation, Version: version, ...parameters }).map(
          ([name, value]) => [name, encode(value)],
        );
        for (const { at, value, name, raw } of mutations) {
          const index = 2 + (at % Math.max(1, pairs.length - 2));
          const key = name === undefined ? (pairs[index]?.[0] ?? "x") : encode(spell(name));
          const secret = key === "TradeInToken" ? SECRET : "";
          const text = raw ? spell(value).replaceAll("&", "") : encode(spell(value));
          pairs.splice(index, name === undefined ? 1 : 0, [key, text + secret]);
        }
        for (let index = 0; index < (more?.times ?? 0); index++) {
          pairs.push([`${more?.before}${index}${more?.after}`, "x"]);
        }
        const body = pairs.map((pair) => pair.join("=")).join("&");
        const answer = await send(
          wire(
            "POST",
            "/",
            { ...signed(service), ...token, "content-type": type, connection: "close" },
            body,
          ),
        );
        expectAwsShaped(answer);
        expect(JSON.stringify(answer)).not.toContain(SECRET);
      },
    ),
    runs(200),
  );
  await expectAlive();
});

test("JSON that is hostile is answered in AWS's shape", async () => {
  const mutated = fc.record({ at: fc.nat(20), text: hostileJson });
  const extra = fc.constantFrom(
    "",
    "",
    '"__proto__":{"Tags":1},',
    '"QueueUrl":1,"QueueUrl":"x",',
    '"":"",',
    ",",
  );
  await fc.assert(
    fc.asyncProperty(
      jsonCall,
      fc.option(mutated),
      extra,
      hostileText,
      fc.nat(9),
      session,
      async (call, change, more, text, where, token) => {
        const { service, operation, method, body } = call;
        const places = placesIn(body ?? {});
        const changed =
          change === null
            ? JSON.stringify(body)
            : jsonWith(body, places[change.at % places.length] ?? [], spell(change.text));
        // Now and then the path is hostile instead.
        const path = where > 0 ? call.path : call.path.replace(/[^/]*$/, encode(spell(text)).slice(0, 8_000));
        const headers = {
          ...signed(service),
          ...token,
          ...(service === "sqs" && { "x-amz-target": `AmazonSQS.${operation}` }),
          ...(body !== undefined && {
            "content-type": service === "sqs" ? "application/x-amz-json-1.0" : "application/json",
          }),
          connection: "close",
        };
        const sent = body === undefined ? "" : changed.replace("{", `{${more}`);
        const answer = await send(wire(method, path, headers, sent));
        expectAwsShaped(answer);
        const lists = operation === "ListTagsForResource" && answer.status === 200;
        // What SQS keeps is no secret of its own; here it is told of none.
        if (!lists) expect(JSON.stringify(answer)).not.toContain(SECRET);
      },
    ),
    runs(200),
  );
  await expectAlive();
});

/** Stand for the id of a delegation request and the token of its forms. */
const [THIS, GOOD] = ["THIS", "GOOD"];

test("the console answers pages in which nothing is anybody else's markup", async () => {
  const link = `${harness.emulator.endpoint}/iam/home/delegation-requests/`;
  const visitor = new Visitor();
  await visitor.open(link + requestId);
  const path = fc.oneof(
    { weight: 4, arbitrary: fc.constant(`/iam/home/delegation-requests/${THIS}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            "/iam/home/delegation-requests/",
            "/mpa/home/approval-portal/",
            "/iam/home/",
            "/mpa/home",
          ),
          hostileText,
        )
        .map(([before, text]) => before + encode(spell(text)).slice(0, 5_000)),
    },
    { weight: 1, arbitrary: fc.constant(`/mpa/home/approval-portal/${PARTNER}`) },
  );
  const sane = (value: string) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: hostileText });
  const fields = fc.record({
    action: fc.oneof(fc.constantFrom("claim", "accept", "forward", "reject", "send"), hostileText),
    token: sane(GOOD),
    account: sane(CUSTOMER),
    notes: hostileText,
  });
  const header = (value: string) =>
    sane(value).map((text) =>
      spell(text)
        .replace(/[^\t\x20-\x7e]/g, "")
        .slice(0, 2_000)
        .trim(),
    );
  const headers = fc.record({
    host: header(`127.0.0.1:${port}`),
    origin: header(harness.emulator.endpoint),
    cookie: header(visitor.cookie),
    "content-type": header(form),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "POST", "POST", "PUT"),
      path,
      headers,
      fields,
      fc.constantFrom<string[]>([], ["claim"], ["claim", "accept"]),
      async (method, target, said, filled, before) => {
        const { id } = await ask(harness, { Description: `<${MARK} a="b">'&]]>` });
        const token = tokenIn(await visitor.open(link + id));
        for (const action of before) await visitor.post(link + id, { action, account: CUSTOMER, token });
        const body = Object.entries(filled)
          .map(([name, value]) => `${name}=${encode(value === GOOD ? token : spell(value))}`)
          .join("&");
        const there = target.replace(THIS, id);
        const answer = await send(
          wire(method, there, { ...said, connection: "close" }, method === "GET" ? "" : body),
        );
        if (!/^\/(iam|mpa)\/home(\/|$)/.test(there)) return expectAwsShaped(answer);
        const { status } = answer;
        const expected = status === 200 || status === 303 || (status >= 400 && status < 500);
        expect(expected ? "expected" : status).toBe("expected");
        expect(answer.headers).toMatchObject({ "content-type": "text/html; charset=utf-8" });
        expect(answer.body).toMatch(/^<!doctype html>.*<\/html>\n$/s);
        expect(markupOf({ html: answer.body }).join("")).not.toContain(MARK);
      },
    ),
    runs(50),
  );
  await expectAlive();
});
