import { type Customer, type Emulator, VENDOR_ACCOUNT } from "../src/testing";
import { decisionsOn, openInbox } from "./inbox";
import { offerToOpen } from "./openPage";
import type { Stage } from "./stage";
import { STORY } from "./story";

const CUSTOMER = "222222222222";
const TOLD = STORY.quickstart;

type Outputs = Record<"consoleDeepLink" | "delegationRequestId", string>;

/** Plays examples/quickstart: a request from its question to credentials, and to its end. */
export async function quickstart(stage: Stage): Promise<void> {
  const cloud = await stage.openCloud();
  const inbox = await openInbox(cloud.endpoint, VENDOR_ACCOUNT);
  stage.atEnd(inbox.close);
  const engine = await stage.openEngine("quickstart", { notificationChannel: inbox.topicArn });

  stage.step(TOLD.ask);
  const asked = await engine.up();
  stage.showResult(asked, ["consoleDeepLink", "state"]);
  const { consoleDeepLink: link, delegationRequestId: requestId } = asked.outputs as Outputs;

  stage.step(stage.browse ? TOLD.browse : TOLD.answer);
  const state = stage.browse
    ? await letDecide(stage, cloud, link, requestId)
    : await approve(stage, cloud.customer(CUSTOMER), requestId);

  if (state === "FINALIZED") {
    stage.step(TOLD.tradeIn);
    const token = await inbox.exchangeToken(requestId, (line) => stage.show(line));
    await engine.setConfig("tradeInToken", token.token, { secret: true });
    stage.showResult(await engine.up({ refresh: true }), ["state", "actingAs"]);
  } else {
    stage.step(TOLD.refused);
    stage.showResult(await engine.up({ refresh: true }), ["state", "actingAs"]);
  }

  stage.step(TOLD.change);
  await engine.setConfig("sessionDuration", "7200");
  stage.showResult(await engine.preview());

  stage.step(TOLD.destroy);
  stage.showResult(await engine.destroy());
}

/** What the customer's people do in the console, step by step. */
async function approve(stage: Stage, customer: Customer, requestId: string): Promise<string> {
  await customer.claim(requestId);
  stage.show(`Account ${customer.account} claims it (iam:AssociateDelegationRequest).`);
  await customer.accept(requestId);
  stage.show("They accept it (iam:AcceptDelegationRequest), and let the vendor read it.");
  customer.letVendorRead(requestId);
  await customer.sendToken(requestId);
  stage.show("They send the token (iam:SendDelegationToken).");
  return "FINALIZED";
}

/** Has somebody decide in a browser. @returns the state in which there is nothing more to decide */
async function letDecide(stage: Stage, cloud: Emulator, link: string, requestId: string): Promise<string> {
  const withdraw = offerToOpen(link, (line) => stage.show(line));
  try {
    let state = "";
    for await (const reached of decisionsOn(requestId, cloud)) {
      state = reached.state;
      stage.show(`${state}: ${reached.waitingFor}`);
    }
    return state;
  } finally {
    withdraw();
  }
}
