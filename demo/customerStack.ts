import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, VENDOR_ACCOUNT } from "../src/testing";
import { type EngineName, openEngine } from "./engines";

const CUSTOMER = "222222222222";

/**
 * Plays examples/customer-stack: the program asks a customer for access, deploys a queue in their account once they have
 * granted it, and takes it down again.
 */
export async function customerStack(
  engine: EngineName | undefined,
  heading: (text: string) => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const emulator = await startEmulator();
  closing.push(() => emulator.close());
  const configFile = join(folder, "aws-approvals.demo.ini");
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: VENDOR_ACCOUNT,
    AWS_APPROVALS_HOME: join(folder, "home"),
  });
  const stack = await openEngine(engine, "customer-stack");
  closing.push(() => stack.close());
  await stack.setConfig("configFile", configFile);

  heading("One program asks a customer, and waits to deploy in their account");
  await stack.preview();
  await stack.up();

  heading("The customer grants access; a refresh finds that in the inbox, and up goes on");
  const { delegationRequestId } = (await stack.outputs()) as { delegationRequestId: string };
  await emulator.customer(CUSTOMER).approve(delegationRequestId);
  await stack.refresh({ diff: true });
  await stack.up();
  console.log(`\nThe provider for account ${CUSTOMER} has a profile, and no credentials:`);
  console.log((await readFile(configFile, "utf8")).replace(/^#.*\n/gm, "").trim());

  heading("Up again: nothing to do");
  await stack.up();

  heading("Destroy: first what is in the customer's account");
  await stack.destroy();
}
