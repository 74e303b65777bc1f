import { devNull } from "node:os";
import { parseArgs } from "node:util";
import { type Customer, startEmulator } from "../src/testing";
import { customerStack } from "./customerStack";
import { type EngineName, openEngine } from "./engines";
import { decisionsOn, openInbox } from "./inbox";
import { onboarding } from "./onboarding";
import { protectedVault } from "./protectedVault";

const USAGE = `Runs examples/quickstart through its whole life, then examples/partner-onboarding,
examples/customer-stack and examples/protected-vault, on an embedded AWS and without an account.

  npm run demo [-- [--browse] [--engine pulumi|offline]]

  --browse  stops at the customer's link: open it and decide; the demo goes on from there
  --engine  which engine runs the program; default: pulumi if it is on the PATH or npm run engine has built it,
            otherwise offline
  --help    prints this`;

// The demo has an AWS of its own: nothing that this machine is set to may lead out of it.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("AWS_")) delete process.env[name];
}
process.env.AWS_CONFIG_FILE = devNull;
process.env.AWS_SHARED_CREDENTIALS_FILE = devNull;
// The AWS SDK warns on Node 20 that it will leave it behind: no news for who tries this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const VENDOR = "000000000000";
const CUSTOMER = "222222222222";

const BROWSING = `
  Claim the request there, accept it and send the token; or reject it. To let the refresh see what you
  did, tick "Let the requestor keep reading this request". The demo waits for you; Ctrl-C ends it.
`;

async function main() {
  const { values } = parseArgs({
    options: { browse: { type: "boolean" }, engine: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(USAGE);
  if (values.engine !== undefined && !["pulumi", "offline"].includes(values.engine)) {
    throw new Error(`--engine ${values.engine}: must be pulumi or offline`);
  }
  const engineName = values.engine as EngineName | undefined;

  const started = Date.now();
  const closing: (() => Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      for (const end of closing.splice(0).reverse()) await end();
    })();
    return closed;
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    // More than once: a terminal tells every process, and the loader passes it on.
    process.on(signal, () => void close().finally(() => process.exit(code)));
  }

  try {
    const emulator = await startEmulator();
    closing.push(() => emulator.close());
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: VENDOR,
      AWS_SECRET_ACCESS_KEY: "demo",
      AWS_REGION: "us-east-1",
    });
    const engine = await openEngine(engineName, "quickstart");
    closing.push(() => engine.close());
    const inbox = await openInbox(emulator.endpoint, VENDOR);
    closing.push(inbox.close);

    console.log(
      `The embedded AWS listens on ${emulator.endpoint}; the vendor is account ${VENDOR}, the customer ${CUSTOMER}.`,
    );
    console.log(`The engine is ${engine.title}.`);
    await engine.setConfig("notificationChannel", inbox.topicArn);

    heading("Preview: what would be asked of whom");
    await engine.preview();

    heading("Up: connect the identity source, make the request");
    await engine.up();

    heading("Up again: nothing to do");
    await engine.up();

    const { consoleDeepLink, delegationRequestId } = (await engine.outputs()) as Record<string, string>;
    const requestId = delegationRequestId as string;
    heading(
      values.browse ? "You are the customer: open the link" : "The customer opens the link and says yes",
    );
    console.log(`  ${consoleDeepLink}`);
    if (values.browse) console.log(BROWSING);
    const steps = values.browse
      ? decisionsOn(requestId, emulator)
      : approval(requestId, emulator.customer(CUSTOMER));
    for await (const step of steps) console.log(`  ${step}`);

    heading("Refresh: notices what people did");
    await engine.refresh({ diff: true });
    console.log(`The request is ${(await engine.resource("backup-setup")).state}.`);

    if (emulator.store.delegationRequests.get(requestId)?.state === "FINALIZED") {
      heading("The token arrives, and is traded in for credentials");
      const { token } = await inbox.exchangeToken(requestId, (line) => console.log(`  ${line}`));
      await engine.setConfig("tradeInToken", token, { secret: true });
      await engine.up();
      console.log(`  Acting as ${(await engine.outputs()).actingAs}`);
    }

    heading("Preview of a changed request: people would be asked again");
    await engine.setConfig("sessionDuration", "7200");
    await engine.preview({ diff: true });

    heading("Destroy");
    await engine.destroy();

    await onboarding(engineName, heading, closing);
    await customerStack(engineName, heading, closing);
    await protectedVault(engineName, heading, closing);
    console.log(`\nDone in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
  } finally {
    await close();
  }
}

/** What the customer's people do in the console, step by step. */
async function* approval(requestId: string, customer: Customer): AsyncGenerator<string> {
  await customer.claim(requestId);
  yield `Account ${customer.account} claims the request (iam:AssociateDelegationRequest).`;
  await customer.accept(requestId);
  yield "They read it and accept (iam:AcceptDelegationRequest).";
  customer.letVendorRead(requestId);
  yield "They let the vendor read the request on (a grant of theirs, else a refresh keeps the last known state).";
  await customer.sendToken(requestId);
  yield "They send the token (iam:SendDelegationToken).";
}

let headings = 0;
const heading = (text: string) =>
  console.log(`\n── ${++headings}. ${text} ${"─".repeat(Math.max(0, 80 - text.length))}`);

main().catch((error: Error) => {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode = 1;
});
