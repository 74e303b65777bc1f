/**
 * Conformance tests: that each emulated operation behaves as AWS's API model and wire protocol say. They are generated
 * from the model; a test file of a service gives an example call of each operation, and how each documented error occurs.
 */
import type { Fault } from "../../src/emulator";
import type { EmulatedService } from "../../src/emulator/service";
import {
  type Input,
  isList,
  isObject,
  type OperationModel,
  operationModel,
  type Shape,
  type StructureShape,
  type Value,
  violations,
} from "./apiModel";
import { type BoundaryCase, boundaryCases, type Restriction } from "./boundaryCases";
import { type Credentials, type Harness, PARTNER, roleSession, useHarness } from "./harness";
import {
  type ApiResponse,
  encode,
  FORM,
  type HttpCall,
  hasBody,
  jsonType,
  parseOutput,
  transmit,
} from "./httpBinding";

/** Who calls, with what. */
export interface ExampleCall {
  readonly caller: string | Credentials;
  readonly input: Input;
}
type Preparation = (harness: Harness) => ExampleCall | Promise<ExampleCall>;

export interface OperationExamples {
  /** Prepares a call that succeeds and gives every member of the input. Each test prepares its own. */
  readonly example: Preparation;
  /** Members of which the emulator accepts less than the model's bounds allow, by their paths. */
  readonly restrictions?: Readonly<Record<string, Restriction>>;
  /** How each error that the model documents occurs; `injected` if only `intercept` makes it occur. */
  readonly errors: Readonly<Record<string, Preparation | "injected">>;
}

/** Declares the tests of all operations of a service. Each operation has an emulator of its own. */
export function describeConformance(
  { name: service, operations }: EmulatedService,
  examples: Readonly<Record<string, OperationExamples>>,
): void {
  if (service === "dynamodb") throw new Error("What dynalite answers follows no model of ours");
  it("is tested for every operation of the service", () => {
    expect(Object.keys(examples).sort()).toEqual([...operations.keys()].sort());
  });

  describe.each(Object.entries(examples))("%s", (name, given) => {
    const operation = operationModel(service, name);
    let injected: Fault | undefined;
    const harness = useHarness({ intercept: () => injected });
    const context: Context = { operation, harness, ...given };
    testOutput(context);
    testBounds(context);
    testErrors(context, (fault) => {
      injected = fault;
    });
    testCredentials(context);
    testProtocol(context);
  });
}

interface Context extends OperationExamples {
  readonly operation: OperationModel;
  harness(): Harness;
}

/** Sends an example call, or what is made of it. */
async function send(
  { operation, harness }: Context,
  { caller, input }: ExampleCall,
  { change = (call: HttpCall) => call, region = "us-east-1" } = {},
): Promise<ApiResponse> {
  return transmit(harness().emulator.endpoint, change(encode(operation, input, caller, region)));
}

function testOutput(context: Context): void {
  const { operation, harness, example } = context;
  it("answers what the model says", async () => {
    const response = await send(context, await example(harness()));
    const contentType = { query: "text/xml", "rest-json": "application/json", json: jsonType(operation) }[
      operation.protocol
    ];
    expect(response).toMatchObject({ status: operation.status, contentType });
    const output = parseOutput(response, operation);
    expect(operation.output === undefined ? output : violations(operation.output, output)).toEqual(
      operation.output === undefined ? undefined : [],
    );
  });
}

function testBounds(context: Context): void {
  const { operation, harness, example, restrictions = {} } = context;
  const cases = boundaryCases(operation, restrictions);
  if (cases.length === 0) return;
  /** Calls that are refused change nothing, so they can share an example. */
  let shared: Promise<ExampleCall> | undefined;
  const sharedExample = () => {
    shared ??= Promise.resolve(example(harness()));
    return shared;
  };

  describe("bounds", () => {
    it.each(cases)("$name", async ({ change, verdict }) => {
      const { caller, input } = await (verdict.kind === "accepted" ? example(harness()) : sharedExample());
      const changed = change(input);
      expectModelAgrees(operation, verdict, changed);
      expectVerdict(operation, verdict, await send(context, { caller, input: changed }));
    });
  });
}

