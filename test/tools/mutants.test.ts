import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MUTANTS } from "../../tools/mutantList";

test.each(MUTANTS)("the mutant can still be made: $what", ({ file, from }) => {
  const source = readFileSync(join(__dirname, "../..", file), "utf8");
  expect(source.split(from)).toHaveLength(2);
});
