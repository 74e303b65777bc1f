// In words that any Node.js understands, so that an old one is told what is needed.
var major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(
    "pulumi-resource-aws-approvals: needs Node.js 20 or newer, and the node on the PATH is " +
      process.version,
  );
  process.exit(1);
}
