/** What an operation does before it knows its input: credentials, regions, content types, bytes. */
import { type Credentials, type Harness, PARTNER, roleSession } from "./harness";
import {
  type Input,
  isList,
  isObject,
  type OperationModel,
  type Shape,
  type StructureShape,
  type Value,
} from "./model";
import { encode, FORM, hasBody, transmit, type WireCall } from "./wire";

/** Who calls, with what. */
export interface Call {
  readonly caller: string | Credentials;
  readonly input: Input;
}
export type Preparation = (harness: Harness) => Call | Promise<Call>;

/** Declares the tests. The example is a call that succeeds. */
export function keepsToItsProtocol(
  operation: OperationModel,
  harness: () => Harness,
  example: Preparation,
): void {
  /** Sends what is made of the example. */
  const send = async (change: (call: WireCall) => WireCall, region?: string) => {
    const { caller, input } = await example(harness());
    return transmit(harness().emulator.endpoint, change(encode(operation, input, caller, region)));
  };
  const accepted = { status: operation.status, code: undefined, message: undefined };

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
      expect(await send((call) => call, "eu-west-1")).toMatchObject(
        operation.service === "mpa" ? { code: "InvalidSignatureException", status: 403 } : accepted,
      );
    });
  });

  describe("on the wire", () => {
    it("ignores unknown members", async () => {
      const { caller, input } = await example(harness());
      const call = encode(operation, widened(input, operation.input), caller);
      const path = `${call.path}${call.path.includes("?") ? "&" : "?"}Foreign=1`;
      const answer = await transmit(harness().emulator.endpoint, { ...call, path });
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
}

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

/** The input with a member in each of its structures that no model knows. */
function widened(input: Input, shape: StructureShape): Input {
  const deep = (value: Value, of: Shape | undefined): Value => {
    if (of?.type === "list" && isList(value)) return value.map((item) => deep(item, of.member));
    return of?.type === "structure" && isObject(value) ? widened(value, of) : value;
  };
  const members = Object.entries(input).map(([name, item]) => [
    name,
    deep(item, shape.members.get(name)?.shape),
  ]);
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
