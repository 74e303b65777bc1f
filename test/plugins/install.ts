import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pulumi } from "@pulumi/aws/package.json";
import { version } from "../../package.json";

/** Puts the stand-ins for `@pulumi/aws` where Pulumi keeps the plugins that it has downloaded. */
export const installAwsPlugin = (pulumiHome: string): Promise<void> =>
  install(
    pulumiHome,
    "aws",
    pulumi.version,
    `exec '${process.execPath}' --require '${require.resolve("tsx/cjs")}' '${join(__dirname, "awsPlugin.ts")}'`,
  );

const OURS = resolve(__dirname, "../../bin/pulumi-resource-aws-approvals");

/** Puts the plugin of this package there, as it was built last. */
export const installPlugin = (pulumiHome: string): Promise<void> =>
  install(pulumiHome, "aws-approvals", version, `exec '${process.execPath}' '${OURS}' "$@"`);

/** (A plugin on the PATH would do, but with a warning.) */
async function install(pulumiHome: string, name: string, version: string, start: string): Promise<void> {
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `pulumi-resource-${name}`), `#!/bin/sh\n${start}\n`, { mode: 0o755 });
}
