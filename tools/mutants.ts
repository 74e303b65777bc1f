// npm run mutants [-- TEXT]: breaks the sources in one place after another and says which breaks no test notices.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MUTANTS, type Mutant } from "./mutantList";

const ROOT = join(__dirname, "..");
const TSC = [join(ROOT, "node_modules/typescript7/bin/tsc")];

/** A copy of what is committed, so that a run that is cut off leaves no broken source behind. */
function copyOfHead(): string {
  const folder = join(mkdtempSync(join(tmpdir(), "mutants-")), "tree");
  run("git", ["worktree", "add", "--quiet", "--detach", folder, "HEAD"], ROOT);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  copyBuilt(folder);
  return folder;
}

const copyBuilt = (folder: string) =>
  cpSync(join(ROOT, "dist"), join(folder, "dist"), { recursive: true, force: true });

function run(command: string, args: string[], cwd: string): number | null {
  // As `npm run test:all` runs random lives and walks.
  const env = { ...process.env, COMPLETE_WALKS: "yes" };
  return spawnSync(command, args, { cwd, env, stdio: "ignore" }).status;
}

/** @throws when the text to break is not there exactly once: the list is older than the source */
function isCaught(tree: string, { file, from, to, tests }: Mutant): boolean {
  const path = join(tree, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) throw new Error(`${file} does not hold exactly once: ${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  // Programs load what is built.
  const runsPrograms = tests.some((test) => test.startsWith("test/e2e"));
  try {
    if (runsPrograms) run(process.execPath, [...TSC, "-p", "tsconfig.build.json"], tree);
    return run(process.execPath, [join(ROOT, "node_modules/.bin/jest"), "--bail", ...tests], tree) !== 0;
  } finally {
    writeFileSync(path, source);
    if (runsPrograms) copyBuilt(tree);
  }
}

function main(wanted = ""): void {
  const tree = copyOfHead();
  try {
    const mutants = MUTANTS.filter(({ file, what }) => `${file} ${what}`.includes(wanted));
    const survivors = mutants.filter((mutant) => {
      const caught = isCaught(tree, mutant);
      console.log(`${caught ? "caught  " : "SURVIVED"} ${mutant.file}: ${mutant.what}`);
      return !caught;
    });
    console.log(`${mutants.length - survivors.length} of ${mutants.length} caught`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    run("git", ["worktree", "remove", "--force", tree], ROOT);
    rmSync(join(tree, ".."), { recursive: true, force: true });
  }
}

main(process.argv[2]);
