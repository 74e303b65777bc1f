import { keptAnswer } from "./keptAnswer";
import { endWithReader, exit } from "./process";
import { closeDebugger } from "./signals";

closeDebugger();
endWithReader();
const args = process.argv.slice(2);
const answer = keptAnswer(args);
if (answer === undefined) void import("./program").then(({ main }) => main(args)).then(exit);
else process.stdout.write(answer);
