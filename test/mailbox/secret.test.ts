import { format, inspect } from "node:util";
import { Secret } from "../../src/iam";

const secret = new Secret("eyJhbGciOi");
const holder = { token: secret, list: [secret] };

test("is revealed on demand", () => {
  expect(secret.reveal()).toBe("eyJhbGciOi");
});

test.each<[string, () => string]>([
  ["String()", () => String(secret)],
  ["a template", () => `token ${secret}`],
  ["concatenation", () => `${"token "}`.concat(secret as unknown as string)],
  ["JSON", () => JSON.stringify(holder)],
  ["util.inspect", () => inspect(holder, { showHidden: true, depth: Number.POSITIVE_INFINITY })],
  ["a log line", () => format("%s %o %j %O", secret, secret, secret, holder)],
  ["an error's message", () => inspect(new Error(`no ${secret}`, { cause: holder }))],
  ["its own properties", () => JSON.stringify(Reflect.ownKeys(secret).concat(Object.values({ ...secret })))],
  ["a structured clone", () => inspect(structuredClone({ ...secret }))],
])("is not shown by %s", (_, show) => {
  expect(show()).not.toContain("eyJhbGciOi");
});

test("shows that something is there", () => {
  expect(`${secret} ${JSON.stringify(holder)} ${inspect(secret)}`).toBe(
    '[secret] {"token":"[secret]","list":["[secret]"]} [secret]',
  );
});
