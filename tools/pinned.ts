import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache";

/** The Go module whose requirements pin the engine and the host of YAML programs. */
export const MODULE = __dirname;
const goMod = () => readFileSync(join(MODULE, "go.mod"), "utf8");

export const pinned = {
  /** Of Pulumi, with its `v`. */
  get version(): string {
    return matched(/^(?:require|\t) ?github\.com\/pulumi\/pulumi\/pkg\/v3 (v\S+)/m);
  },
  /** The oldest Go that builds it. */
  get go(): string {
    return matched(/^go (\S+)$/m);
  },
  /** Where it is kept once it is built: beside those of other pins, for every clone of this repository. */
  get folder(): string {
    const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(MODULE, file)));
    return join(cacheFolder(), `engine-${hash.digest("hex").slice(0, 16)}`);
  },
};

function matched(pattern: RegExp): string {
  const found = pattern.exec(goMod())?.[1];
  if (found === undefined) throw new Error(`${join(MODULE, "go.mod")} has no line like ${pattern}`);
  return found;
}
