import { execFileSync } from "node:child_process";
import { type Format, render } from "../../src/cli/formats";
import { quoteForFish, quoteForPowerShell } from "../../src/cli/quote";
import type { DelegatedAccess } from "../../src/functions/sts/tradeIn";
import { onThePath } from "../onThePath";

const HOSTILE = `a'b"c$(touch /tmp/x)\`d\` $HOME \\ ; & | #%e\u2019`;

const access = (sessionToken: string): DelegatedAccess => ({
  credentials: {
    accessKeyId: "ASIA",
    secretAccessKey: "a+b/c=",
    sessionToken,
    expiration: "2026-03-01T12:00:00.000Z",
  },
  assumedPrincipal: undefined,
  packedPolicySize: undefined,
});
const written = (format: Format, token = HOSTILE) =>
  render(access(token), format)
    .split("\n")
    .find((line) => line.includes("AWS_SESSION_TOKEN"));

const SHELLS = ["sh", "bash", "zsh", "fish"].filter((shell) =>
  onThePath(shell, `formats of credentials in ${shell}`),
);

test.each(SHELLS)("%s takes a value as it is", (shell) => {
  const format = shell === "fish" ? "fish" : "env";
  const print = 'printf %s "$AWS_SESSION_TOKEN"';
  const script = `${render(access(HOSTILE), format)}${print}`;
  expect(execFileSync(shell, ["-c", script], { encoding: "utf8" })).toBe(HOSTILE);
  if (format === "fish") return;
  const assigned = `${render(access(HOSTILE), "env-no-export")}${print}`;
  expect(execFileSync(shell, ["-c", assigned], { encoding: "utf8" })).toBe(HOSTILE);
});

test("the other shells get their own quotes", () => {
  expect(quoteForFish("a'b\\c$d")).toBe("'a\\'b\\\\c$d'");
  expect(quoteForPowerShell("a'b\u2019c$d`e")).toBe("'a''b\u2019\u2019c$d`e'");
  expect(written("powershell", "a$b")).toBe("$Env:AWS_SESSION_TOKEN='a$b'");
  expect(written("windows-cmd", "a&b^c")).toBe('set "AWS_SESSION_TOKEN=a&b^c"');
});

test.each(["a%PATH%", 'a"b', "a\nb"])(
  "the command prompt's format refuses what it has no quotes for: %j",
  (token) => {
    expect(() => render(access(token), "windows-cmd")).toThrow("cannot take the value of AWS_SESSION_TOKEN");
  },
);

test("what needs no quotes is written as `aws configure export-credentials` does", () => {
  const token = "IQoJb3JpZ2luX2VjE+/aZ==";
  const lines = ["env", "env-no-export", "powershell", "windows-cmd", "fish"].map((format) =>
    written(format as Format, token),
  );
  expect(lines).toEqual([
    `export AWS_SESSION_TOKEN=${token}`,
    `AWS_SESSION_TOKEN=${token}`,
    `$Env:AWS_SESSION_TOKEN="${token}"`,
    `set AWS_SESSION_TOKEN=${token}`,
    `set -gx AWS_SESSION_TOKEN "${token}"`,
  ]);
});
