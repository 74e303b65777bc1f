import { runInThisContext } from "node:vm";
import { mainProcess } from "../src/engine/mainContext";

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
