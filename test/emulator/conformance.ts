/** The tests that every emulated operation passes: that it keeps what AWS's API model says of it. */
import type { EmulatorOptions, Fault } from "../../src/emulator";
import { type BoundCase, boundCases, type Sharper } from "./bounds";
import { type Harness, startHarness } from "./harness";
import { type Input, type ModelledService, type OperationModel, operationModel, violations } from "./model";
import { type Call, keepsToItsProtocol, type Preparation } from "./transport";
import { encode, outputIn, transmit, type WireAnswer } from "./wire";

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

  const send = ({ caller, input }: Call) =>
    transmit(harness().emulator.endpoint, encode(operation, input, caller));
  /** For calls that are refused, which change nothing: one for all of them. */
  let standing: Promise<Call> | undefined;
  const standingExample = (running: Harness): Promise<Call> => {
    standing ??= Promise.resolve(example(running));
    return standing;
  };

  it("answers what the model says", async () => {
    const answer = await send(await example(harness()));
    const contentType = { query: "text/xml", "rest-json": "application/json" }[operation.protocol];
    expect(answer).toMatchObject({ status: operation.status, contentType });
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
        expectVerdict(operation, bound, await send({ caller, input: changed }));
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
      const call = await (provoked === "injected" ? example : (provoked ?? example))(harness());
      if (provoked === "injected") injected = { error: { code, status } };
      try {
        const answer = await send(call);
        const fault = operation.protocol === "query" ? whose : undefined;
        expect(answer).toMatchObject({ code, status, fault, message: expect.stringMatching(/\S/) });
      } finally {
        injected = undefined;
      }
    });
  });

  keepsToItsProtocol(operation, harness, example);
  return harness;
}

const VALIDATION = { query: "ValidationError", "rest-json": "ValidationException" };

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
