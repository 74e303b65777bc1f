/** The tests that every emulated operation passes: that it keeps what AWS's API model says of it. */
import type { EmulatorOptions, Fault } from "../../../src/testing/emulator";
import { type BoundCase, boundCases, type Sharper } from "./bounds";
import { type Credentials, type Harness, PARTNER, roleSession, startHarness } from "./harness";
import {
  type Input,
  isList,
  isObject,
  type ModelledService,
  type OperationModel,
  operationModel,
  type Shape,
  type Value,
  violations,
} from "./model";
import { encode, FORM, hasBody, outputIn, transmit, type WireAnswer, type WireCall } from "./wire";

/** Who calls, with what. */
export interface Call {
  readonly caller: string | Credentials;
  readonly input: Input;
}
type Preparation = (harness: Harness) => Call | Promise<Call>;

export interface Conformance {
  readonly service: ModelledService;
  readonly operation: string;
  /** Prepares a call that succeeds and gives every member of the input. Each test prepares its own. */
  readonly example: Preparation;
  /** Where the emulator takes less than the model's bounds allow, by the member's path. */
  readonly sharper?: Readonly<Record<string, Sharper>>;
  /** How each error that the model documents comes about; `injected` where only `intercept` brings it. */
  readonly errors: Readonly<Record<string, Preparation | "injected">>;
  readonly options?: EmulatorOptions;
}

/** Declares the tests, and starts the emulator that the file's other tests may share. */
export function conforms(conformance: Conformance): () => Harness {
  const { service, sharper = {}, example, errors } = conformance;
  const operation = operationModel(service, conformance.operation);
  let running: Harness | undefined;
  let injected: Fault | undefined;
  const harness = (): Harness => {
    if (running === undefined) throw new Error("The emulator runs only while tests do");
    return running;
  };
  beforeAll(async () => {
    running = await startHarness({ ...conformance.options, intercept: () => injected });
  });
  afterAll(() => running?.close());

  /** Sends the example, or what is made of it. */
  const send = async (change: (call: WireCall) => WireCall = (call) => call) => {
    const { caller, input } = await example(harness());
    return transmit(harness().emulator.endpoint, change(encode(operation, input, caller)));
  };
  /** For calls that are refused, which change nothing: one for all of them. */
  let standing: Promise<Call> | undefined;
  const standingExample = (running: Harness): Promise<Call> => {
    standing ??= Promise.resolve(example(running));
    return standing;
  };
  const accepted = { status: operation.status, code: undefined, message: undefined };

  it("answers what the model says", async () => {
    const answer = await send();
    expect(answer).toMatchObject({ ...accepted, contentType: CONTENT_TYPES[operation.protocol] });
    const output = outputIn(answer, operation);
    expect(operation.output === undefined ? output : violations(operation.output, output)).toEqual(
      operation.output === undefined ? undefined : [],
    );
  });

  describe("bounds", () => {
    const cases = boundCases(operation, sharper);
    if (cases.length > 0) {
      it.each(cases)("$name", async (bound) => {
        const prepare = bound.verdict.kind === "accepted" ? example : standingExample;
        const { caller, input } = await prepare(harness());
        const changed = bound.change(input);
        expectWhatTheModelSays(operation, bound, changed);
        const answer = await transmit(harness().emulator.endpoint, encode(operation, changed, caller));
        expectVerdict(operation, bound, answer);
      });
    }
  });

  describe("documented errors", () => {
    it("are all here", () => {
      expect(Object.keys(errors).sort()).toEqual([...operation.errors.keys()].sort());
    });

    const documented = [...operation.errors];
    if (documented.length === 0) return;
    it.each(documented)("%s", async (name, { code, status, fault: whose }) => {
      const provoked = errors[name];
      const { caller, input } = await (provoked === "injected" ? example : (provoked ?? example))(harness());
      if (provoked === "injected") injected = { error: { code, status } };
      try {
        const call = encode(operation, input, caller);
        const answer = await transmit(harness().emulator.endpoint, call);
        const fault = operation.protocol === "query" ? whose : undefined;
        expect(answer).toMatchObject({ code, status, fault, message: expect.stringMatching(/\S/) });
      } finally {
        injected = undefined;
      }
    });
  });

  describe("credentials", () => {
    const refused = async (kind: keyof typeof REFUSALS, change: (call: WireCall) => WireCall) =>
      expect(await send(change)).toMatchObject(REFUSALS[kind][operation.protocol]);
    const as = (caller: Credentials) => (call: WireCall) => {
      const { authorization = "" } = call.headers;
      return withHeaders(call, {
        authorization: authorization.replace(/Credential=[^/]+/, `Credential=${caller.accessKeyId}`),
        "x-amz-security-token": caller.sessionToken,
      });
    };

    it("are required", () => refused("none", (call) => withHeaders(call, { authorization: undefined })));

    it("need a signature in form", () =>
      refused("broken", (call) =>
        withHeaders(call, {
          authorization: call.headers["authorization"]?.replace(/Signature=0/, "Signature=x"),
        }),
      ));

    it("are refused without the session token that belongs to them, and when they expire", async () => {
      const session = await roleSession(harness(), PARTNER, { DurationSeconds: 900 });
      const other = await roleSession(harness(), PARTNER);
      await refused("foreign", as({ accessKeyId: session.accessKeyId, secretAccessKey: "" }));
      await refused("foreign", as({ ...session, sessionToken: other.sessionToken ?? "" }));
      await refused("foreign", as({ ...session, accessKeyId: "ASIAIOSFODNN7EXAMPLE" }));
      harness().clock.advance("900s");
      await refused("expired", as(session));
    });

    it("count in the regions of the service", async () => {
      const { caller, input } = await example(harness());
      const call = encode(operation, input, caller, "eu-west-1");
      expect(await transmit(harness().emulator.endpoint, call)).toMatchObject(
        service === "mpa" ? { code: "InvalidSignatureException", status: 403 } : accepted,
      );
    });
  });

  describe("on the wire", () => {
    it("ignores unknown members", async () => {
      const { caller, input } = await example(harness());
      const call = encode(operation, widened(input, operation.input), caller);
      const separator = call.path.includes("?") ? "&" : "?";
      const answer = await transmit(harness().emulator.endpoint, {
        ...call,
        path: `${call.path}${separator}Foreign=1`,
      });
      expect(answer).toMatchObject(accepted);
    });

    it("wants its own content type, where it has a body", async () => {
      for (const type of ["text/plain", operation.protocol === "query" ? "application/json" : FORM]) {
        expect(await send((call) => withHeaders(call, { "content-type": type }))).toMatchObject(
          hasBody(operation) ? WRONG_TYPE[operation.protocol] : accepted,
        );
      }
    });

    it("refuses bytes that are no UTF-8", async () => {
      const place = placeForBytes(operation);
      expect(await send(SPOILT[place])).toMatchObject(NO_UTF8[operation.protocol][place]);
    });

    if (operation.method !== "GET") {
      it("refuses a body that is too large", async () => {
        const answer = await send((call) => ({ ...call, body: " ".repeat(4 * 1024 * 1024 + 1) }));
        expect(answer).toMatchObject({ status: 413, code: "RequestEntityTooLarge" });
      });
    }
  });
  return harness;
}

