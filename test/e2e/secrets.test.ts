import fc from "fast-check";
import type { ExportedDeployment } from "../../src/engine";
import { realEngine } from "../realEngine";
import { replay } from "../seed";
import { AwsFixture } from "./awsFixture";
import { engines, type Stack } from "./engines";
import { type Failure, failures, quotations, type SecretText } from "./failures";

let fixture: AwsFixture;
beforeAll(async () => {
  fixture = await AwsFixture.open();
});
afterAll(() => fixture?.close());

const LENGTH = 24;
/** A leak may be a part: a parser's error shows the beginning of the text. */
const PART_LENGTH = 6;

/** Letters that hardly anything else prints in a row. */
const secretText: fc.Arbitrary<SecretText> = fc
  .array(fc.nat({ max: 6 }), { minLength: LENGTH, maxLength: LENGTH })
  .map((digits) => ({
    text: digits.map((digit) => "QXZJVKW".charAt(digit)).join(""),
    number: Number(
      digits
        .slice(0, 9)
        .map((digit) => digit + 1)
        .join(""),
    ),
  }));

const partsOf = ({ text, number }: SecretText): string[] => [
  String(number),
  ...Array.from({ length: LENGTH - PART_LENGTH + 1 }, (_, start) => text.slice(start, start + PART_LENGTH)),
];

const manifest = { time: new Date(0).toISOString(), magic: "", version: "" };
const EMPTY: ExportedDeployment = { version: 3, deployment: { manifest, resources: [] } };

const asSecrets = (config: Record<string, string>) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value, secret: true as const }]));

const runs = engines.flatMap((engine) => {
  const fronts = engine.runsPlugins
    ? (["dynamic provider", "plugin"] as const)
    : (["dynamic provider"] as const);
  return fronts.map((front) => ({ engine, front, title: engine.title }));
});

describe.each(runs)("$title, $front", ({ engine, front }) => {
  let declare: () => unknown = () => undefined;
  let stack: Stack;
  beforeAll(async () => {
    stack = await engine.open({
      program: () => declare() as Record<string, unknown>,
      env: { ...fixture.env, AWS_MAX_ATTEMPTS: "1" },
      inlineProvider: true,
    });
  });
  afterAll(() => stack?.close());

  /** What was printed, if a part of the secret is in it, or if nothing failed. */
  async function leaks({ title, operation, answer, quote, config, ...failure }: Failure, secret: SecretText) {
    declare = () => failure.declare(secret);
    fixture.fault = ({ operation: called }) =>
      called === answer?.to
        ? { error: { status: 400, code: answer.code, ...(quote && { message: quote(secret.text) }) } }
        : undefined;
    await stack.configure(asSecrets(config?.(secret) ?? {}));
    try {
      const { errors, warnings, text } = await stack.run(operation);
      const printed = [text, ...errors, ...warnings].join("\n");
      if (errors.length === 0) return [`${title} did not fail: ${printed}`];
      return partsOf(secret).some((part) => printed.includes(part)) ? [`${title}: ${printed}`] : [];
    } finally {
      fixture.fault = undefined;
      if (operation === "up") await stack.load(EMPTY);
    }
  }

  /** On the real engine one takes seconds, so that some are tried. */
  const title = realEngine
    ? fc.constantFrom(...failures[front](0).map((one) => one.title))
    : fc.constant("all");
  const quotation = fc.nat({ max: quotations - 1 });
  const { numRuns = realEngine ? 8 : 1 } = replay;

  test("no way to fail prints a secret", async () => {
    const property = fc.asyncProperty(title, quotation, secretText, async (tried, index, secret) => {
      const found: string[] = [];
      for (const failure of failures[front](index))
        if (tried === "all" || tried === failure.title) found.push(...(await leaks(failure, secret)));
      expect(found).toEqual([]);
    });
    await fc.assert(property, { ...replay, numRuns, endOnFailure: true });
  });
});