/** That the model itself accepts or rejects a generated input as the case says. */
function expectModelAgrees(
  { input: shape }: OperationModel,
  verdict: BoundaryCase["verdict"],
  input: Input,
): void {
  const found = violations(shape, input);
  if (verdict.kind === "out of bounds") expect(found).not.toEqual([]);
  if (verdict.kind === "accepted") expect(found).toEqual([]);
}

function expectVerdict(
  operation: OperationModel,
  verdict: BoundaryCase["verdict"],
  response: ApiResponse,
): void {
  const { status, code, message } = response;
  switch (verdict.kind) {
    case "accepted":
      expect({ status, code, message }).toEqual(success(operation));
      return;
    case "refused": {
      const documented = [...operation.errors.values()].find((error) => error.code === verdict.code);
      expect({ status, code }).toEqual({ status: documented?.status ?? 400, code: verdict.code });
      expect(message).not.toContain("failed to satisfy constraint");
      return;
    }
    case "out of bounds":
      expect({ status, code }).toEqual({ status: 400, code: validationError(operation) });
      expect(message).toContain(verdict.message);
      if (verdict.secret !== undefined) expect(response.text).not.toContain(verdict.secret);
  }
}

function validationError({ service, protocol }: OperationModel): string {
  if (service === "backup") return "InvalidParameterValueException";
  return protocol === "query" ? "ValidationError" : "ValidationException";
}

const success = ({ status }: OperationModel) => ({ status, code: undefined, message: undefined });

function testErrors(context: Context, inject: (fault: Fault | undefined) => void): void {
  const { operation, harness, example, errors } = context;
  describe("documented errors", () => {
    it("are all here", () => {
      expect(Object.keys(errors).sort()).toEqual([...operation.errors.keys()].sort());
    });

    const documented = [...operation.errors];
    if (documented.length === 0) return;
    it.each(documented)("%s", async (name, { code, status, fault: whose }) => {
      const provoked = errors[name];
      const call = await (provoked === "injected" ? example : (provoked ?? example))(harness());
      if (provoked === "injected") inject({ error: { code, status } });
      try {
        const fault = operation.protocol === "query" ? whose : undefined;
        const message = expect.stringMatching(/\S/);
        expect(await send(context, call)).toMatchObject({ code, status, fault, message });
      } finally {
        inject(undefined);
      }
    });
  });
}

function testCredentials(context: Context): void {
  const { operation, harness, example } = context;
  describe("credentials", () => {
    const refused = async (kind: keyof typeof CREDENTIAL_ERRORS, change: (call: HttpCall) => HttpCall) => {
      const response = await send(context, await example(harness()), { change });
      expect(response).toMatchObject(CREDENTIAL_ERRORS[kind][formatOf(operation)]);
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
      await refused("unknown", signedBy({ accessKeyId: session.accessKeyId, secretAccessKey: "" }));
      await refused("unknown", signedBy({ ...session, sessionToken: other.sessionToken ?? "" }));
      await refused("unknown", signedBy({ ...session, accessKeyId: "ASIAIOSFODNN7EXAMPLE" }));
      harness().clock.advance("900s");
      await refused("expired", signedBy(session));
    });

    it("count in the regions of the service", async () => {
      const response = await send(context, await example(harness()), { region: "eu-west-1" });
      // What is in one region is not in another.
      if (response.code === "ResourceNotFoundException") return;
      expect(response).toMatchObject(
        operation.service === "mpa" ? { code: "InvalidSignatureException", status: 403 } : success(operation),
      );
    });
  });
}

/** Whose errors the operation has: those of the query protocol, or those of both JSON protocols. */
const formatOf = ({ protocol }: OperationModel) => (protocol === "query" ? "query" : "rest-json");

const CREDENTIAL_ERRORS = {
  none: {
    query: { status: 403, code: "MissingAuthenticationToken" },
    "rest-json": { status: 403, code: "MissingAuthenticationTokenException" },
  },
  broken: {
    query: { status: 400, code: "IncompleteSignature" },
    "rest-json": { status: 400, code: "IncompleteSignatureException" },
  },
  unknown: {
    query: { status: 403, code: "InvalidClientTokenId" },
    "rest-json": { status: 403, code: "UnrecognizedClientException" },
  },
  expired: {
    query: { status: 403, code: "ExpiredToken" },
    "rest-json": { status: 403, code: "ExpiredTokenException" },
  },
};

