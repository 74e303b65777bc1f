#!/usr/bin/env node
// A file that is there before the first build, so that npm can link it and keeps it executable.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const built = join(__dirname, "../dist/cli/index.js");
if (existsSync(built)) require(built);
else {
  console.error("aws-approvals: not built yet, run: npm run build");
  process.exitCode = 1;
}
