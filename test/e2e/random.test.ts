import { lives } from "./events";
import { RandomScenario } from "./randomScenario";
import { testLives } from "./testLives";

/** Most lives run with the provider in this process: killing and starting one of its own takes seconds. */
const KINDS = [
  { provider: "in this process", inline: true, runs: 12 },
  { provider: "in a process that is killed, too", inline: false, runs: 3 },
];

describe.each(KINDS)("a life with the provider $provider", ({ inline, runs }) => {
  testLives(
    "loses and duplicates nothing, takes nothing of another's, asks nobody again without a reason, shows no secret",
    { lives: lives(!inline), open: () => RandomScenario.open(inline), runs },
  );
});