const CONTENT_TYPES = { query: "text/xml", "rest-json": "application/json" };
const VALIDATION = { query: "ValidationError", "rest-json": "ValidationException" };
const WRONG_TYPE = {
  query: { status: 400, code: "MissingAction" },
  "rest-json": { status: 415, code: "UnsupportedMediaTypeException" },
};
const MALFORMED = { status: 404, code: "MalformedQueryString" };
const UNREADABLE = { status: 400, code: "SerializationException" };
const NO_UTF8 = {
  query: { body: MALFORMED, label: MALFORMED, query: MALFORMED },
  // A query is read before anybody knows whose it is: what is no UTF-8 in it becomes a token never given out.
  "rest-json": { body: UNREADABLE, label: UNREADABLE, query: { status: 400, code: "ValidationException" } },
};
const REFUSALS = {
  none: {
    query: { status: 403, code: "MissingAuthenticationToken" },
    "rest-json": { status: 403, code: "MissingAuthenticationTokenException" },
  },
  broken: {
    query: { status: 400, code: "IncompleteSignature" },
    "rest-json": { status: 400, code: "IncompleteSignatureException" },
  },
  foreign: {
    query: { status: 403, code: "InvalidClientTokenId" },
    "rest-json": { status: 403, code: "UnrecognizedClientException" },
  },
  expired: {
    query: { status: 403, code: "ExpiredToken" },
    "rest-json": { status: 403, code: "ExpiredTokenException" },
  },
};

/** That a generated input is on the side of its bound where it is said to be. */
function expectWhatTheModelSays(
  { input: shape }: OperationModel,
  { verdict }: BoundCase,
  input: Input,
): void {
  const found = violations(shape, input);
  if (verdict.kind === "out of bounds") expect(found).not.toEqual([]);
  if (verdict.kind === "accepted") expect(found).toEqual([]);
}

function expectVerdict(operation: OperationModel, { verdict }: BoundCase, answer: WireAnswer): void {
  const { status, code, message } = answer;
  switch (verdict.kind) {
    case "accepted":
      expect({ status, code, message }).toEqual({
        status: operation.status,
        code: undefined,
        message: undefined,
      });
      return;
    case "refused": {
      const documented = [...operation.errors.values()].find((error) => error.code === verdict.code);
      expect({ status, code }).toEqual({ status: documented?.status ?? 400, code: verdict.code });
      expect(message).not.toContain("failed to satisfy constraint");
      return;
    }
    case "out of bounds":
      expect({ status, code }).toEqual({ status: 400, code: VALIDATION[operation.protocol] });
      expect(message).toContain(verdict.says);
      if (verdict.secret !== undefined) expect(answer.text).not.toContain(verdict.secret);
  }
}

/** The value with a member in each of its structures that no model knows. */
function widened<V extends Value>(value: V, shape: Shape): V;
function widened(value: Value, shape: Shape): Value {
  if (shape.type === "list" && isList(value)) return value.map((item) => widened(item, shape.member));
  if (shape.type !== "structure" || !isObject(value)) return value;
  const members = Object.entries(value).map(([name, item]) => {
    const member = shape.members.get(name)?.shape;
    return [name, member === undefined ? item : widened(item, member)] as const;
  });
  return { ...Object.fromEntries(members), Foreign: { Nested: [{ Deep: "1" }] } };
}

/** Where text of the caller's can travel. */
function placeForBytes(operation: OperationModel): "body" | "label" | "query" {
  if (hasBody(operation)) return "body";
  return operation.uri.includes("{") ? "label" : "query";
}

const SPOILT: Readonly<Record<ReturnType<typeof placeForBytes>, (call: WireCall) => WireCall>> = {
  body: (call) => ({ ...call, body: new Uint8Array([...Buffer.from(String(call.body)), 0xff]) }),
  label: (call) => ({ ...call, path: call.path.replace(/[^/]+$/, "%FF") }),
  query: (call) => ({ ...call, path: `${call.path}&NextToken=%FF` }),
};

function withHeaders(call: WireCall, changes: Readonly<Record<string, string | undefined>>): WireCall {
  const merged = Object.entries({ ...call.headers, ...changes });
  const headers = Object.fromEntries(
    merged.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return { ...call, headers };
}
