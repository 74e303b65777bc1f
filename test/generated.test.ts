import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../tools/generate";

test.each([...generatedFiles()])("%s is what npm run generate makes of the declarations", (path, text) => {
  const file = join(__dirname, "..", path);
  expect(existsSync(file) ? readFileSync(file, "utf8") : "not there").toBe(text);
});
