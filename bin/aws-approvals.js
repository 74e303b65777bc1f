#!/usr/bin/env node
// Not built, so that npm can link it before the first build, and it stays executable.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const built = join(__dirname, "../dist/cli/index.js");
if (existsSync(built)) require(built);
else {
  console.error("aws-approvals: not built yet, run: npm run build");
  process.exitCode = 1;
}