const signedBy =
  ({ accessKeyId, sessionToken }: Credentials) =>
  (call: HttpCall) =>
    withHeaders(call, {
      authorization: call.headers["authorization"]?.replace(/Credential=[^/]+/, `Credential=${accessKeyId}`),
      "x-amz-security-token": sessionToken,
    });

function withHeaders(call: HttpCall, changes: Readonly<Record<string, string | undefined>>): HttpCall {
  const merged = Object.entries({ ...call.headers, ...changes });
  const headers = Object.fromEntries(
    merged.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return { ...call, headers };
}

const TOO_LARGE = Buffer.alloc(4 * 1024 * 1024 + 1, " ");

function testProtocol(context: Context): void {
  const { operation, harness, example } = context;
  describe("on the wire", () => {
    it("ignores unknown members", async () => {
      const { caller, input } = await example(harness());
      const response = await send(
        context,
        { caller, input: withUnknownMembers(input, operation.input) },
        {
          change: (call) => ({
            ...call,
            path: `${call.path}${call.path.includes("?") ? "&" : "?"}Foreign=1`,
          }),
        },
      );
      expect(response).toMatchObject(success(operation));
    });

    it("wants its own content type, where it has a body", async () => {
      for (const type of ["text/plain", operation.protocol === "query" ? "application/json" : FORM]) {
        const change = (call: HttpCall) => withHeaders(call, { "content-type": type });
        expect(await send(context, await example(harness()), { change })).toMatchObject(
          hasBody(operation) ? CONTENT_TYPE_ERRORS[formatOf(operation)] : success(operation),
        );
      }
    });

    it("refuses bytes that are no UTF-8", async () => {
      const place = textLocation(operation);
      const change = INVALID_UTF8[place];
      expect(await send(context, await example(harness()), { change })).toMatchObject(
        // The query string is decoded before the protocol is known: invalid bytes become U+FFFD, and so an unknown token.
        place === "query"
          ? { status: 400, code: validationError(operation) }
          : UTF8_ERRORS[formatOf(operation)][place],
      );
    });

    if (operation.method !== "GET") {
      it("refuses a body that is too large", async () => {
        const change = (call: HttpCall) => ({ ...call, body: TOO_LARGE });
        expect(await send(context, await example(harness()), { change })).toMatchObject({
          status: 413,
          code: "RequestEntityTooLarge",
        });
      });
    }
  });
}

/** The input with an unknown member in each of its structures. */
function withUnknownMembers(input: Input, shape: StructureShape): Input {
  const extended = (value: Value, of: Shape | undefined): Value => {
    if (of?.type === "list" && isList(value)) return value.map((item) => extended(item, of.member));
    return of?.type === "structure" && isObject(value) ? withUnknownMembers(value, of) : value;
  };
  const members = Object.entries(input).map(([name, item]) => [
    name,
    extended(item, shape.members.get(name)?.shape),
  ]);
  return { ...Object.fromEntries(members), Foreign: { Nested: [{ Deep: "1" }] } };
}

const CONTENT_TYPE_ERRORS = {
  query: { status: 400, code: "MissingAction" },
  "rest-json": { status: 415, code: "UnsupportedMediaTypeException" },
};

/** Where a request has text of the caller's. */
function textLocation(operation: OperationModel): "body" | "label" | "query" {
  if (hasBody(operation)) return "body";
  return operation.uri.includes("{") ? "label" : "query";
}

const INVALID_UTF8: Readonly<Record<ReturnType<typeof textLocation>, (call: HttpCall) => HttpCall>> = {
  body: (call) => ({ ...call, body: new Uint8Array([...Buffer.from(String(call.body)), 0xff]) }),
  // Labels are ARNs, so they are the segments with encoded characters.
  label: (call) => ({ ...call, path: call.path.replace(/[^/?]*%[^/?]*|(?<=vaults\/)[^/?]+/, "%FF") }),
  query: (call) => ({ ...call, path: `${call.path}&NextToken=%FF&nextToken=%FF` }),
};
const MALFORMED = { status: 404, code: "MalformedQueryString" };
const UNREADABLE = { status: 400, code: "SerializationException" };
const UTF8_ERRORS = {
  query: { body: MALFORMED, label: MALFORMED, query: MALFORMED },
  "rest-json": { body: UNREADABLE, label: UNREADABLE },
};
