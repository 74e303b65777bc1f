// npm run engine: prints the folder of a Pulumi engine that works, the pinned one having been built where there is none.
import { provideEngine } from "./buildEngine";
import { titleOf } from "./engine";

const say = (line: string) => void process.stderr.write(`${line}\n`);

provideEngine(say).then(
  (engine) => {
    say(titleOf(engine));
    process.stdout.write(`${engine.folder}\n`);
  },
  (error: Error) => {
    say(`npm run engine: ${error.message}`);
    process.exitCode = 1;
  },
);
