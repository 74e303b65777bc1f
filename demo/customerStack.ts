import { join } from "node:path";
import type { Stage } from "./stage";
import { STORY } from "./story";

const CUSTOMER = "222222222222";
const TOLD = STORY["customer-stack"];

/**
 * Plays examples/customer-stack: the program asks a customer for access, deploys a queue in their account once they have
 * granted it, and takes it down again.
 */
export async function customerStack(stage: Stage): Promise<void> {
  const folder = await stage.openFolder();
  process.env.AWS_APPROVALS_HOME = join(folder, "home");
  const cloud = await stage.openCloud();
  const engine = await stage.openEngine("customer-stack", {
    configFile: join(folder, "aws-approvals.demo.ini"),
  });

  stage.step(TOLD.ask);
  const asked = await engine.up();
  stage.showResult(asked, ["consoleDeepLink", "backupOrders"]);

  stage.step(TOLD.deploy);
  const { delegationRequestId } = asked.outputs as { delegationRequestId: string };
  await cloud.customer(CUSTOMER).approve(delegationRequestId);
  stage.showResult(await engine.up({ refresh: true }), ["state", "backupOrders"]);

  stage.step(TOLD.destroy);
  stage.showResult(await engine.destroy());
}
