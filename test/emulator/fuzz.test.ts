import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { aThirdOf } from "../everyThird";
import { replay } from "../seed";
import { createRequest, markupOf, tokenIn, Visitor } from "./console/visitor";
import {
  expand,
  type FuzzText,
  fuzzJson,
  fuzzText,
  type JsonCall,
  jsonCalls,
  jsonPaths,
  MARKER,
  type QueryCall,
  queryCalls,
  SECRET,
  TABLE,
  withJsonAt,
} from "./fuzzInputs";
import { CUSTOMER, type Harness, PARTNER, signed, startHarness } from "./harness";
import { exchange, formatRequest, IDENTITY_CALL, type RawResponse } from "./rawHttp";
import { readXml } from "./xml";

const TARGETS: Readonly<Record<string, string>> = { sqs: "AmazonSQS", dynamodb: "DynamoDB_20120810" };

/** A response that takes longer than this many milliseconds counts as a hang. */
const HANG_MS = 20_000;
const runs = (all: number) => ({ numRuns: aThirdOf(all), timeout: HANG_MS, ...replay });

const log: string[] = [];
let harness: Harness;
let port: number;
let requestId: string;
let queryCall: fc.Arbitrary<QueryCall>;
let jsonCall: fc.Arbitrary<JsonCall>;
beforeAll(async () => {
  harness = await startHarness({ log: (line) => log.push(line) });
  port = harness.emulator.port;
  ({ id: requestId } = await createRequest(harness, { Description: `<${MARKER} a="b">'&]]>` }));
  const { QueueUrl = "" } = await harness.sqs(PARTNER).send(new CreateQueueCommand({ QueueName: "inbox" }));
  const { TopicArn } = await harness.sns(PARTNER).send(new CreateTopicCommand({ Name: "news" }));
  const Endpoint = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
  await harness.sns(PARTNER).send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  await harness.dynamodb(PARTNER).send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  queryCall = fc.constantFrom(...queryCalls(requestId));
  jsonCall = fc.constantFrom(...jsonCalls(QueueUrl));
});
afterAll(() => harness.close());
afterEach(() => {
  expect(log.filter((line) => line.includes("internal failure") || line.includes(SECRET))).toEqual([]);
});

async function expectAlive(): Promise<void> {
  const { responses } = await exchange(port, [IDENTITY_CALL]);
  expect(responses).toEqual([
    expect.objectContaining({ status: 200, body: expect.stringContaining(PARTNER) }),
  ]);
}

/** Sends one request, and expects exactly one response. */
async function send(text: string): Promise<RawResponse> {
  const { responses, rest } = await exchange(port, [text], { end: false });
  expect({ responses: responses.length, rest }).toEqual({ responses: 1, rest: "" });
  return responses[0] as RawResponse;
}

/** Success, or an error of the caller's in AWS's format. */
function expectAwsShaped({ status, headers, body }: RawResponse): void {
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

/** Request lines, headers and bodies that are invalid, or do not fit together. */
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

/** A valid request that is cut off, or has other bytes somewhere. */
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
      const { responses, rest } = await exchange(port, pieces);
      // The response to HEAD has no body although it has a length, so the responses can't be told apart.
      if (texts.some((text) => text.includes("HEAD"))) return;
      expect(rest).toBe("");
      for (const answer of responses) expectAwsShaped(answer);
    }),
    runs(150),
  );
  await expectAlive();
});

