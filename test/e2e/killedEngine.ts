/**
 * A process that changes a resource in a kept state, and is killed the moment before it records that this is done: AWS
 * has done it and the provider has said so, but nothing on disk tells.
 */
import promises from "node:fs/promises";
import { createStack, type ExportedDeployment, type StackOptions } from "../../src/testing/engine";
import type { Change } from "./lab";
import type { Life } from "./lifecycle";
import * as lives from "./lives";

export interface Job {
  life: string;
  change: Change;
  /** The resource's. */
  name: string;
  /** Which of the records it dies at, counted from 1: a replacement is recorded twice, as a create and as a delete. */
  dieAt: number;
  stack: Omit<StackOptions, "program">;
}

const { life: title, change, name, dieAt, stack }: Job = JSON.parse(process.argv[2] ?? "");
const life = (Object.values(lives) as unknown as Life<unknown>[]).find((one) => one.title === title);
if (life === undefined) throw new Error(`there is no life of ${title}`);

const { rename } = promises;
let underWay = false;
let recorded = 0;
promises.rename = async (from, to) => {
  if (to === stack.stateFile) {
    const { deployment }: ExportedDeployment = JSON.parse(await promises.readFile(from as string, "utf8"));
    const before = underWay;
    underWay = (deployment.pending_operations ?? []).some(({ resource }) =>
      resource.urn.endsWith(`::${name}`),
    );
    if (before && !underWay && ++recorded === dieAt) process.kill(process.pid, "SIGKILL");
  }
  await rename(from, to);
};

const args = { create: life.args, update: life.updated, replace: life.replaced, delete: life.args }[change];
const engine = createStack({ ...stack, program: () => life.declare(args, name) });
void (change === "delete" ? engine.destroy() : engine.up()).finally(() => engine.close());
