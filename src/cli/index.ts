import { answerFromCache } from "./fastPath";

const args = process.argv.slice(2);
const answer = answerFromCache(args);
if (answer !== undefined) process.stdout.write(answer);
else void import("./program").then(({ main }) => main(args));
