import { request } from "node:http";
import { ListUsersCommand } from "@aws-sdk/client-iam";
import { failure, type Harness, PARTNER, signed, startHarness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

async function post(body: string, headers: Record<string, string>, path = "/", method = "POST") {
  const response = await fetch(`${harness.emulator.endpoint}${path}`, {
    method,
    headers,
    ...(method !== "GET" && { body }),
  });
  const text = await response.text();
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? response.headers.get("x-amzn-errortype") ?? undefined;
  return { status: response.status, code, text, type: response.headers.get("content-type") };
}
const sts = (body: string, headers: Record<string, string> = {}) =>
  post(body, { ...FORM, ...signed("sts"), ...headers });
const mpa = (body: string, headers: Record<string, string> = {}, path = "/identity-sources") =>
  post(body, { "content-type": "application/json", ...signed("mpa"), ...headers }, path);

describe("signatures", () => {
  const authorization = signed("sts")["authorization"] ?? "";

  it.each([
    ["another algorithm", authorization.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")],
    ["no algorithm", "Bearer"],
    ["a short scope", authorization.replace("/aws4_request", "")],
    ["no access key", authorization.replace(PARTNER, "")],
    ["no date in the scope", authorization.replace("20260301", "today")],
    ["no signed headers", authorization.replace("SignedHeaders=host;x-amz-date, ", "")],
    ["no signature", authorization.replace(/, Signature=.*/, "")],
    ["a signature that is not hexadecimal", authorization.replace(/Signature=0/, "Signature=x")],
  ])("with %s are incomplete", async (_name, broken) => {
    expect(await sts(IDENTITY, { authorization: broken })).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  });

  it("need a date", async () => {
    expect(await post(IDENTITY, { ...FORM, authorization })).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  });

  it("may travel in the query", async () => {
    const presigned = new URLSearchParams({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${PARTNER}/20260301/us-east-1/sts/aws4_request`,
      "X-Amz-Date": "20260301T120000Z",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "0".repeat(64),
    });
    const answer = await post("", {}, `/?${presigned}`, "GET");
    expect(answer).toMatchObject({
      status: 200,
      text: expect.stringContaining(`<Account>${PARTNER}</Account>`),
    });
    presigned.delete("X-Amz-Date");
    expect(await post("", {}, `/?${presigned}`, "GET")).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
    presigned.delete("X-Amz-Algorithm");
    expect(await post("", {}, `/?${presigned}`, "GET")).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  });
});

describe("services and operations", () => {
  it("that are not emulated fail loudly", async () => {
    expect(await failure(harness.iam(PARTNER).send(new ListUsersCommand({})))).toMatchObject({
      code: "InvalidAction",
      status: 400,
      message: expect.stringContaining("ListUsers"),
    });
    expect(await mpa("{}", {}, "/approval-groups")).toMatchObject({
      status: 404,
      code: "UnknownOperationException",
    });
    expect(await post("", signed("mpa"), "/identity-sources/", "GET")).toMatchObject({
      status: 404,
      code: "UnknownOperationException",
    });
    expect(await post("", signed("s3"), "/bucket", "GET")).toMatchObject({
      status: 404,
      code: "UnknownOperationException",
      text: expect.stringContaining("does not emulate s3"),
    });
  });
});

describe("the query protocol", () => {
  it.each<[string, string, number, string]>([
    ["no action", "Version=2011-06-15", 400, "MissingAction"],
    ["an empty body", "", 400, "MissingAction"],
    ["no version", "Action=GetCallerIdentity", 400, "InvalidAction"],
    ["another version", "Action=GetCallerIdentity&Version=2010-05-08", 400, "InvalidAction"],
    ["broken percent-encoding", `${IDENTITY}&x=%zz`, 404, "MalformedQueryString"],
    ["percent-encoded bytes that are no UTF-8", `${IDENTITY}&x=%ff`, 404, "MalformedQueryString"],
  ])("refuses %s", async (_name, body, status, code) => {
    expect(await sts(body)).toMatchObject({ status, code, type: "text/xml" });
  });

  it("refuses another method", async () => {
    expect(await post("", signed("sts"), "/", "PUT")).toMatchObject({ status: 400, code: "InvalidAction" });
  });

  it("escapes what it repeats, also what XML can not hold", async () => {
    const body = `Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::1:role&RoleSessionName=${encodeURIComponent("<a>&\u0000\r")}`;
    const { text } = await sts(body);
    expect(text).toContain("&lt;a&gt;&amp;\uFFFD&#xD;");
  });

  it("ignores list indexes and members that lead nowhere", async () => {
    const odd = `${IDENTITY}&Tags.member.x=1&Tags.member.99999999999=2&__proto__.a=1&constructor=2&a..b=3`;
    expect((await sts(odd)).status).toBe(200);
  });
});

describe("the REST-JSON protocol", () => {
  it.each(["{", "[]", "null", '"text"'])("refuses %s for a body", async (body) => {
    expect(await mpa(body)).toMatchObject({ status: 400, code: "SerializationException" });
  });

  it("refuses a broken path", async () => {
    expect(await post("", signed("mpa"), "/identity-sources/%zz", "GET")).toMatchObject({
      code: "SerializationException",
    });
  });
});

it("survives a client that goes away", async () => {
  await new Promise<void>((resolve) => {
    const half = request(harness.emulator.endpoint, { method: "POST", headers: { "content-length": "100" } });
    half.on("error", () => resolve());
    half.write("Action=", () => half.destroy());
    half.on("close", () => resolve());
  });
  expect((await sts(IDENTITY)).status).toBe(200);
});