/** The bytes of a text, percent-encoded, also of lone surrogates. */
const encode = (text: string): string =>
  Buffer.from(text, "utf8")
    .toString("latin1")
    .replace(/[^\w.-]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** A change of a call's parameters. */
const mutation = fc.record({
  /** The index of the parameter to replace. */
  at: fc.nat(20),
  value: fuzzText,
  name: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fuzzText },
    {
      weight: 2,
      arbitrary: fc.constantFrom<FuzzText[]>(
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
/** Thousands of additional parameters. */
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
          const key = name === undefined ? (pairs[index]?.[0] ?? "x") : encode(expand(name));
          const secret = key === "TradeInToken" ? SECRET : "";
          const text = raw ? expand(value).replaceAll("&", "") : encode(expand(value));
          pairs.splice(index, name === undefined ? 1 : 0, [key, text + secret]);
        }
        for (let index = 0; index < (more?.times ?? 0); index++) {
          pairs.push([`${more?.before}${index}${more?.after}`, "x"]);
        }
        const body = pairs.map((pair) => pair.join("=")).join("&");
        const answer = await send(
          formatRequest(
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
  const mutated = fc.record({ at: fc.nat(20), text: fuzzJson });
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
      fuzzText,
      fc.nat(9),
      session,
      async (call, change, more, text, where, token) => {
        const { service, operation, method, body } = call;
        const places = jsonPaths(body ?? {});
        const changed =
          change === null
            ? JSON.stringify(body)
            : withJsonAt(body, places[change.at % places.length] ?? [], expand(change.text));
        // Once in ten runs the path is changed instead.
        const path =
          where > 0 ? call.path : call.path.replace(/[^/]*$/, encode(expand(text)).slice(0, 8_000));
        const headers = {
          ...signed(service),
          ...token,
          ...(service in TARGETS && { "x-amz-target": `${TARGETS[service]}.${operation}` }),
          ...(body !== undefined && {
            "content-type": service in TARGETS ? "application/x-amz-json-1.0" : "application/json",
          }),
          connection: "close",
        };
        const sent = body === undefined ? "" : changed.replace("{", `{${more}`);
        const answer = await send(formatRequest(method, path, headers, sent));
        expectAwsShaped(answer);
        const lists = operation === "ListTagsForResource" && answer.status === 200;
        // The one response that contains sensitive values, since tags are sensitive in the model.
        if (!lists) expect(JSON.stringify(answer)).not.toContain(SECRET);
      },
    ),
    runs(200),
  );
  await expectAlive();
});

/** Placeholders for the id of a delegation request and the CSRF token of its forms. */
const [THIS, GOOD] = ["THIS", "GOOD"];

test("the console answers pages in which nothing is anybody else's markup", async () => {
  const link = `${harness.emulator.endpoint}/iam/account-access-requests/review/`;
  const visitor = new Visitor();
  await visitor.open(link + requestId);
  const path = fc.oneof(
    { weight: 4, arbitrary: fc.constant(`/iam/account-access-requests/review/${THIS}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            "/iam/account-access-requests/review/",
            "/iam/home/delegation-requests/",
            "/mpa/home/approval-portal/",
            "/iam/home/",
            "/mpa/home",
          ),
          fuzzText,
        )
        .map(([before, text]) => before + encode(expand(text)).slice(0, 5_000)),
    },
    { weight: 1, arbitrary: fc.constant(`/mpa/home/approval-portal/${PARTNER}`) },
  );
  const sane = (value: string) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fuzzText });
  const fields = fc.record({
    action: fc.oneof(fc.constantFrom("claim", "accept", "forward", "reject", "send", "revoke"), fuzzText),
    token: sane(GOOD),
    account: sane(CUSTOMER),
    notes: fuzzText,
  });
  const header = (value: string) =>
    sane(value).map((text) =>
      expand(text)
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
      fc.constantFrom<string[]>([], ["claim"], ["claim", "accept"], ["claim", "accept", "send"]),
      async (method, target, said, filled, before) => {
        const { id } = await createRequest(harness, { Description: `<${MARKER} a="b">'&]]>` });
        const token = tokenIn(await visitor.open(link + id));
        for (const action of before) await visitor.post(link + id, { action, account: CUSTOMER, token });
        const body = Object.entries(filled)
          .map(([name, value]) => `${name}=${encode(value === GOOD ? token : expand(value))}`)
          .join("&");
        const there = target.replace(THIS, id);
        const answer = await send(
          formatRequest(method, there, { ...said, connection: "close" }, method === "GET" ? "" : body),
        );
        if (!/^\/(iam\/account-access-requests|(iam|mpa)\/home)(\/|$)/.test(there))
          return expectAwsShaped(answer);
        const { status } = answer;
        const expected = [200, 303, 308].includes(status) || (status >= 400 && status < 500);
        expect(expected ? "expected" : status).toBe("expected");
        expect(answer.headers).toMatchObject({ "content-type": "text/html; charset=utf-8" });
        expect(answer.body).toMatch(/^<!doctype html>.*<\/html>\n$/s);
        expect(markupOf({ html: answer.body }).join("")).not.toContain(MARKER);
      },
    ),
    runs(50),
  );
  await expectAlive();
});
