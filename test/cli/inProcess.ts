// Runs a command line in this process, with a home folder and an environment of its own. For what processes have alone
// (signals, exit, stdin) there is the harness.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { main } from "../../src/cli/program";
import type { DelegatedAccess } from "../../src/functions/sts/tradeIn";

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export class InProcess {
  readonly folder = mkdtempSync(join(tmpdir(), "aws-approvals-main-"));
  /** The folder in which the command keeps what it keeps. */
  readonly home = join(this.folder, "home");
  /** The whole environment of the command. */
  readonly env: Record<string, string> = {
    PATH: [join(this.folder, "bin"), "/usr/bin", "/bin"].join(delimiter),
    HOME: this.folder,
    AWS_APPROVALS_HOME: this.home,
    // In Jest, os.homedir() is that of whoever runs the tests.
    AWS_CONFIG_FILE: join(this.folder, ".aws", "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(this.folder, ".aws", "credentials"),
  };

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes a file below the folder, and returns its path. */
  write(name: string, text: string): string {
    const file = join(this.folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Puts a command on the PATH. */
  command(name: string, script: string): void {
    chmodSync(this.write(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }

  /** Keeps credentials of a request, as if the token had been traded in. */
  keepCredentials(requestId: string, lifetimeMs = 3_600_000): DelegatedAccess {
    const access: DelegatedAccess = {
      credentials: {
        accessKeyId: `ASIA${requestId.toUpperCase()}`,
        secretAccessKey: "secret",
        sessionToken: "session",
        expiration: new Date(Date.now() + lifetimeMs).toISOString(),
      },
      assumedPrincipal: "arn:aws:sts::444455556666:assumed-role/backup/acme",
      packedPolicySize: undefined,
    };
    this.write(`home/requests/${requestId}/credentials.json`, JSON.stringify(access));
    return access;
  }

  async run(...args: string[]): Promise<Result> {
    const before = { env: process.env, exitCode: process.exitCode };
    const output = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((stream) =>
      jest.spyOn(process[stream], "write").mockImplementation((text) => {
        output[stream] += text;
        return true;
      }),
    );
    process.env = { ...this.env };
    process.exitCode = undefined;
    try {
      await main(args);
      return { code: Number(process.exitCode ?? 0), ...output };
    } finally {
      for (const spy of spies) spy.mockRestore();
      process.env = before.env;
      process.exitCode = before.exitCode;
    }
  }
}
