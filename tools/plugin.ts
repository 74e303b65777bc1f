// npm run plugin: packs the plugin for `pulumi plugin install resource aws-approvals VERSION --file ARCHIVE`. The archive
// needs Node.js and nothing else: all modules are in one file.
// npm run plugin -- --release: by the names of all platforms, too, as Pulumi looks for them in a release.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";

const ROOT = resolve(__dirname, "..");
/** What is packed beside the modules. */
const FILES = [
  "plugin/archive/pulumi-resource-aws-approvals",
  "plugin/archive/pulumi-resource-aws-approvals.cmd",
  "plugin/archive/start.js",
  "bin/checkNode.js",
  "LICENSE",
];

/** @param folder where the unpacked plugin and the archive go. @returns the archive */
export async function packPlugin(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const unpacked = join(folder, "unpacked");
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  await bundle(join(unpacked, "plugin.js"));
  for (const file of FILES) await copyFile(join(ROOT, file), join(unpacked, basename(file)));
  const archive = join(folder, `pulumi-resource-aws-approvals-v${version}.tar.gz`);
  await promisify(execFile)("tar", ["-czf", archive, "-C", unpacked, "."]);
  return archive;
}

/** Those for which Pulumi downloads plugins. */
const PLATFORMS = ["linux", "darwin", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);

/** Copies the archive to the name that Pulumi looks for on each platform. @returns the copies */
export async function nameForPlatforms(archive: string): Promise<string[]> {
  const copies = PLATFORMS.map((platform) => archive.replace(/(?=\.tar\.gz$)/, `-${platform}`));
  for (const copy of copies) await copyFile(archive, copy);
  return copies;
}

async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, "src/provider/plugin/main.ts")],
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", minify: true, keepNames: true },
    plugins: [requireSdkCopies],
    legalComments: "linked",
    outfile,
  });
}

/** src/sdk.ts looks for modules where the SDK finds them. In the archive they are one file with it. */
const requireSdkCopies: Plugin = {
  name: "the SDK's copies",
  setup({ onLoad }) {
    const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
    onLoad({ filter: /[\\/]src[\\/]sdk\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replace(/createRequire\(.*\);/, "undefined;")
        .replace(/\bsdkRequire\(/g, "require("),
      ...{ loader: "ts", resolveDir: sdk },
    }));
  },
};

async function main(): Promise<void> {
  const archive = await packPlugin(join(ROOT, "plugin/dist"));
  const copies = process.argv.includes("--release") ? await nameForPlatforms(archive) : [];
  const { size } = await stat(archive);
  for (const file of [archive, ...copies])
    process.stdout.write(`${file} (${(size / 1024 / 1024).toFixed(1)} MiB)\n`);
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`npm run plugin: ${error.message}\n`);
    process.exitCode = 1;
  });
}
