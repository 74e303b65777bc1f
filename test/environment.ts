import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { mainProcess } from "../src/engine/mainContext";

// What the machine is set to, for one account or another, is not for the tests.
for (const name of Object.keys(process.env)) if (/^(TF_)?AWS_/.test(name)) delete process.env[name];
process.env.AWS_CONFIG_FILE = join(__dirname, "no-config");
process.env.AWS_SHARED_CREDENTIALS_FILE = join(__dirname, "no-credentials");

// The AWS SDK warns on Node 20 that it will leave it behind; the tests run there on purpose.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

// Jest gives a worker half a second to end, and on a busy machine it takes longer to free the heap of many test files.
// When all is done that keeps the worker alive, it ends without that.
const isWorker = mainProcess.send !== undefined;
if (isWorker && !mainProcess.listeners("exit").some(({ name }) => name === endAtOnce.name))
  mainProcess.on("exit", endAtOnce);

function endAtOnce(): void {
  process.kill(process.pid, "SIGKILL");
}

// Pulumi's SDK notes a stack for every promise. Jest maps the stacks of all errors to the sources, which for these takes a
// tenth of the suite's time.
const mapToSources: typeof Error.prepareStackTrace = runInThisContext("Error.prepareStackTrace");
Error.prepareStackTrace = (error, frames) =>
  frames[0]?.getFunctionName() === "debuggablePromise" ? "" : mapToSources?.(error, frames);
