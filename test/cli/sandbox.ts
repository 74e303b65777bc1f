// Runs a command line in this process, with a home folder and an environment of its own, and without an embedded AWS.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { DelegatedAccess } from "../../src/functions/sts/tradeIn";
import { BIN } from "./bin";
import { type Result, runInThisProcess } from "./inThisProcess";

export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "aws-approvals-main-"));
  /** The folder in which the command keeps what it keeps. */
  readonly home = join(this.folder, "home");
  /** The whole environment of the command. */
  readonly env: Record<string, string> = {
    PATH: [join(this.folder, "bin"), "/usr/bin", "/bin"].join(delimiter),
    HOME: this.folder,
    AWS_APPROVALS_HOME: this.home,
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

  /** Installs this command for all folders. */
  install(): void {
    mkdirSync(join(this.folder, "bin"), { recursive: true });
    symlinkSync(BIN, join(this.folder, "bin", "aws-approvals"));
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

  run(...args: string[]): Promise<Result> {
    return runInThisProcess(args, { env: this.env, cwd: process.cwd(), stdin: "" });
  }
}
