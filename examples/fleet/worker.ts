// A process for the update of one stack. An inline program and its engine end together, in the middle of a request if it must
// be: so they outlive a fleet that is killed, and finish what they have begun.

import { fork } from "node:child_process";
import type { Customer } from "./customers";
import type { Inbox } from "./programs";
import { type Asked, type Settings, upCustomer, upInbox } from "./stacks";

type Job = { settings: Settings } & ({ customer: Customer; inbox: Inbox } | { customer?: undefined });
type Answer = { result: Inbox | Asked } | { error: string };

function inWorker(job: Job): Promise<Inbox | Asked> {
  return new Promise((done, failed) => {
    // Ctrl-C in a terminal goes to a whole process group: theirs is another.
    const worker = fork(__filename, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    worker.once("message", (answer: Answer) =>
      "error" in answer ? failed(new Error(answer.error)) : done(answer.result),
    );
    worker.once("error", failed);
    worker.once("exit", (code, signal) => failed(new Error(`the worker ended with ${signal ?? code}`)));
    worker.send(job);
  });
}

export const inboxInWorker = (settings: Settings) => inWorker({ settings }) as Promise<Inbox>;
export const customerInWorker = (customer: Customer, inbox: Inbox, settings: Settings) =>
  inWorker({ customer, inbox, settings }) as Promise<Asked>;

async function answer(job: Job): Promise<Answer> {
  try {
    const { settings } = job;
    const result = job.customer ? upCustomer(job.customer, job.inbox, settings) : upInbox(settings);
    return { result: await result };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

if (require.main === module) {
  process.once("message", async (job: Job) => {
    const answered = await answer(job);
    if (process.connected) process.send?.(answered, () => process.disconnect());
  });
}
