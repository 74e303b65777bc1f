import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumi } from "@pulumi/aws/package.json";

/**
 * Puts the stand-ins for `@pulumi/aws` where Pulumi keeps the plugins that it has downloaded. (One on the PATH would do,
 * but with a warning.)
 */
export async function installAwsPlugin(pulumiHome: string): Promise<void> {
  const folder = join(pulumiHome, "plugins", `resource-aws-v${pulumi.version}`);
  await mkdir(folder, { recursive: true });
  const start = `cd '${__dirname}' && exec '${process.execPath}' --require tsx/cjs awsPlugin.ts`;
  await writeFile(join(folder, "pulumi-resource-aws"), `#!/bin/sh\n${start}\n`, { mode: 0o755 });
}
