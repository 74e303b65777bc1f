import { devNull } from "node:os";
import { parseArgs } from "node:util";
import { wrap } from "../src/wrap";
import { customerStack } from "./customerStack";
import { type EngineName, titleOf } from "./engines";
import { onboarding } from "./onboarding";
import { protectedVault } from "./protectedVault";
import { quickstart } from "./quickstart";
import { Stage } from "./stage";
import type { Play } from "./story";

const USAGE = `Plays four of the examples, on an embedded AWS and without an account.

  npm run demo [-- [--browse] [--engine pulumi|offline] [example …]]

  example   which to play: quickstart, partner-onboarding, customer-stack, protected-vault;
            default: all, in this order
  --browse  quickstart stops at the customer's page, offers to open it in your browser, or prints
            the link where there is no terminal or no screen, and goes on when you have decided
  --engine  which engine runs the programs: offline, the default, which takes some 20 seconds; or
            pulumi, from the PATH or built by npm run engine, which takes three times as long
  --help    prints this`;

const PLAYS: Readonly<Record<Play, (stage: Stage) => Promise<void>>> = {
  quickstart,
  "partner-onboarding": onboarding,
  "customer-stack": customerStack,
  "protected-vault": protectedVault,
};

// The demo has an AWS of its own: nothing that this machine is set to may lead out of it.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("AWS_")) delete process.env[name];
}
process.env.AWS_CONFIG_FILE = devNull;
process.env.AWS_SHARED_CREDENTIALS_FILE = devNull;
// The AWS SDK warns on Node 20 that it will leave it behind: no news for who tries this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const isEngine = (name: string): name is EngineName => name === "pulumi" || name === "offline";
const isPlay = (name: string): name is Play => Object.hasOwn(PLAYS, name);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { browse: { type: "boolean" }, engine: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(USAGE);
  const { engine = "offline", browse = false } = values;
  if (!isEngine(engine)) throw new Error(`--engine ${engine}: must be pulumi or offline`);
  const unknown = positionals.find((name) => !isPlay(name));
  if (unknown !== undefined) throw new Error(`${unknown}: must be one of ${Object.keys(PLAYS).join(", ")}`);
  const plays = positionals.length === 0 ? Object.keys(PLAYS) : positionals;

  const started = Date.now();
  const stage = new Stage(engine, browse);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    // More than once: a terminal tells every process, and the loader passes it on.
    process.on(signal, () => void stage.close().finally(() => process.exit(code)));
  }
  // `npm run demo | head`: it ends as by SIGPIPE, but closes what it has opened.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    void stage.close().finally(() => process.exit(141));
  });
  try {
    console.log(
      wrap(
        `The engine is ${await titleOf(engine)}. The AWS is the embedded one: nothing leaves this machine.`,
        "",
        "",
      ),
    );
    for (const play of plays.filter(isPlay)) {
      stage.begin(play);
      await PLAYS[play](stage);
    }
    console.log(`\nDone in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
  } finally {
    await stage.close();
  }
}

main().catch((error: Error) => {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode = 1;
});
