import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A `pulumi` in a folder of its own, of which `stack export` prints a state file. (A shell script: not for Windows.) */
export class ExportCommand {
  readonly folder = mkdtempSync(join(tmpdir(), "offline-pulumi-"));

  constructor(stateFile: string) {
    const file = `'${stateFile.replaceAll("'", "'\\''")}'`;
    const script = `#!/bin/sh\n[ "$1 $2" = "stack export" ] || { echo "error: the offline engine has no pulumi $*" >&2; exit 255; }\nexec cat ${file}\n`;
    writeFileSync(join(this.folder, "pulumi"), script, { mode: 0o755 });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
