import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Listr } from "listr2";
import { type Customer, INBOX, readCustomers } from "./customers";
import type { Inbox } from "./programs";
import type { Asked } from "./stacks";
import { customerInWorker, inboxInWorker } from "./worker";

type Row = Pick<Customer, "name" | "account"> & (Asked | { error: string });

const USAGE = "usage: npx tsx index.ts CUSTOMERS.csv [--concurrency N] [--refresh] [--json]";

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      concurrency: { type: "string", default: "4" },
      refresh: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || !/^[1-9]\d{0,2}$/.test(values.concurrency)) {
    throw new Error(USAGE);
  }
  return { ...values, file, concurrency: Number(values.concurrency) };
}

type Arguments = ReturnType<typeof readArguments>;

/** Asks all customers, and shows how far it is. A customer's failure is in their row, and stops nobody else. */
async function ask(customers: readonly Customer[], { file, concurrency, refresh, json }: Arguments) {
  const settings = { workDir: dirname(resolve(file)), refresh };
  const rows: Row[] = [];
  const taskOf = (customer: Customer, inbox: Inbox) => ({
    title: customer.name,
    task: async (_: unknown, task: { title: string }) => {
      const { name, account } = customer;
      try {
        const asked = await customerInWorker(customer, inbox, settings);
        rows.push({ name, account, ...asked });
        task.title = `${name}: ${asked.link}`;
      } catch (error) {
        rows.push({ name, account, error: (error as Error).message });
        throw error;
      }
    },
  });
  const tasks = new Listr<unknown, "default", "simple">([], {
    ...(json ? { silentRendererCondition: true } : {}),
  });
  let inbox: Inbox | undefined;
  tasks.add({
    title: INBOX,
    task: async () => {
      inbox = await inboxInWorker(settings);
    },
  });
  tasks.add({
    title: `${customers.length} customers`,
    task: (_, task) =>
      task.newListr(
        customers.map((customer) => taskOf(customer, inbox as Inbox)),
        { concurrent: concurrency, exitOnError: false },
      ),
  });
  await tasks.run();
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}

const count = (rows: readonly Row[], is: (row: Row) => boolean) => rows.filter(is).length;

function printTable(rows: readonly Row[], seconds: number): void {
  console.table(
    rows.map((row) =>
      "error" in row
        ? { customer: row.name, account: row.account, state: "failed" }
        : { customer: row.name, account: row.account, state: row.state, asked: row.asked ? "now" : "before" },
    ),
  );
  const asked = count(rows, (row) => "asked" in row && row.asked);
  const failed = count(rows, (row) => "error" in row);
  console.log(
    `${asked} asked now, ${rows.length - asked - failed} before, ${failed} failed, in ${seconds} s`,
  );
}

async function main(): Promise<void> {
  const given = readArguments();
  const customers = readCustomers(await readFile(given.file, "utf8"));
  const start = performance.now();
  const rows = await ask(customers, given);
  const seconds = Math.round((performance.now() - start) / 1_000);
  if (given.json) console.log(JSON.stringify({ seconds, customers: rows }, undefined, 2));
  else printTable(rows, seconds);
  if (rows.some((row) => "error" in row)) process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
