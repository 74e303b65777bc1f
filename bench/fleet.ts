import { cpus } from "node:os";
import { delimiter } from "node:path";
import { Fleet, type FleetResult } from "../test/e2e/fleet";
import { findEngine, titleOf } from "../tools/engine";

const [customers = 100, concurrency = cpus().length] = process.argv.slice(2).map(Number);
if (![customers, concurrency].every((n) => Number.isInteger(n) && n > 0))
  throw new Error("npm run fleet [-- CUSTOMERS [CONCURRENCY]]");

async function main(): Promise<void> {
  const engine = await findEngine();
  if (engine === undefined)
    throw new Error("there is no Pulumi engine: put pulumi on the PATH, or run npm run engine");
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  console.log(`${titleOf(engine)}; ${customers} customers, ${concurrency} at once`);
  const fleet = await Fleet.open();
  try {
    await fleet.writeCustomers(customers);
    const report = (what: string, { seconds }: FleetResult) =>
      console.log(
        `| ${what.padEnd(18)} | ${String(seconds).padStart(6)} s | ${fleet.requestsMade()} requests |`,
      );
    const run = (...args: string[]) => fleet.run("--concurrency", String(concurrency), ...args);
    report("ask", await run());
    report("again, unchanged", await run());
    report("again, --refresh", await run("--refresh"));
  } finally {
    await fleet.close();
  }
}

main().catch((error: Error) => {
  console.error(`fleet: ${error.message}`);
  process.exitCode = 1;
});
