import { join } from "node:path";

// What the machine is set to, for one account or another, is not for the tests.
for (const name of Object.keys(process.env)) if (/^(TF_)?AWS_/.test(name)) delete process.env[name];
process.env["AWS_CONFIG_FILE"] = join(__dirname, "no-config");
process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(__dirname, "no-credentials");

// The AWS SDK warns on Node 20 that it will leave it behind; the tests run there on purpose.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

// Jest gives a worker half a second to end, and on a busy machine it takes longer to free the heap of many test files. So it
// ends at once when Jest is done with it and hears it no more; what files leave open has failed them (leaks.ts).
const isWorker = process.send !== undefined;
if (isWorker)
  process.on("removeListener", (event) => event === "message" && process.kill(process.pid, "SIGKILL"));
