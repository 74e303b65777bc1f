import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Format, render } from "../../src/cli/formats";
import { nextFor } from "../../src/cli/nextCommand";
import { shorten } from "../../src/cli/output";
import { typedCommand } from "../../src/cli/ownCommand";
import { quoteForFish, quoteForPowerShell } from "../../src/cli/quote";
import type { DelegatedAccess } from "../../src/functions/sts/tradeIn";
import { onThePath } from "../onThePath";
import { BIN } from "./bin";

const TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/mailbox";

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

describe("what is proposed to run next", () => {
  const { PATH } = process.env;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-approvals-own-"));
    process.env["PATH"] = folder;
  });
  afterEach(() => {
    process.env["PATH"] = PATH;
    rmSync(folder, { recursive: true });
  });

  test.each([
    [
      "a project",
      "/home/me/vendor/node_modules/pulumi-aws-approvals/bin/aws-approvals.js",
      "npx aws-approvals",
    ],
    [
      "npx's cache",
      "/home/me/.npm/_npx/12ab/node_modules/pulumi-aws-approvals/bin/aws-approvals.js",
      "npx --package pulumi-aws-approvals aws-approvals",
    ],
    ["this clone", BIN, "node bin/aws-approvals.js"],
    [
      "a clone elsewhere",
      "/home/me/my clone/bin/aws-approvals.js",
      "node '/home/me/my clone/bin/aws-approvals.js'",
    ],
  ])("begins, in %s, as it is typed there", (_, file, typed) => {
    expect(typedCommand(file)).toBe(typed);
  });

  test("begins with the name where it is installed for all folders", () => {
    symlinkSync(BIN, join(folder, "aws-approvals"));
    expect(typedCommand()).toBe("aws-approvals");
    process.env["PATH"] = join(folder, "node_modules/.bin");
    mkdirSync(process.env["PATH"], { recursive: true });
    symlinkSync(BIN, join(process.env["PATH"], "aws-approvals"));
    expect(typedCommand()).toBe("node bin/aws-approvals.js");
  });

  test("is about the stack, the inbox and the account that were given, as a shell reads them", () => {
    const given = {
      ...{ stack: "org/vendor/dev", cwd: "my program", stateFile: "it's.json", table: TABLE },
      ...{ profile: "vendor $HOME", region: "eu-west-1" },
    };
    symlinkSync(BIN, join(folder, "aws-approvals"));
    const command = nextFor("exec", "acme; rm *", given);
    const read = execFileSync("/bin/sh", ["-c", command.replace("aws-approvals", "printf '%s\\n'")]);
    expect(read.toString().trimEnd().split("\n")).toEqual([
      ...["exec", "--request", "acme; rm *", "--stack", given.stack, "--cwd", given.cwd],
      ...["--state-file", given.stateFile, "--table", TABLE, "--profile", given.profile],
      ...["--region", given.region],
    ]);
  });
});

test.each([
  ["acme", 8, "acme"],
  ["arn:aws:mpa:1", 9, "arn:…pa:1"],
  ["twelve-signs", 12, "twelve-signs"],
  ["🙂🙂🙂🙂🙂", 3, "🙂…🙂"],
])("shortens %s to %i columns in the middle", (text, columns, short) => {
  expect(shorten(text, columns)).toBe(short);
});
